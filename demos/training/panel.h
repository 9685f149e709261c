// TrainingPanel: a run of training under the learner's hand, whatever the room: play, pause, one step, one epoch, save and load; the curves; the warning of a divergence with its way
// out; the time machine.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "demos/fields.h"
#include "demos/room.h"
#include "demos/training/divergence.h"
#include "demos/training/run.h"

namespace trilens {

// Another way to train, beside the panel's own (slow motion): it stops when one of the panel's commands is given.
struct OtherMotion {
    const char* name = nullptr;  // of its button's rectangle; null: there is none
    const char* label = nullptr;
    bool on = false;
    std::function<void()> toggle, stop;
    std::function<float(Rect)> draw;  // while it is on, above the curves; returns the height used
};

class TrainingPanel {
public:
    struct Told {
        Host* host = nullptr;
        TrainingRun* run = nullptr;
        std::vector<std::string> names;  // of the contenders
        int32_t classes = 0;  // 0: the loss has no bound to be judged by
        std::function<void(const Divergence&)> rescue;
        OtherMotion other{};
    };
    // Returns the height used.
    float draw(Stage& stage, const Told& told, Rect area);

private:
    float draw_commands(Stage& stage, const Told& told, Rect area);
    float draw_time(Stage& stage, const Told& told, Rect area);

    uint64_t judged_ = 0;  // the version of the run that the following is about
    std::optional<Divergence> divergence_;
};

// The page API's step(n) where training is on screen: so many steps; negative: back to the kept step at least as far. Throws ValueError before the first.
void advance_training(TrainingRun& run, int64_t steps);

// The fields ROOM.optimizer, ROOM.rate and ROOM.batch, the same in every room.
void list_training_fields(Fields& fields, const std::string& room, OptimizerKind& optimizer, float& rate, int& batch);

}  // namespace trilens

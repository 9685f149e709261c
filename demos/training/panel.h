// TrainingPanel: a run of training under the learner's hand, whatever the room: play, pause, one step, one epoch, save and load; the
// curves; the warning of a divergence with its way out; the time machine.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "demos/room.h"
#include "demos/training/curves.h"
#include "demos/training/divergence.h"
#include "demos/training/run.h"

namespace trilens {

// Another way to train beside the panel's own, with a button among its commands (slow motion). The panel's own commands stop it.
struct OtherMotion {
    const char* name = nullptr;  // of its button; null: there is none, and nothing of the following is called
    const char* label = nullptr;
    std::function<bool()> on{};
    std::function<void()> toggle{}, stop{};
    std::function<void()> advance{};  // in every frame, on or not
    std::function<float(Rect)> draw{};  // while it is on, above the curves; returns the height used
};

class TrainingPanel {
public:
    struct Told {
        Host& host;
        TrainingRun& run;
        std::vector<CurveLabel> labels{};  // of the contenders
        int32_t classes = 0;  // 0: there are none: no accuracy, and no loss of guessing to compare with
        std::function<void(const Divergence&)> rescue{};  // the learner takes the way out
        Text hint = Text::training_hint;  // before the first step
        bool by_epoch = false;  // curves of epochs, as soon as there is one
        OtherMotion other{};
    };
    // Registers "training.play", "training.step", ...; returns the height used.
    float draw(Stage& stage, const Told& told, Rect area);

private:
    float draw_commands(Stage& stage, const Told& told, Rect area);
    float draw_time(Stage& stage, const Told& told, Rect area);

    uint64_t judged_ = 0;  // the version of the run that the following is about
    std::optional<Divergence> divergence_;
};

// The page API's step(n) where training is on screen: so many steps; negative: back to the kept step at least as far. Throws ValueError
// where nothing was trained yet.
void advance_training(TrainingRun& run, int64_t steps);

}  // namespace trilens

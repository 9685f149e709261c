// The curve of the Move view: the probability of every class at every position of one quantity, while the others stay. Computed in batches,
// a piece at a time, so that no frame waits for it; what is shown is always one whole curve.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "demos/cnn/workbench.h"
#include "engine/budget.h"
#include "engine/motion.h"

namespace trilens {

enum class Along { shift_x, shift_y, angle, scale };

// What a quantity may be: from low, `count` positions of which `per_unit` make 1; `neutral` changes nothing and is one of them.
struct AlongRange {
    int count;
    float low, per_unit, neutral;

    float position(int at) const { return low + static_cast<float>(at) / per_unit; }
    float high() const { return position(count - 1); }
    float nearest(double value) const;  // of the positions
};
const AlongRange& range_of(Along along);
float& quantity(Motion& motion, Along along);

class MovementCurve {
public:
    struct Curve {
        Along along = Along::shift_x;
        Motion motion;
        std::vector<float> positions;
        std::vector<std::vector<float>> probabilities;  // [class][position]
    };

    // Asks for the curve of what the workbench has now; nothing happens if that is known or under way. A curve that was begun is finished
    // first, so that a hand that never rests still sees curves, unless other weights made it worthless.
    void ask(const Workbench& bench, const Motion& motion, Along along);
    // Does at least one batch; whether more is left.
    bool step(const Workbench& bench, const Budget& budget);
    // The last whole one, or null.
    const Curve* latest() const { return latest_ ? &*latest_ : nullptr; }

private:
    struct Question {
        Tensor input;
        uint64_t input_checksum = 0, weights = 0;
        Motion motion;  // neutral in the quantity asked about
        Along along = Along::shift_x;
        bool operator==(const Question& other) const {
            return input_checksum == other.input_checksum && weights == other.weights && motion == other.motion && along == other.along;
        }
    };
    void begin();
    void compute(const Workbench& bench, int first, int count);

    std::optional<Question> next_, running_, answered_;
    Curve growing_;
    int done_ = 0;
    std::optional<Curve> latest_;
};

}  // namespace trilens

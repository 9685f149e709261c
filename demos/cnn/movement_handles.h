// The large moved picture with its handles: dragged inside it shifts, at the round handle it turns, at the square one it scales.
#pragma once

#include <optional>
#include <string_view>

#include "demos/stage.h"
#include "engine/motion.h"

namespace trilens {

// What a motion may be, as the fields and the curve have it.
inline constexpr float most_shift = 10, least_scale = 0.5f, most_scale = 1.6f;   // pixels; shares of the size

class MovementHandles {
public:
    struct Event {
        bool held = false;     // a hand is on it
        bool reset = false;    // double click
        Motion wanted;         // where it has brought the picture, in whole pixels, degrees and hundredths; as it is, where not held
    };
    // Draws node `name` [1, 1, side, side], which was moved by `motion`, and what it is held by.
    Event draw(Stage& stage, std::string_view name, Rect area, const Motion& motion);

private:
    enum class Grip { shift, turn, size };
    struct Drag {
        Grip grip;
        ImVec2 from;      // where the pointer went down
        ImVec2 center;    // of the moved picture then
        Motion before;
    };
    Motion dragged(const Drag& drag, ImVec2 to, float cell) const;

    std::optional<Drag> drag_;
};

}  // namespace trilens

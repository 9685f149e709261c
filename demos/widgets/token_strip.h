// The tokens of a sentence as chips in reading order, wrapped to rows: hovered, clicked, brushed, coloured by a value.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "demos/stage.h"

namespace trilens {

struct TokenStripStyle {
    std::span<const float> values{};                     // one for each token: its colour, blue below 0, red above; none: all alike
    std::function<bool(int64_t)> known{};                // whether the vocabulary has it; others have a dotted line below
    int64_t reached = -1;                                // tokens that time has reached; later ones are faint. -1: all
    std::optional<int64_t> left_out{};                   // struck through
    std::optional<std::pair<int64_t, int64_t>> brushed{};   // first and last
    float highest = 120;                                 // units; more rows scroll
};

struct TokenStripEvent {
    int64_t hovered = -1, clicked = -1;
    std::optional<std::pair<int64_t, int64_t>> brushed;  // while a range is dragged over, first <= last
    float height = 0;                                    // used
};

class TokenStrip {
public:
    // Registers the whole under `name`, each token under NAME:INDEX. Arrow keys move a cursor while the strip has the keyboard, Shift with them brushes, Enter clicks.
    TokenStripEvent draw(Stage& stage, std::string_view name, std::span<const std::string> tokens, Rect area,
                         const TokenStripStyle& style = {});

private:
    int64_t from_ = -1, cursor_ = 0;
    int64_t seen_reached_ = -1;  // keeps the reached token in sight when it moves
    float scroll_ = 0;
};

}  // namespace trilens

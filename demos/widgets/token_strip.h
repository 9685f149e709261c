// The tokens of a sentence as chips in reading order, wrapped to rows: hovered, clicked, brushed, coloured by a value.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demos/stage.h"

namespace trilens {

struct TokenStripStyle {
    std::span<const float> values{};                     // one for each token: its colour, blue below 0, red above; none: all alike
    std::function<bool(int64_t)> known{};                // whether the vocabulary has it; others have a dotted line below
    int64_t reached = -1;  // tokens that time has reached, the last of them framed; later ones are faint. -1: all
    std::optional<int64_t> left_out{};  // struck through
    std::optional<std::pair<int64_t, int64_t>> brushed{};  // first and last
    float highest = 120;  // units; more rows scroll
    std::span<const std::string> captions{};  // one for each token, below its chip; none: no such line
    bool one_row = false;  // instead of wrapping; scrolls sideways
};

struct TokenStripEvent {
    int64_t hovered = -1, clicked = -1;
    std::optional<std::pair<int64_t, int64_t>> brushed;  // while a range is dragged over, first <= last
    float height = 0;  // used
};

class TokenStrip {
public:
    // Registers the whole under `name`, each token in sight under NAME:INDEX. While the strip has the keyboard arrows, Home and End move a
    // cursor, which counts as hovering, Shift with them brushes, Enter clicks. A finger brushes sideways; up and down it scrolls. More than
    // 120 tokens are smaller. Throws ValueError for values or captions of another number.
    TokenStripEvent draw(Stage& stage, std::string_view name, std::span<const std::string> tokens, Rect area,
                         const TokenStripStyle& style = {});

private:
    // Places are measured anew only when something that they depend on changed.
    struct Chips {
        std::vector<std::string> tokens, captions, shown;
        std::vector<Rect> places;  // of chip and caption, from the top left of the first
        float for_width = -1, for_highest = 0, for_scale = 0, chip_height = 0, width = 0, height = 0, text = 0;
        bool touch = false, one_row = false;
    };
    void arrange(const Stage& stage, std::span<const std::string> tokens, float width, const TokenStripStyle& style);
    void place_chips(float width);
    Rect place_of(int64_t index, Rect window) const;
    int64_t token_at(ImVec2 at, Rect window, bool nearest) const;
    void keep_in_sight(int64_t index, Rect window);
    void scroll(Stage& stage, Rect window, bool hovering);
    void take_pointer(Stage& stage, Rect window, bool hovering, bool clicked, TokenStripEvent& event);
    void take_keys(Rect window, TokenStripEvent& event);
    void draw_chip(Rect place, int64_t index, const TokenStripStyle& style, float largest, bool hovered) const;

    Chips chips_;
    int64_t from_ = -1, cursor_ = 0;  // where the range began; of the keyboard
    int64_t seen_reached_ = -1;  // keeps the reached token in sight when it moves
    ImVec2 scroll_{0, 0};
    enum class Drag { none, brush, scroll } drag_ = Drag::none;
    bool by_keys_ = false;  // the cursor was moved since the pointer was
};

}  // namespace trilens

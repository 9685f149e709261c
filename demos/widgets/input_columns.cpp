// The input is as wide as the others leave it.
#include "demos/widgets/input_columns.h"

#include <algorithm>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float answer_width = 240, command_width = 190, gap = 18;  // units

}  // namespace

float draw_input_columns(const Stage& stage, const InputColumns& columns, Rect card) {
    const Theme& t = theme();
    if (stage.narrow) {
        const float top = card.y;
        card.cut_top(columns.input(card) + t.px(t.gap));
        if (columns.answer) card.cut_top(columns.answer(card) + t.px(t.gap));
        card.cut_top(columns.commands(card));
        return card.y - top;
    }
    const auto cut_right = [&](float width) {
        const Rect column{card.right() - t.px(width), card.y, t.px(width), card.h};
        card.w -= t.px(width + gap);
        return column;
    };
    const Rect commands = cut_right(command_width), answer = columns.answer ? cut_right(answer_width) : Rect{};
    float used = columns.input(card);  // first for the keyboard too
    if (columns.answer) used = std::max(used, columns.answer(answer));
    return std::max(used, columns.commands(commands));
}

}  // namespace trilens

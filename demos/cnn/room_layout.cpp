// Where things stand: wide, the pad's card in a column beside the view; narrow, one below the other.
#include <algorithm>

#include "demos/cnn/cnn_room.h"
#include "demos/cnn/network_view.h"
#include "demos/training/curves.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float pad_card_width = 232;  // units

}  // namespace

// Three commands and one line of numbers; the height of the area is theirs.
void CnnRoom::draw_training(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float gap = t.px(6), width = (area.w - 2 * gap) / 3, height = t.px(stage.touch ? t.touch_target : t.control_height);
    const auto place = [&](int i) { return Rect{area.x + static_cast<float>(i) * (width + gap), area.y, width, height}; };
    const bool running = training_.running();
    if (draw_button(stage, "cnn.train", say(running ? Text::cnn_pause : Text::cnn_train), place(0), running))
        host().later([this, running] { train({.on = !running}); });
    if (draw_button(stage, "cnn.anew", say(Text::cnn_anew), place(1))) host().later([this] { start_anew(); });
    if (draw_button(stage, "cnn.shipped", say(Text::cnn_shipped), place(2), false, bench_.has_shipped()))
        host().later([this] { use_shipped(); });
    std::string line = say(Text::cnn_train_hint);
    if (training_.begun()) line = progress_line(training_.progress()->first());
    draw_paragraph({area.x, area.y + height + t.px(6)}, line.c_str(), t.small_text, t.color.text_soft, area.w);
}

float CnnRoom::draw_input(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float extra = t.px(stage.touch ? t.touch_target : t.control_height) + t.px(44);
    area.h = std::max(stage.narrow ? 0 : area.h, input_card_.height(stage, area, extra));
    draw_training(stage, input_card_.draw(stage, area, extra));
    return area.h;
}

float CnnRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (!stage.narrow) {
        Rect card{area.x, area.y, t.px(pad_card_width), area.h - t.px(4)};
        const float height = draw_input(stage, card);
        area.cut_left(t.px(pad_card_width) + t.px(t.gap));
        area.cut_top(draw_views(stage, area));
        const float used = view().draw(stage, {area.x, area.y, area.w, area.h - t.px(4)});
        return std::max(height, area.y - top + used);
    }
    // Where there is room for it, the answer stands beside the drawing instead of below.
    const float pad_card = t.px(600);
    const bool beside = area.w > pad_card + t.px(240);
    const float height = draw_input(stage, {area.x, area.y, beside ? pad_card : area.w, area.h});
    const Rect answer{area.x + pad_card + t.px(t.gap), area.y, area.w - pad_card - t.px(t.gap), height};
    if (beside) draw_answer(stage, "cnn.probabilities", bench_.classes(), answer);
    area.cut_top(height + t.px(t.gap));
    area.cut_top(draw_views(stage, area));
    // Elsewhere the pad's card says who wins: the views need the room of a phone for themselves.
    if (!beside && on("network"))
        area.cut_top(draw_answer(stage, "cnn.probabilities", bench_.classes(), {area.x, area.y, area.w, 0}) + t.px(t.gap));
    return area.y - top + view().draw(stage, area);
}

}  // namespace trilens

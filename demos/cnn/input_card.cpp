// Wide: one column beside the view. Narrow: the pad, and beside it what the network sees.
#include "demos/cnn/input_card.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/text/text.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float title_height = 26, gap = 8;  // units

float tools_height(const Stage& stage) { return theme().px(stage.touch ? theme().touch_target : theme().control_height); }

float narrow_side(Rect area) {
    const Theme& t = theme();
    return std::floor(std::min((area.w - 2 * t.px(t.pad)) * 0.64f, t.px(280)));
}

}  // namespace

InputCard::InputCard(Workbench& bench, Told told) : bench_(bench), told_(std::move(told)) { pad_.set_strokes(bench.drawing.strokes); }

void InputCard::show(Drawing drawing) {
    pad_.set_strokes(drawing.strokes);
    bench_.drawing = std::move(drawing);
}

// "3: 99.8 %": the class that wins, so that it is in sight in every view.
std::string InputCard::short_answer() const {
    const auto winner = static_cast<size_t>(bench_.winner());
    const float share = bench_.graph()->find("cnn.probabilities").tensor().values()[winner];
    char percent[16];
    std::snprintf(percent, sizeof percent, "%.1f %%", static_cast<double>(share) * 100);
    return bench_.classes()[winner] + ": " + percent;
}

void InputCard::draw_pad(Stage& stage, Rect square) {
    const Drawing before = bench_.drawing;
    const DrawingPad::Event event = pad_.draw(stage, "cnn.pad", square, {bench_.brush, erase});
    if (before.picture) draw_tensor(stage, "cnn.picture", *before.picture, square, {.map = ColorMap::grey, .scale_bar = false});
    if (event.changed) {
        bench_.drawing = {pad_.strokes(), std::nullopt};
        told_.changed();
    }
    if (!event.finished) return;
    told_.record({"stroke",
                  [this, drawing = Drawing{event.before, before.picture}] {
                      show(drawing);
                      told_.changed();
                  },
                  [this, drawing = bench_.drawing] {
                      show(drawing);
                      told_.changed();
                  }});
}

void InputCard::draw_tools(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float space = t.px(6), width = (area.w - 2 * space) / 3;
    const auto place = [&](int i) { return Rect{area.x + static_cast<float>(i) * (width + space), area.y, width, area.h}; };
    if (draw_button(stage, "cnn.pen", say(Text::cnn_pen), place(0), !erase)) erase = false, told_.changed();
    if (draw_button(stage, "cnn.eraser", say(Text::cnn_eraser), place(1), erase)) erase = true, told_.changed();
    if (!draw_button(stage, "cnn.clear", say(Text::cnn_clear), place(2))) return;
    const auto put = [this](Drawing drawing) {
        show(std::move(drawing));
        told_.changed();
    };
    told_.record({"clear", [put, drawing = bench_.drawing] { put(drawing); }, [put] { put({}); }});
    put({});
}

float InputCard::height(const Stage& stage, Rect area, float extra) const {
    const Theme& t = theme();
    const float padding = 2 * t.px(t.pad), tools = tools_height(stage) + t.px(gap), below = extra > 0 ? extra + t.px(gap) : 0;
    if (stage.narrow) return padding + t.px(title_height) + narrow_side(area) + tools + below;
    const float width = area.w - padding;
    return padding + t.px(title_height) + width + t.px(gap) + tools + t.px(58) + width * 0.55f + below;
}

Rect InputCard::draw(Stage& stage, Rect area, float extra) {
    const Theme& t = theme();
    const float tools = tools_height(stage);
    Rect card = draw_card(stage, area, nullptr);
    const std::string answer = short_answer();
    const float wide = stage.narrow ? 0 : text_width(answer.c_str(), t.text);
    draw_text(card.min(), say(bench_.problem() == Problem::digits ? Text::cnn_pad : Text::cnn_pad_any), t.text, t.color.text,
              card.w - wide);
    if (!stage.narrow) draw_text({card.right() - wide, card.y}, answer.c_str(), t.text, t.color.accent);
    if (stage.narrow) {
        const float side = narrow_side(area), right = card.x + side + t.px(12);
        draw_text({right, card.y}, say(Text::cnn_sees), t.small_text, t.color.text_soft, card.right() - right);
        card.cut_top(t.px(title_height));
        draw_pad(stage, {card.x, card.y, side, side});
        draw_tensor(stage, "cnn.input", {right, card.y, std::min(card.right() - right, side), side}, {.map = ColorMap::grey});
        card.cut_top(side + t.px(gap));
        draw_tools(stage, card.cut_top(tools));
        card.cut_top(t.px(gap));
        return card;
    }
    card.cut_top(t.px(title_height));
    draw_pad(stage, card.cut_top(card.w));
    card.cut_top(t.px(gap));
    draw_tools(stage, card.cut_top(tools));
    card.cut_top(t.px(18));
    draw_text(card.min(), say(Text::cnn_sees), t.text, t.color.text, card.w);
    draw_text({card.x, card.y + t.px(19)}, "28 x 28", t.small_text, t.color.text_soft, card.w);
    card.cut_top(t.px(40));
    draw_tensor(stage, "cnn.input", {card.x, card.y, card.w, card.h - (extra > 0 ? extra + t.px(gap) : 0)}, {.map = ColorMap::grey});
    return {card.x, card.bottom() - extra, card.w, extra};
}

}  // namespace trilens

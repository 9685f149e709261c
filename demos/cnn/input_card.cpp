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

InputCard::InputCard(Workbench& bench, Told told) : bench_(bench), told_(std::move(told)) { show(bench.drawing); }

void InputCard::show(Drawing drawing) {
    if (bench_.curves()) curve_pad_.set_strokes(drawing.strokes);
    else pad_.set_strokes(drawing.strokes);
    bench_.drawing = std::move(drawing);
    began_from_.reset();  // the hand was let go of
}

Text InputCard::title() const {
    return bench_.curves() ? Text::curve_pad : bench_.problem() == Problem::digits ? Text::cnn_pad : Text::cnn_pad_any;
}

// "3: 99.8 %": the class that wins, so that it is in sight in every view.
std::string InputCard::short_answer() const {
    const auto winner = static_cast<size_t>(bench_.winner());
    const float share = bench_.graph()->find("cnn.probabilities").tensor().values()[winner];
    char percent[16];
    std::snprintf(percent, sizeof percent, "%.1f %%", static_cast<double>(share) * 100);
    return bench_.classes()[winner] + ": " + percent;
}

void InputCard::take(const DrawingPad::Event& event, const std::vector<Stroke>& strokes) {
    if (event.changed) {
        if (!began_from_) began_from_ = bench_.drawing;
        told_.later([this, strokes] {
            bench_.drawing = {strokes, std::nullopt};
            told_.changed();
        });
    }
    if (event.finished) told_.later([this] { record_stroke(); });
}

void InputCard::record_stroke() {
    if (!began_from_) return;
    const auto put = [this, curve = bench_.curves()](const Drawing& drawing) {
        if (curve == bench_.curves()) show(drawing);
        else bench_.drawing_for(curve) = drawing;
        told_.changed();
    };
    told_.record({"stroke", [put, before = *began_from_] { put(before); }, [put, after = bench_.drawing] { put(after); }});
    began_from_.reset();
}

void InputCard::clear() {
    const auto put = [this](Drawing drawing) {
        show(std::move(drawing));
        told_.changed();
    };
    told_.record({"clear", [put, before = bench_.drawing] { put(before); }, [put] { put({}); }});
    put({});
}

void InputCard::draw_pad(Stage& stage, Rect area) {
    if (bench_.curves()) {
        const Tensor seen = bench_.input();
        take(curve_pad_.draw(stage, "cnn.pad", area, {.seen = seen.values(), .erase = erase}), curve_pad_.strokes());
        return;
    }
    const DrawingPad::Event event = pad_.draw(stage, "cnn.pad", area, {bench_.brush, erase});
    if (bench_.drawing.picture)
        draw_tensor(stage, "cnn.picture", *bench_.drawing.picture, area, {.map = ColorMap::grey, .scale_bar = false});
    take(event, pad_.strokes());
}

// The input as the network has it: a picture of grey cells, or a strip; a curve may also be recorded.
void InputCard::draw_seen(Stage& stage, Rect area) {
    const Theme& t = theme();
    if (!bench_.curves()) {
        draw_tensor(stage, "cnn.input", area, {.map = ColorMap::grey});
        return;
    }
    draw_tensor(stage, "cnn.input", {area.x, area.y, area.w, t.px(60)}, {.map = ColorMap::diverging});
    if (draw_button(stage, "cnn.record", say(Text::curve_record),
                    {area.x, area.y + t.px(64), std::min(area.w, t.px(140)), tools_height(stage)}))
        told_.microphone();
}

void InputCard::take_tool(bool eraser) {
    told_.later([this, eraser] {
        erase = eraser;
        told_.changed();
    });
}

void InputCard::draw_tools(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float space = t.px(6), width = (area.w - 2 * space) / 3;
    const auto place = [&](int i) { return Rect{area.x + static_cast<float>(i) * (width + space), area.y, width, area.h}; };
    if (draw_button(stage, "cnn.pen", say(Text::cnn_pen), place(0), !erase)) take_tool(false);
    if (draw_button(stage, "cnn.eraser", say(Text::cnn_eraser), place(1), erase)) take_tool(true);
    if (draw_button(stage, "cnn.clear", say(Text::cnn_clear), place(2))) told_.later([this] { clear(); });
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
    draw_text(card.min(), say(title()), t.text, t.color.text, card.w - wide);
    if (!stage.narrow) draw_text({card.right() - wide, card.y}, answer.c_str(), t.text, t.color.accent);
    if (stage.narrow) {
        const float side = narrow_side(area), right = card.x + side + t.px(12);
        draw_text({right, card.y}, say(Text::cnn_sees), t.small_text, t.color.text_soft, card.right() - right);
        card.cut_top(t.px(title_height));
        draw_pad(stage, {card.x, card.y, side, side});
        draw_seen(stage, {right, card.y, std::min(card.right() - right, side), side});
        draw_text({right, card.y + side - t.px(t.text + 4)}, answer.c_str(), t.text, t.color.accent, card.right() - right);
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
    draw_text({card.x, card.y + t.px(19)}, bench_.curves() ? "128" : "28 x 28", t.small_text, t.color.text_soft, card.w);
    card.cut_top(t.px(40));
    draw_seen(stage, {card.x, card.y, card.w, card.h - (extra > 0 ? extra + t.px(gap) : 0)});
    return {card.x, card.bottom() - extra, card.w, extra};
}

}  // namespace trilens

// Everything stands over one time axis: tokens, network, strips, the probability after every step.
#include "demos/rnn/unrolled_view.h"

#include <algorithm>
#include <cmath>

#include "demos/rnn/unit_formula.h"
#include "demos/text/text.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float weights_width = 150;   // units
constexpr int64_t longest_scrolled = 60;  // steps

struct Strip {
    std::string part;  // after "rnn."
    Text title;
    bool is_share = false;  // between 0 and 1
};

// In the order in which a step computes them; those that the cell on screen has not are passed over.
std::vector<Strip> all_strips() {
    std::vector<Strip> strips{{"input", Text::rnn_title_input}};
    for (const RnnGate& gate : rnn_gates()) strips.push_back({gate.part, gate.title, gate.is_share});
    strips.push_back({"sum", Text::rnn_title_sum});
    strips.push_back({"cell_state", Text::rnn_title_cell_state});
    strips.push_back({"hidden", Text::rnn_title_hidden});
    return strips;
}

std::string percent(float share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%", static_cast<double>(share) * 100);
    return text;
}

// The probability of the answer at the end, or the value that is predicted there.
std::optional<float> answer(const RnnWorkbench& bench) {
    const auto graph = bench.graph();
    if (!graph) return std::nullopt;
    const bool classes = bench.target_class() >= 0;
    const Tensor& all = graph->find(classes ? "rnn.probabilities" : "rnn.logits").tensor();
    return all.data()[all.elements() - all.shape()[-1] + (classes ? bench.target_class() : 0)];
}

}  // namespace

// A tap on a token of one task says nothing of another's.
void UnrolledView::field_changed(const Field& field) {
    if (field.name != "rnn.step") left_out_by_tap_.reset();
}

void UnrolledView::computed() {
    if (!bench().left_out) answer_with_all_ = answer(bench());
}

void UnrolledView::go_to(int64_t step) {
    const int64_t last = bench().steps();
    set("rnn.step", step >= last ? int64_t{0} : std::max<int64_t>(step, 1));
}

// One step whenever it is due; the last one stops.
void UnrolledView::play(double now) {
    if (!playing_ || now < next_) return;
    next_ = now + 1 / static_cast<double>(bench().settings.speed);
    const int64_t at = bench().shown_steps();
    if (at + 1 >= bench().steps()) playing_ = false;
    go_to(at + 1);
}

float UnrolledView::draw_player(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(4);
    const int64_t at = bench().shown_steps(), last = bench().steps();
    float x = area.x;
    const auto button = [&](const char* name, const char* label, bool enabled, bool lit = false) {
        const float width = std::max(height, text_width(label, t.text) + t.px(20));
        const bool pressed = draw_button(stage, name, label, {x, area.y, width, height}, lit, enabled);
        x += width + gap;
        return pressed;
    };
    if (button("rnn.first", "|<", at > 1)) playing_ = false, go_to(1);
    if (button("rnn.back", "<", at > 1)) playing_ = false, go_to(at - 1);
    if (button("rnn.play", say(playing_ ? Text::rnn_stop : Text::rnn_play), last > 1, playing_)) {
        playing_ = !playing_;
        next_ = stage.now + 1 / static_cast<double>(bench().settings.speed);
        if (playing_ && at == last) go_to(1);
    }
    if (button("rnn.forward", ">", at < last)) playing_ = false, go_to(at + 1);
    if (button("rnn.last", ">|", at < last)) playing_ = false, go_to(last);
    const std::string where = say(Text::rnn_step_of, {std::to_string(at), std::to_string(last)});
    const bool beside = x + t.px(6) + text_width(where.c_str(), t.text) <= area.right();
    const ImVec2 place = beside ? ImVec2{x + t.px(6), area.y + (height - t.px(t.text)) / 2} : ImVec2{area.x, area.y + height + t.px(6)};
    draw_text(place, where.c_str(), t.text, t.color.text_soft);
    return beside ? height : height + t.px(t.text + 8);
}

// What leaving the hovered token out did to the answer.
float UnrolledView::draw_absence(Stage& stage, Rect area) {
    const Theme& t = theme();
    std::string line = say(stage.touch ? Text::rnn_without_hint_touch : Text::rnn_without_hint);
    ImU32 color = t.color.text_soft;
    const auto left = bench().left_out;
    const auto now = answer(bench());
    if (left && *left < bench().steps() && now && answer_with_all_) {
        const std::string token = bench().step_labels()[static_cast<size_t>(*left)];
        line = bench().target_class() < 0
                   ? say(Text::rnn_without_value, {token, number(*now), number(*answer_with_all_)})
                   : say(Text::rnn_without, {token, percent(*now), bench().classes()[static_cast<size_t>(bench().target_class())],
                                             percent(*answer_with_all_)});
        color = t.color.text;
    }
    return draw_paragraph(area.min(), line.c_str(), t.small_text, color, area.w) + t.px(4);
}

// h = f(x part + h part + bias) of one unit with its real numbers; a click on a part goes to it in the inspector.
float UnrolledView::draw_formula_line(Stage& stage, Rect area) {
    const auto graph = bench().graph();
    const Tensor& hidden = graph->find("rnn.hidden").tensor();
    const int64_t width = hidden.shape()[-1];
    // The unit last pointed at, where time has come to.
    if (const int64_t reached = bench().shown_steps(); reached != unit_reached_) unit_reached_ = reached, unit_step_ = reached - 1;
    if (unit_ < 0 || unit_ >= width || unit_step_ >= bench().steps()) {
        // The unit that says most there.
        unit_step_ = bench().shown_steps() - 1;
        const float* row = hidden.data() + unit_step_ * width;
        unit_ = std::max_element(row, row + width, [](float a, float b) { return std::fabs(a) < std::fabs(b); }) - row;
    }
    return draw_unit_formula(stage, *graph, unit_step_, unit_, area);
}

float UnrolledView::draw_probability(Stage& stage, Rect area) {
    const Theme& t = theme();
    const auto graph = bench().graph();
    const bool classes = graph->contains("rnn.probabilities");
    if (classes && bench().classes().size() > 4) return 0;   // a vocabulary: the view of what comes next shows it
    const Tensor& values = graph->find(classes ? "rnn.probabilities" : "rnn.logits").tensor();
    const int64_t width = values.shape()[-1], rows = values.extent(0), which = classes ? width - 1 : 0;
    std::vector<float> x, y;
    for (int64_t row = 0; row < rows; ++row) {
        x.push_back(static_cast<float>(row + 1));
        y.push_back(row < bench().shown_steps() ? values.data()[row * width + which] : NAN);
    }
    const Series series{classes ? bench().classes()[static_cast<size_t>(which)] : "", t.color.accent, x, y};
    draw_text(area.min(), say(classes ? Text::rnn_title_probability : Text::rnn_title_forecast), t.small_text, t.color.text_soft, area.w);
    area.cut_top(t.px(t.small_text + 4));
    PlotStyle style;
    if (classes) style.y_range = std::pair(0.0, 1.0);
    const float height = t.px(110);
    draw_plot(stage, "rnn.answer_curve", {&series, 1}, {area.x, area.y, area.w, height}, style);
    return height + t.px(t.small_text + 4);
}

// Clamping: the dragged cell is held at the value, a double-click lets it go.
void UnrolledView::edit(const std::string& part, const TimeStripEvent& event) {
    std::vector<Held> held = bench().held;
    const auto drop = [&](const std::pair<int64_t, int64_t>& cell) {
        return std::erase_if(
                   held, [&](const Held& each) { return each.part == part && each.step == cell.first && each.unit == cell.second; }) > 0;
    };
    if (event.released && drop(*event.released)) {
        hold(std::move(held));
    } else if (event.wanted) {
        drop(event.dragged);
        held.push_back({part, event.dragged.first, event.dragged.second, *event.wanted});
        hold(std::move(held), true);
    }
}

float UnrolledView::draw_tokens(Stage& stage, Rect area) {
    const Theme& t = theme();
    TokenStripStyle style;
    style.reached = bench().shown_steps();
    style.left_out = bench().left_out;
    if (const auto marked = bench().reading().marked) style.brushed = std::pair(*marked, *marked);
    if (bench().reads_text()) style.known = [this](int64_t step) { return bench().reading().is_known(step); };
    const TokenStripEvent event = token_strip_.draw(stage, "rnn.tokens", bench().step_labels(), area, style);
    // A finger cannot hover: it taps the token that time has reached once more.
    const bool again = stage.touch && event.clicked >= 0 && event.clicked + 1 == bench().shown_steps();
    if (again) left_out_by_tap_ = left_out_by_tap_ ? std::nullopt : std::optional(event.clicked);
    else if (event.clicked >= 0) left_out_by_tap_.reset();
    leave_out(event.hovered >= 0 && !ImGui::IsMouseDown(0) ? std::optional(event.hovered) : left_out_by_tap_);
    if (event.clicked >= 0 && !again) playing_ = false, go_to(event.clicked + 1);
    return event.height + t.px(4) + draw_absence(stage, {area.x, area.y + event.height + t.px(4), area.w, 0});
}

float UnrolledView::draw_strips(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    for (const Strip& strip : all_strips()) {
        const std::string& part = strip.part;
        std::vector<std::pair<int64_t, int64_t>> held;
        for (const Held& each : bench().held)
            if (each.part == part) held.emplace_back(each.step, each.unit);
        TimeStripStyle style;
        style.title = say(strip.title);
        style.gradient = bench().settings.gradients;
        if (strip.is_share && !style.gradient) style.map = ColorMap::viridis, style.range = std::pair(0.0f, 1.0f);
        style.reached = bench().shown_steps();
        style.editable = part != "input" && !style.gradient;
        style.held = held;
        style.highest = part == "hidden" ? 128 : part == "input" ? 48 : 64;
        const TimeStripEvent event = strips_[part].draw(stage, ("rnn." + part).c_str(), axis_, area, style);
        if (part == "hidden" && event.hovered) unit_step_ = event.hovered->first, unit_ = event.hovered->second;
        edit(part, event);
        if (event.height > 0) area.cut_top(event.height + t.px(t.gap));
    }
    return area.y - top;
}

// Beside the weights, which are there once, everything stands over time.
float UnrolledView::draw_over_time(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y, side = stage.narrow ? 0 : t.px(weights_width + 16);
    float beside = 0;
    if (!stage.narrow) beside = draw_shared_weights(stage, bench(), {area.x, area.y, t.px(weights_width), area.h});
    area.cut_left(side);
    // On a phone a sentence is scrolled rather than thinned to dots.
    const float least = stage.narrow && bench().steps() <= longest_scrolled ? least_unrolled_step + 1 : 0;
    axis_.fit(stage, bench().steps(), bench().shown_steps() - 1, area.x, area.w, least);
    axis_.take_wheel(area);
    const UnrolledEvent event = draw_unrolled(stage, bench(), axis_, area);
    if (event.clicked >= 0) playing_ = false, go_to(event.clicked + 1);
    area.cut_top(event.height + t.px(4));
    area.cut_top(axis_.draw_scroll_bar(stage, "rnn.scroll", area) + t.px(t.gap));
    area.cut_top(draw_strips(stage, area));
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_held_hint), t.small_text, t.color.text_soft, area.w) + t.px(t.gap));
    if (stage.narrow) area.cut_top(draw_shared_weights(stage, bench(), area));
    return std::max(beside, area.y - top);
}

float UnrolledView::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (bench().steps() == 0) {
        playing_ = false;
        const Rect card{area.x, area.y, area.w, t.px(90)};
        const Rect inner = draw_card(stage, card, nullptr);
        draw_paragraph(inner.min(), say(Text::rnn_empty), t.text, t.color.text_soft, inner.w);
        return card.h;
    }
    play(stage.now);
    if (playing_) stage.again_at(next_);
    area.y += cards_.draw(stage, "rnn.time", nullptr, area, [&](Rect inner) {
        const float from = inner.y;
        inner.cut_top(draw_player(stage, inner) + t.px(t.gap));
        inner.cut_top(draw_tokens(stage, inner) + t.px(t.gap));
        inner.cut_top(draw_formula_line(stage, inner));
        return inner.y - from;
    });
    area.y += cards_.draw(stage, "rnn.unrolled", nullptr, area, [&](Rect inner) { return draw_over_time(stage, inner); });
    if (bench().task().answers() != RnnAnswer::text)
        area.y += cards_.draw(stage, "rnn.answers", nullptr, area, [&](Rect inner) { return draw_probability(stage, inner); });
    return area.y - top;
}

}  // namespace trilens

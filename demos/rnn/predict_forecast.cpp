// The curve on its pad, and over it what the network predicts: from the true values, and from its own predictions beyond the end of the
// pad.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "demos/rnn/predict_view.h"
#include "demos/text/text.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"
#include "demos/widgets/timeline.h"
#include "engine/data/waves.h"

namespace trilens {

namespace {

// On the pad's dark ground, in light and dark themes alike.
constexpr ImU32 ground = IM_COL32(12, 14, 20, 255), curve_ink = IM_COL32(255, 255, 255, 255), teacher_ink = IM_COL32(251, 189, 74, 255),
                free_ink = IM_COL32(255, 122, 160, 255), rule = IM_COL32(255, 255, 255, 90);
constexpr float pad_height = 240, narrow_pad_height = 190;  // units
constexpr float small_change = 0.002f;  // of a value: what the pad's own rounding may change

constexpr std::array<std::pair<const char*, Text>, example_curve_count> example_table{{{"rnn.predict.sine", Text::rnn_curve_sine},
                                                                                       {"rnn.predict.two_sines", Text::rnn_curve_two_sines},
                                                                                       {"rnn.predict.sawtooth", Text::rnn_curve_sawtooth},
                                                                                       {"rnn.predict.damped", Text::rnn_curve_damped}}};

Stroke stroke_of(const std::vector<float>& curve) {
    Stroke out;
    const auto last = static_cast<float>(std::max<size_t>(curve.size(), 2) - 1);
    for (size_t i = 0; i < curve.size(); ++i) out.push_back({static_cast<float>(i) / last, (1 - curve[i]) / 2});
    return out;
}

// The pad, the curve's first step at its left edge and its last one at its right, as wave_from_strokes() reads it; and what lies beyond.
struct Ground {
    Rect pad, all;
    int64_t last = 1;

    float x(int64_t step) const { return pad.x + static_cast<float>(step) / static_cast<float>(last) * pad.w; }
    int64_t step(float x) const { return std::max<int64_t>(std::lround((x - pad.x) / pad.w * static_cast<float>(last)), 0); }
};

Ground ground_of(Rect all, size_t steps) {
    const int64_t last = std::max<int64_t>(static_cast<int64_t>(steps) - 1, 1);
    constexpr float share = static_cast<float>(wave_length - 1) / static_cast<float>(wave_length - 1 + RnnPredictView::beyond_end);
    return {{all.x, all.y, std::floor(all.w * share), all.h}, all, last};
}

// Values of steps first, first + 1, ..
void draw_line(std::span<const float> values, int64_t first, const Ground& at, ImU32 color, float width) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (size_t i = 0; i < values.size(); ++i) {
        const float x = at.x(first + static_cast<int64_t>(i));
        list->PathLineTo({x, at.pad.y + (1 - std::clamp(values[i], -1.5f, 1.5f)) / 2 * at.pad.h});
    }
    if (values.size() == 1) list->AddCircleFilled(list->_Path.back(), width * 1.5f, color);
    list->PathStroke(color, 0, width);
}

}  // namespace

std::vector<float> RnnPredictView::teacher_forced() const {
    const std::span<const float> all = bench().graph()->find("rnn.logits").tensor().values();
    return {all.begin(), all.end()};
}

// Only where the hand drew: the other values keep their bits.
void RnnPredictView::take_curve() {
    RnnInput input = bench().input;
    const Tensor drawn = wave_from_strokes(pad_.strokes());
    const bool other = input.curve.size() != static_cast<size_t>(wave_length);
    input.curve.resize(static_cast<size_t>(wave_length));
    for (size_t i = 0; i < input.curve.size(); ++i) {
        const float value = drawn.values()[i];
        if (other || std::fabs(value - input.curve[i]) > small_change) input.curve[i] = value;
    }
    pad_curve_ = input.curve;
    set_input(std::move(input), true);
}

float RnnPredictView::draw_examples(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_forecast_draw), t.text, t.color.text, area.w) + t.px(4));
    ButtonRow row(stage, area);
    for (size_t i = 0; i < example_table.size(); ++i) {
        const std::vector<float> curve = example_curve(static_cast<ExampleCurve>(i));
        if (row.button(example_table[i].first, say(example_table[i].second), bench().input.curve == curve)) {
            RnnInput input = bench().input;
            input.curve = curve;
            set_input(std::move(input));
        }
    }
    return area.y + row.height() - top;
}

void RnnPredictView::draw_curves(Stage& stage, Rect all) {
    const Theme& t = theme();
    const Ground at = ground_of(all, bench().input.curve.size());
    const Rect& pad = at.pad;
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(all.min(), all.max(), ground, t.px(8));
    if (!drawing_ && pad_curve_ != bench().input.curve) {
        pad_curve_ = bench().input.curve;
        pad_.set_strokes(pad_curve_.empty() ? std::vector<Stroke>{} : std::vector<Stroke>{stroke_of(pad_curve_)});
    }
    const DrawingPad::Event event = pad_.draw(stage, "rnn.predict.pad", pad, {});
    if (event.changed) take_curve(), drawing_ = true;
    if (event.finished) drawing_ = false, pad_curve_.clear();  // what was drawn is shown as it was taken
    stage.place("rnn.predict.curves", all);
    if (!forecast_ || !bench().graph()) return;
    list->PushClipRect(all.min(), all.max(), true);
    const float zero = std::floor(all.y + all.h / 2) + 0.5f, from = at.x(forecast_->from() - 1);
    list->AddLine({pad.right(), zero}, {all.right(), zero}, rule, t.px(1));
    list->AddLine({pad.right(), all.y}, {pad.right(), all.bottom()}, rule, t.px(1));
    list->AddLine({from, all.y}, {from, all.bottom()}, free_ink, t.px(1));
    draw_line(teacher_forced(), 1, at, teacher_ink, t.px(1.5f));
    draw_line(forecast_->values(), forecast_->from(), at, free_ink, t.px(2.5f));
    list->PopClipRect();
}

// The numbers at the step under the pointer; without one, where the forecast has come to.
float RnnPredictView::draw_readout(Stage& stage, Rect all, ImVec2 at) {
    const Theme& t = theme();
    const Ground ground_now = ground_of(all, bench().input.curve.size());
    const std::vector<float>& curve = bench().input.curve;
    const std::vector<float>& free = forecast_->values();
    const std::vector<float> teacher = teacher_forced();
    const int64_t from = forecast_->from();
    int64_t step = from + static_cast<int64_t>(free.size()) - 1;
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    if (all.contains(pointer) && ImGui::IsWindowHovered()) {
        step = ground_now.step(pointer.x);
        const float x = std::floor(ground_now.x(step)) + 0.5f;
        ImGui::GetWindowDrawList()->AddLine({x, all.y}, {x, all.bottom()}, rule, t.px(1));
        if (step > 0 && step <= static_cast<int64_t>(teacher.size())) stage.inspector.hover({"rnn.logits", step - 1});
    }
    const auto value = [](std::span<const float> values, int64_t index) -> std::string {
        if (index < 0 || index >= static_cast<int64_t>(values.size())) return "-";
        return number(static_cast<double>(values[static_cast<size_t>(index)]));
    };
    const std::string text =
        say(Text::rnn_forecast_readout, {std::to_string(step + 1), value(curve, step), value(teacher, step - 1), value(free, step - from)});
    stage.place("rnn.predict.readout", {at.x, at.y, all.w, t.px(t.text + 4)});
    return draw_paragraph(at, text.c_str(), t.text, t.color.text, all.w);
}

// Both over the same steps, so that the numbers can be compared.
float RnnPredictView::draw_errors(Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<float>& curve = bench().input.curve;
    const int64_t from = forecast_->from(), length = static_cast<int64_t>(forecast_->values().size());
    const int64_t end = std::min(from + length, static_cast<int64_t>(curve.size()));
    const auto line = [&](ImU32 color, const std::string& text) {
        const float side = t.px(10);
        ImGui::GetWindowDrawList()->AddRectFilled({area.x - t.px(2), area.y + t.px(1)}, {area.x + side + t.px(2), area.y + side + t.px(5)},
                                                  ground, t.px(3));
        ImGui::GetWindowDrawList()->AddRectFilled({area.x, area.y + t.px(6)}, {area.x + side, area.y + t.px(9)}, color);
        const float left = area.x + side + t.px(8);
        area.cut_top(draw_paragraph({left, area.y}, text.c_str(), t.small_text, t.color.text, area.right() - left) + t.px(4));
    };
    line(curve_ink, say(Text::rnn_forecast_curve));
    line(teacher_ink, say(Text::rnn_forecast_teacher));
    line(free_ink, say(Text::rnn_forecast_free, {std::to_string(from + 1), std::to_string(length)}));
    area.cut_top(t.px(4));
    const auto sentence = [&](const std::string& text, ImU32 color) {
        area.cut_top(draw_paragraph(area.min(), text.c_str(), t.text, color, area.w) + t.px(4));
    };
    if (end > from) {
        const auto error = [&](Text text, float value) {
            return say(text, {std::to_string(from + 1), std::to_string(end), number(static_cast<double>(value))});
        };
        sentence(error(Text::rnn_forecast_teacher_error, forecast_error(teacher_forced(), 1, curve, from, end)), t.color.text);
        sentence(error(Text::rnn_forecast_free_error, forecast_error(forecast_->values(), from, curve, from, end)), t.color.text);
    }
    if (from + length > static_cast<int64_t>(curve.size())) sentence(say(Text::rnn_forecast_beyond), t.color.text_soft);
    if (forecast_->diverged()) sentence(say(Text::rnn_forecast_diverged, {std::to_string(length)}), t.color.warning);
    if (!training().begun()) sentence(say(Text::rnn_forecast_untrained), t.color.text_soft);
    return area.y - top;
}

float RnnPredictView::draw_forecast(Stage& stage, Rect area) {
    return cards_.draw(stage, "rnn.predict.curve", say(Text::rnn_forecast_title), area, [&](Rect inner) {
        const Theme& t = theme();
        const float top = inner.y;
        inner.cut_top(draw_examples(stage, inner) + t.px(t.gap));
        const Rect all = inner.cut_top(t.px(stage.narrow ? narrow_pad_height : pad_height));
        inner.cut_top(t.px(t.gap));
        draw_curves(stage, all);
        if (!forecast_)
            return inner.y - top + draw_paragraph(inner.min(), say(Text::rnn_forecast_none), t.text, t.color.text_soft, inner.w);
        inner.cut_top(draw_readout(stage, all, inner.min()) + t.px(t.gap));
        const int64_t shown = std::min(horizon_, longest_forecast());
        inner.cut_top(draw_commands(stage, inner, Text::rnn_forecast_step, shown < longest_forecast(), shown > 0) + t.px(t.gap));
        draw_text(inner.min(), say(Text::field_rnn_free_from), t.small_text, t.color.text_soft, inner.w);
        inner.cut_top(t.px(t.small_text + 4));
        std::vector<int64_t> steps(bench().input.curve.size());
        std::iota(steps.begin(), steps.end(), int64_t{1});
        if (const auto chosen = draw_timeline(stage, "rnn.predict.from", steps, forecast_->from(), steps.back(),
                                              {inner.x, inner.y, inner.w, timeline_height()}))
            set("rnn.free_from", *chosen);
        inner.cut_top(timeline_height() + t.px(t.gap));
        return inner.y - top + draw_errors(inner);
    });
}

}  // namespace trilens

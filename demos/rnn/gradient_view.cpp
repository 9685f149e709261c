// Computed anew when the workbench is; drawn as curves over the steps.
#include "demos/rnn/gradient_view.h"

#include <algorithm>
#include <cmath>

#include "demos/rnn/cell_label.h"
#include "demos/rnn/gradient_flow.h"
#include "demos/rnn/training_setup.h"
#include "demos/text/text.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float plot_height = 170;   // units

}  // namespace

void RnnGradientView::compute() {
    const int64_t chosen = chosen_ < 0 || chosen_ >= bench().steps() ? bench().steps() - 1 : chosen_;
    if (version_ == bench().version() && computed_for_ == chosen) return;
    version_ = bench().version();
    computed_for_ = chosen;
    curves_.clear();
    std::vector<RnnCell> cells = rnn_cells();
    if (bench().is_shipped()) cells = {bench().cell()};
    for (const RnnCell cell : cells) {
        const auto graph = cell == bench().cell() ? bench().graph() : bench().run(cell);
        const char* gate = row_of(cell).keeping_gate;
        curves_.push_back({cell, state_gradient_norms(*graph), dependence_on_inputs(bench(), cell, chosen),
                           gate ? mean_gate(*graph, gate) : std::vector<float>{}});
    }
    steps_.clear();
    for (int64_t t = 0; t < bench().steps(); ++t) steps_.push_back(static_cast<float>(t + 1));
}

float RnnGradientView::draw_plot_of(Stage& stage, const char* name, std::vector<float> Curve::* values, bool logarithmic, Rect area) {
    std::vector<std::vector<float>> shown;
    std::vector<Series> series;
    for (const Curve& curve : curves_) {
        std::vector<float> y = curve.*values;
        if (logarithmic)
            for (float& value : y)
                if (!(value > 0)) value = NAN;   // a logarithm has no zero
        shown.push_back(std::move(y));
    }
    for (size_t i = 0; i < curves_.size(); ++i) {
        if (shown[i].empty()) continue;
        const CurveLabel label = cell_label(curves_[i].cell);
        series.push_back({label.name, label.color, std::span(steps_).first(shown[i].size()), shown[i]});
    }
    const Rect plot{area.x, area.y, area.w, theme().px(plot_height)};
    draw_plot(stage, name, series, plot, {.x_label = say(Text::field_rnn_step), .log_y = logarithmic, .whole_x = true});
    return plot.h;
}

float RnnGradientView::draw_norms(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_plot_of(stage, "rnn.gradient_norms", &Curve::norms, true, area) + t.px(6));
    if (bench().plan(bench().cell()).head == SequencePlan::Head::every)
        return area.y - top + draw_paragraph(area.min(), say(Text::rnn_gradient_every), t.small_text, t.color.text, area.w);
    for (const Curve& curve : curves_) {
        if (curve.norms.size() < 2) continue;
        const float first = curve.norms.front(), last = curve.norms.back();
        const std::string name = cell_label(curve.cell).name;
        std::string line;
        if (last > 0 && first > 0) {
            const double ratio = static_cast<double>(first) / static_cast<double>(last);
            const Text what = ratio < 0.01  ? Text::rnn_gradient_vanishes
                              : ratio > 100 ? Text::rnn_gradient_explodes
                                            : Text::rnn_gradient_holds;
            line = say(what, {name, number(ratio)});
        } else {
            line = say(Text::rnn_gradient_zero, {name});
        }
        area.cut_top(draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text, area.w) + t.px(2));
    }
    return area.y - top;
}

float RnnGradientView::draw_dependence(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    TokenStripStyle style;
    style.reached = computed_for_ + 1;
    style.highest = 90;
    const TokenStripEvent event = strip_.draw(stage, "rnn.dependence_steps", bench().step_labels(), area, style);
    if (event.hovered >= 0) chosen_ = event.hovered;
    area.cut_top(event.height + t.px(6));
    const std::string line = say(Text::rnn_dependence_of, {std::to_string(computed_for_ + 1)});
    area.cut_top(draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(4));
    area.cut_top(draw_plot_of(stage, "rnn.dependence", &Curve::dependence, true, area));
    return area.y - top;
}

float RnnGradientView::draw_gates(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float used = draw_paragraph(area.min(), say(Text::rnn_gates_hint), t.small_text, t.color.text_soft, area.w) + t.px(6);
    return used + draw_plot_of(stage, "rnn.gates", &Curve::gate, false, {area.x, area.y + used, area.w, 0});
}

// The task that tells the cells apart. The recurrent weights start as small random ones do: with orthogonal ones a plain RNN remembers
// longer.
void RnnGradientView::show_needle() {
    set("rnn.task", std::string("needle"));
    set("rnn.distance", int64_t{40});
    set("rnn.spectral_radius", 0.5);
    set("rnn.rate", 1e-3);
    set("rnn.seed", int64_t{2});  // of this one the plain RNN is still wrong a thousand steps after the LSTM has it
    set("rnn.clip", 1.0);
    set("rnn.compare", true);
    start_anew();
}

void RnnGradientView::train_all(bool on) {
    if (on && !bench().settings.compare) set("rnn.compare", true), start_anew();
    training().train({.on = on});
}

float RnnGradientView::draw_training(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_needle_why), t.small_text, t.color.text_soft, area.w) + t.px(6));
    ButtonRow row(stage, area);
    const bool running = training().running();
    if (row.button("rnn.needle", say(Text::rnn_needle_show))) later([this] { show_needle(); });
    if (row.button("rnn.train_all", say(running ? Text::cnn_pause : Text::rnn_train_all), running))
        later([this, running] { train_all(!running); });
    if (row.button("rnn.anew_all", say(Text::cnn_anew))) start_anew();
    area.cut_top(row.height() + t.px(t.gap));
    if (const SessionSnapshot* progress = training().progress()) {
        std::vector<CurveLabel> labels;
        for (const RnnCell cell : rnn_contenders(bench())) labels.push_back(cell_label(cell));
        if (labels.size() == progress->contenders.size())
            area.cut_top(draw_curves(stage, *progress, labels, area, {.accuracy = !bench().plan(bench().cell()).regression}));
    }
    return area.y - top;
}

float RnnGradientView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    if (bench().steps() == 0)
        return cards_.draw(stage, "gradients.empty", nullptr, area, [](Rect inner) {
            return draw_paragraph(inner.min(), say(Text::rnn_empty), theme().text, theme().color.text_soft, inner.w);
        });
    compute();
    area.y +=
        cards_.draw(stage, "gradients.norms", say(Text::rnn_gradient_title), area, [&](Rect inner) { return draw_norms(stage, inner); });
    if (bench().trainable())
        area.y += cards_.draw(stage, "gradients.training", say(Text::rnn_needle_title), area,
                              [&](Rect inner) { return draw_training(stage, inner); });
    area.y += cards_.draw(stage, "gradients.dependence", say(Text::rnn_dependence_title), area,
                          [&](Rect inner) { return draw_dependence(stage, inner); });
    const bool gated = std::ranges::any_of(curves_, [](const Curve& curve) { return !curve.gate.empty(); });
    if (gated)
        area.y +=
            cards_.draw(stage, "gradients.gates", say(Text::rnn_gates_title), area, [&](Rect inner) { return draw_gates(stage, inner); });
    return area.y - top;
}

}  // namespace trilens

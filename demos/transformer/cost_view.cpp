// One job at a time: what was started first is finished first.
#include "demos/transformer/cost_view.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "demos/text/text.h"
#include "demos/widgets/candidate_table.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float plot_height = 220;  // units
constexpr float reached = 0.95f;  // of the needles right: remembered
constexpr Text names[compared_networks] = {Text::compare_rnn, Text::compare_cnn, Text::compare_transformer};

// The farthest distance up to which all points are remembered.
std::string farthest(const ComparisonCurves& curves, size_t network) {
    std::string found = say(Text::compare_none);
    for (size_t i = 0; i < curves.plan.points.size(); ++i) {
        if (!curves.accuracy[network][i] || *curves.accuracy[network][i] < reached) break;
        found = std::to_string(curves.plan.points[i]);
    }
    return found;
}

std::string words(const ComparisonCurves& curves) {
    if (!curves.complete()) return {};
    if (curves.plan.axis == ComparisonAxis::distance)
        return say(Text::compare_distance_words, {farthest(curves, 0), farthest(curves, 1), farthest(curves, 2)});
    const size_t last = curves.plan.points.size() - 1;
    const auto of = [&](size_t network, size_t point) { return percent_text(*curves.accuracy[network][point]); };
    return say(Text::compare_samples_words, {std::to_string(curves.plan.points[0]), of(0, 0), of(1, 0), of(2, 0),
                                             std::to_string(curves.plan.points[last]), of(0, last), of(1, last), of(2, last)});
}

float draw_plot_of(Stage& stage, const ComparisonCurves& curves, Rect area) {
    const Theme& t = theme();
    const bool distance = curves.plan.axis == ComparisonAxis::distance;
    const std::vector<float> points(curves.plan.points.begin(), curves.plan.points.end());
    std::array<std::vector<float>, compared_networks> values;
    std::vector<Series> series;
    for (size_t network = 0; network < compared_networks; ++network) {
        for (const auto& accuracy : curves.accuracy[network]) values[network].push_back(accuracy.value_or(NAN));
        series.push_back({say(names[network]), t.color.series[network], points, values[network], true});
    }
    draw_plot(stage, distance ? "compare.distance" : "compare.samples", series, {area.x, area.y, area.w, t.px(plot_height)},
              {.x_label = say(distance ? Text::compare_x_distance : Text::compare_x_samples),
               .y_label = say(Text::compare_y),
               .log_x = true,
               .y_range = std::pair(0.0, 1.05)});
    return t.px(plot_height);
}

}  // namespace

void TransformerCostView::list_fields(Fields& fields) {
    panel_.list_fields(fields, "transformer");
    fields.section(Text::section_comparison);
    fields.integer("transformer.compare_steps", Text::field_compare_steps, Text::help_compare_steps, steps_, {50, 2000, 50});
}

ComparisonPlan TransformerCostView::plan(ComparisonAxis axis) const {
    ComparisonPlan plan;
    plan.axis = axis;
    plan.steps = steps_;
    plan.seed = static_cast<uint64_t>(bench().settings.seed);
    if (axis == ComparisonAxis::samples) plan.points = {50, 150, 500, 1500};
    return plan;
}

std::shared_ptr<Job> TransformerCostView::job() const {
    if (panel_.job()) return panel_.job();
    for (const Shown& each : comparisons_)
        if (each.job) return each.job;
    return nullptr;
}

void TransformerCostView::update() {
    panel_.update(host());
    for (Shown& each : comparisons_) {
        if (!each.job) continue;
        if (auto now = each.job->take()) {
            each.curves = std::move(now);
            if (each.curves->complete()) each.job = nullptr;
            host().changed();
        }
    }
}

const std::string& TransformerCostView::why(ComparisonAxis axis) {
    Shown& shown = comparisons_[static_cast<size_t>(axis)];
    if (!shown.why.empty() && shown.why_in == language()) return shown.why;
    const ComparisonPlan next = plan(axis);
    const auto count = [&](ComparedNetwork network) { return std::to_string(compared_parameters(network, next)); };
    const std::string recurrent = count(ComparedNetwork::recurrent), convolution = count(ComparedNetwork::convolution),
                      transformer = count(ComparedNetwork::transformer);
    shown.why_in = language();
    shown.why = axis == ComparisonAxis::distance
                    ? say(Text::compare_distance_why, {recurrent, std::to_string(compared_receptive_field), convolution, transformer})
                    : say(Text::compare_samples_why, {recurrent, convolution, transformer});
    return shown.why;
}

float TransformerCostView::draw_start(Stage& stage, ComparisonAxis axis, Rect area) {
    const Theme& t = theme();
    const float top = area.y, height = t.px(stage.touch ? t.touch_target : t.control_height);
    Shown& shown = comparisons_[static_cast<size_t>(axis)];
    area.cut_top(draw_paragraph(area.min(), why(axis).c_str(), t.small_text, t.color.text_soft, area.w) + t.px(t.gap));
    const bool running = shown.job != nullptr;
    const char* label = say(running ? Text::rnn_stop : Text::compare_train);
    const Rect button{area.x, area.y, text_width(label, t.text) + t.px(28), height};
    const char* name = axis == ComparisonAxis::distance ? "compare.distance.train" : "compare.samples.train";
    if (draw_button(stage, name, label, button, running))
        later([this, axis, running, &shown] {
            if (running) shown.job = nullptr;
            else shown.curves = nullptr, shown.job = std::make_shared<Comparison>(plan(axis));
            host().changed();
        });
    if (running || shown.curves) {
        const ComparisonPlan next = plan(axis);
        const std::string done = std::to_string(shown.curves ? shown.curves->done : 0),
                          total = std::to_string(shown.curves ? shown.curves->total
                                                              : static_cast<int64_t>(next.points.size() * compared_networks));
        draw_text({button.right() + t.px(10), area.y + (height - t.px(t.text)) / 2}, say(Text::compare_progress, {done, total}).c_str(),
                  t.text, t.color.text_soft, area.right() - button.right() - t.px(10));
    }
    return area.y + height + t.px(t.gap) - top;
}

float TransformerCostView::draw_comparison(Stage& stage, ComparisonAxis axis, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_start(stage, axis, area));
    const auto curves = comparisons_[static_cast<size_t>(axis)].curves;
    if (!curves) return area.y - top;
    area.cut_top(draw_plot_of(stage, *curves, area) + t.px(4));
    if (const std::string told = words(*curves); !told.empty()) {
        const float used = draw_paragraph(area.min(), told.c_str(), t.text, t.color.text, area.w);
        stage.place(axis == ComparisonAxis::distance ? "compare.distance.words" : "compare.samples.words", {area.x, area.y, area.w, used});
        area.cut_top(used + t.px(4));
    }
    area.cut_top(draw_paragraph(area.min(), say(Text::compare_how), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

float TransformerCostView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    for (const ComparisonAxis axis : {ComparisonAxis::distance, ComparisonAxis::samples}) {
        const bool distance = axis == ComparisonAxis::distance;
        area.y += cards_.draw(stage, distance ? "compare.distance.card" : "compare.samples.card",
                              say(distance ? Text::compare_distance_title : Text::compare_samples_title), area,
                              [&](Rect inner) { return draw_comparison(stage, axis, inner); });
    }
    area.y += panel_.draw(stage, host(), Cell::rnn_tanh, area);
    return area.y - top;
}

}  // namespace trilens

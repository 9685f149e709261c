// One measurement a frame: none takes longer than a blink.
#include "demos/rnn/cost_view.h"

#include "demos/text/text.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr Text names[sequence_layer_count] = {Text::rnn_cost_recurrent, Text::rnn_cost_convolution, Text::rnn_cost_attention};
constexpr float plot_height = 230;   // units

std::string times(std::optional<double> factor) { return factor ? number(*factor) : "?"; }

}  // namespace

float RnnCostView::draw_curves(Stage& stage, Rect area) {
    const Theme& t = theme();
    const std::vector<float> lengths = CostMeasurement::lengths();
    const bool beside = area.w > t.px(560);
    const float width = beside ? (area.w - t.px(16)) / 2 : area.w;
    for (const bool all : {false, true}) {
        std::vector<Series> series;
        for (size_t i = 0; i < sequence_layer_count; ++i) {
            const std::vector<float>& values = measurement_->milliseconds(static_cast<SequenceLayer>(i), all);
            series.push_back({say(names[i]), t.color.series[i], std::span(lengths).first(values.size()), values});
        }
        Rect place{area.x + (all && beside ? width + t.px(16) : 0), area.y + (all && !beside ? t.px(plot_height + 40) : 0), width,
                   t.px(plot_height)};
        const std::string title = all ? say(Text::rnn_cost_threads, {std::to_string(measurement_->threads())}) : say(Text::rnn_cost_one);
        draw_text(place.min(), title.c_str(), t.text, t.color.text, place.w);
        place.cut_top(t.px(22));
        draw_plot(stage, all ? "cost.all" : "cost.one", series, place,
                  {.x_label = say(Text::field_rnn_length), .y_label = say(Text::rnn_cost_milliseconds), .log_x = true, .log_y = true});
    }
    return beside ? t.px(plot_height) : t.px(2 * plot_height + 40);
}

float RnnCostView::draw_words(Stage&, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    for (size_t i = 0; i < sequence_layer_count; ++i) {
        const auto layer = static_cast<SequenceLayer>(i);
        const std::string line = say(Text::rnn_cost_line, {say(names[i]), times(measurement_->growth(layer)),
                                                           std::to_string(measurement_->threads()), times(measurement_->speed_up(layer))});
        area.cut_top(draw_paragraph(area.min(), line.c_str(), t.text, t.color.text, area.w) + t.px(4));
    }
    return area.y - top;
}

float RnnCostView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    area.y += cards_.draw(stage, "cost", say(Text::rnn_cost_title), area, [&](Rect inner) {
        const Theme& t = theme();
        const float from = inner.y;
        inner.cut_top(draw_paragraph(inner.min(), say(Text::rnn_cost_why), t.small_text, t.color.text_soft, inner.w) + t.px(t.gap));
        const char* label = say(Text::rnn_cost_measure);
        const bool running = measurement_ && !measurement_->complete();
        const Rect button{inner.x, inner.y, text_width(label, t.text) + t.px(28), t.px(stage.touch ? t.touch_target : t.control_height)};
        if (draw_button(stage, "cost.measure", label, button, running, !running)) measurement_.emplace();
        inner.cut_top(button.h + t.px(t.gap));
        if (!measurement_) return inner.y - from;
        if (measurement_->step()) stage.again();
        inner.cut_top(draw_curves(stage, inner) + t.px(t.gap));
        if (measurement_->complete()) inner.cut_top(draw_words(stage, inner));
        else stage.again();
        return inner.y - from;
    });
    return area.y - top;
}

}  // namespace trilens

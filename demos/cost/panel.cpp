// The measurement is a job of its own, so the screen stays awake; the drawing takes what is there.
#include "demos/cost/panel.h"

#include <algorithm>
#include <cmath>

#include "demos/cost/words.h"
#include "demos/text/text.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float plot_height = 250, row_height = 22;   // units
constexpr CostLayer layers[] = {CostLayer::recurrent, CostLayer::convolution, CostLayer::attention};

}  // namespace

void CostPanel::list_fields(Fields& fields, const std::string& room) {
    fields.section(Text::view_rnn_cost);
    fields.effect(Field::Effect::looks);
    fields.choice(room + ".cost_pass", Text::field_rnn_cost_pass, Text::help_rnn_cost_pass, pass_,
                  {{"forward", Text::rnn_cost_forward}, {"both", Text::rnn_cost_both}});
    fields.integer(room + ".cost_width", Text::field_rnn_cost_width, Text::help_rnn_cost_width, width_, {8, 128, 8});
    fields.choice(room + ".cost_longest", Text::field_rnn_cost_longest, Text::help_rnn_cost_longest, longest_,
                  {{"256", Text::rnn_cost_256}, {"512", Text::rnn_cost_512}, {"1024", Text::rnn_cost_1024}, {"2048", Text::rnn_cost_2048}});
}

CostPlan CostPanel::plan(Cell cell) const {
    CostPlan plan;
    plan.cell = cell;
    plan.width = width_;
    plan.lengths.clear();
    for (int64_t length = 16; length <= int64_t{256} << static_cast<int>(longest_); length *= 2) plan.lengths.push_back(length);
    return plan;
}

void CostPanel::update(Host& host) {
    if (!job_) return;
    if (auto now = job_->take()) {
        curves_ = std::move(now);
        if (curves_->complete()) job_ = nullptr;
        host.changed();
    }
}

float CostPanel::draw_start(Stage& stage, Host& host, Cell cell, Rect area) {
    const Theme& t = theme();
    const float top = area.y, height = t.px(stage.touch ? t.touch_target : t.control_height);
    const CostPlan next = plan(cell);
    const std::string why = say(Text::rnn_cost_why, {cost_name(next, CostLayer::recurrent), std::to_string(next.width),
                                                     std::to_string(next.lengths.front()), std::to_string(next.lengths.back())});
    area.cut_top(draw_paragraph(area.min(), why.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(t.gap));
    const bool running = job_ != nullptr;
    const char* label = say(running ? Text::rnn_stop : Text::rnn_cost_measure);
    const Rect button{area.x, area.y, text_width(label, t.text) + t.px(28), height};
    if (draw_button(stage, "cost.measure", label, button, running))
        host.later([this, &host, next, running] {
            if (running) job_ = nullptr;
            else curves_ = nullptr, job_ = std::make_shared<CostMeasurement>(next);
            host.changed();
        });
    if (curves_) {
        const std::string line = say(Text::rnn_cost_progress, {std::to_string(curves_->done), std::to_string(curves_->total)});
        draw_text({button.right() + t.px(10), area.y + (height - t.px(t.text)) / 2}, line.c_str(), t.text, t.color.text_soft,
                  area.right() - button.right() - t.px(10));
    }
    return area.y + height - top;
}

// Log-log: what takes twice the time for twice the length is a line that rises by one decade a decade.
void CostPanel::draw_plot_of(Stage& stage, CostThreads on, Rect area) {
    const Theme& t = theme();
    const CostCurves& c = *curves_;
    const std::vector<float> lengths(c.plan.lengths.begin(), c.plan.lengths.end());
    std::vector<std::vector<float>> milliseconds;
    std::vector<Series> series;
    double low = INFINITY, high = 0;   // of both plots, so that they can be compared
    for (const CostLayer layer : layers) {
        std::vector<float>& values = milliseconds.emplace_back();
        for (size_t i = 0; i < lengths.size(); ++i) {
            const double now = c.of(layer, pass_, on, i);
            values.push_back(now > 0 ? static_cast<float>(now) : NAN);   // not measured yet
            for (const CostThreads each : {CostThreads::one, CostThreads::all})
                if (const double any = c.of(layer, pass_, each, i); any > 0) low = std::min(low, any), high = std::max(high, any);
        }
        series.push_back({cost_name(c.plan, layer), t.color.series[static_cast<size_t>(layer)], lengths, {}});
    }
    for (size_t i = 0; i < series.size(); ++i) series[i].y = milliseconds[i];
    const bool one = on == CostThreads::one;
    const std::string title = one ? say(Text::rnn_cost_one) : say(Text::rnn_cost_threads, {std::to_string(c.threads)});
    draw_text(area.min(), title.c_str(), t.text, t.color.text, area.w);
    area.cut_top(t.px(22));
    PlotStyle style{.x_label = say(Text::rnn_cost_steps), .y_label = say(Text::rnn_cost_milliseconds), .log_x = true, .log_y = true};
    if (high > 0) style.y_range = std::pair(low / 1.3, high * 1.3);
    draw_plot(stage, one ? "cost.one" : "cost.all", series, area, style);
}

// One thread and all, beside each other where there is room.
float CostPanel::draw_curves(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y, height = t.px(plot_height), gap = t.px(16);
    const bool beside = area.w > t.px(560);
    const float width = beside ? (area.w - gap) / 2 : area.w;
    draw_plot_of(stage, CostThreads::one, {area.x, area.y, width, height});
    const Rect second = beside ? Rect{area.x + width + gap, area.y, width, height} : Rect{area.x, area.y + height + gap, width, height};
    float bottom = second.bottom();
    if (curves_->threads > 1) {
        draw_plot_of(stage, CostThreads::all, second);
    } else {
        const float used = draw_paragraph(second.min(), say(Text::rnn_cost_alone), t.text, t.color.text_soft, second.w);
        stage.place("cost.all", {second.x, second.y, second.w, used});
        bottom = std::max(area.y + height, second.y + used);
    }
    area.cut_top(bottom - top + t.px(6));
    const std::string how = say(Text::rnn_cost_how, {std::to_string(curves_->plan.width), std::to_string(curves_->plan.rounds),
                                                     say(pass_ == CostPass::forward ? Text::rnn_cost_forward : Text::rnn_cost_both)});
    area.cut_top(draw_paragraph(area.min(), how.c_str(), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

float CostPanel::draw_words(Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    for (const std::string& line : cost_words(*curves_, pass_))
        area.cut_top(draw_paragraph(area.min(), line.c_str(), t.text, t.color.text, area.w) + t.px(6));
    return area.y - top;
}

// Bytes of all values of one live forward pass: what a backward pass would need.
float CostPanel::draw_memory(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const CostCurves& c = *curves_;
    const std::vector<float> lengths(c.plan.lengths.begin(), c.plan.lengths.end());
    std::vector<std::vector<float>> kilobytes;
    std::vector<Series> series;
    for (const CostLayer layer : layers) {
        std::vector<float>& values = kilobytes.emplace_back();
        for (size_t i = 0; i < lengths.size(); ++i) {
            const int64_t bytes = c.bytes_of(layer, i);
            values.push_back(bytes > 0 ? static_cast<float>(bytes) / 1024 : NAN);
        }
        series.push_back({cost_name(c.plan, layer), t.color.series[static_cast<size_t>(layer)], lengths, {}});
    }
    for (size_t i = 0; i < series.size(); ++i) series[i].y = kilobytes[i];
    draw_plot(stage, "cost.memory_plot", series, {area.x, area.y, area.w, t.px(plot_height * 0.8f)},
              {.x_label = say(Text::rnn_cost_steps), .y_label = say(Text::cost_kilobytes), .log_x = true, .log_y = true});
    area.cut_top(t.px(plot_height * 0.8f + 6));
    std::vector<std::string> parts;
    const size_t last = lengths.size() - 1;
    for (const CostLayer layer : layers)
        if (c.bytes_of(layer, last) > 0 && last > 0) {
            parts.push_back(cost_name(c.plan, layer));
            parts.push_back(times(static_cast<double>(c.bytes_of(layer, last)) / static_cast<double>(c.bytes_of(layer, last - 1))));
        }
    if (parts.size() == 2 * cost_layer_count) {
        const std::string words = say(Text::cost_memory_words, {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]});
        area.cut_top(draw_paragraph(area.min(), words.c_str(), t.text, t.color.text, area.w));
    }
    return area.y - top;
}

// A row for each length: milliseconds with one thread and with all, and how many times as fast that is. A phone shows the last only.
float CostPanel::draw_table(Stage& stage, Rect area) {
    const Theme& t = theme();
    const CostCurves& c = *curves_;
    const float top = area.y, first = t.px(stage.narrow ? 52 : 70), width = (area.w - first) / static_cast<float>(cost_layer_count);
    if (c.threads > 1) {
        const std::string how = say(stage.narrow ? Text::rnn_cost_table_times : Text::rnn_cost_table_how, {std::to_string(c.threads)});
        area.cut_top(draw_paragraph(area.min(), how.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(6));
    }
    const auto cell = [&](size_t column, const std::string& text, ImU32 color) {
        draw_text({area.x + (column == 0 ? 0 : first + width * static_cast<float>(column - 1)), area.y}, text.c_str(), t.small_text, color,
                  column == 0 ? first - t.px(4) : width - t.px(4));
    };
    cell(0, say(Text::rnn_cost_steps), t.color.text_soft);
    for (size_t i = 0; i < cost_layer_count; ++i) cell(i + 1, cost_name(c.plan, layers[i]), t.color.text_soft);
    area.cut_top(t.px(row_height));
    for (size_t length = 0; length < c.plan.lengths.size(); ++length) {
        stage.place("cost.row:" + std::to_string(c.plan.lengths[length]), {area.x, area.y, area.w, t.px(row_height)});
        cell(0, std::to_string(c.plan.lengths[length]), t.color.text);
        for (size_t i = 0; i < cost_layer_count; ++i) {
            const double one = c.of(layers[i], pass_, CostThreads::one, length), all = c.of(layers[i], pass_, CostThreads::all, length);
            const auto speed = c.speed_up(layers[i], pass_, length);
            std::string text = one > 0 ? number(one) + " ms" : "";
            if (speed) text = stage.narrow ? times(*speed) : number(one) + " / " + number(all) + " ms   " + times(*speed);
            cell(i + 1, text, t.color.text);
        }
        area.cut_top(t.px(row_height));
    }
    return area.y - top;
}

float CostPanel::draw(Stage& stage, Host& host, Cell cell, Rect area) {
    const float top = area.y;
    area.y +=
        cards_.draw(stage, "cost.start", say(Text::rnn_cost_title), area, [&](Rect inner) { return draw_start(stage, host, cell, inner); });
    if (!curves_) return area.y - top;
    area.y += cards_.draw(stage, "cost.plot", say(Text::rnn_cost_measured), area, [&](Rect inner) { return draw_curves(stage, inner); });
    if (!cost_words(*curves_, pass_).empty())
        area.y += cards_.draw(stage, "cost.words", say(Text::rnn_cost_says), area, [&](Rect inner) { return draw_words(inner); });
    area.y += cards_.draw(stage, "cost.memory", say(Text::cost_memory_title), area, [&](Rect inner) { return draw_memory(stage, inner); });
    const char* title = say(curves_->threads > 1 ? Text::rnn_cost_table : Text::rnn_cost_table_alone);
    area.y += cards_.draw(stage, "cost.table", title, area, [&](Rect inner) { return draw_table(stage, inner); });
    return area.y - top;
}

}  // namespace trilens

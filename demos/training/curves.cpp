// Batches are many and noisy: what is drawn of them is the mean over short stretches, with the number of stretches bounded.
#include "demos/training/curves.h"

#include <algorithm>
#include <deque>

#include "demos/text/text.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr size_t most_points = 160, last_steps = 20;
constexpr float plot_height = 190;  // units
constexpr float far_loss = 100;     // beyond it nothing else would be seen on a linear axis

struct Line {
    std::vector<float> x, y;
};

// Means over equal stretches of steps.
Line thinned(const std::vector<StepMetrics>& steps, float StepMetrics::* value, float factor) {
    Line line;
    const size_t stretch = std::max<size_t>(1, (steps.size() + most_points - 1) / most_points);
    for (size_t from = 0; from < steps.size(); from += stretch) {
        const size_t to = std::min(from + stretch, steps.size());
        double sum = 0;
        for (size_t i = from; i < to; ++i) sum += static_cast<double>(steps[i].*value);
        line.x.push_back(static_cast<float>(steps[to - 1].step + 1));
        line.y.push_back(static_cast<float>(sum / static_cast<double>(to - from)) * factor);
    }
    return line;
}

// Over the steps at their ends, or over their numbers, from 1.
Line of_epochs(const std::vector<EpochMetrics>& epochs, double EpochMetrics::* value, double factor, bool numbers) {
    Line line;
    for (const EpochMetrics& epoch : epochs) {
        line.x.push_back(static_cast<float>(numbers ? epoch.epoch + 1 : epoch.step));
        line.y.push_back(static_cast<float>(epoch.*value * factor));
    }
    return line;
}

// The series of one plot, and the memory they point to.
struct Plot {
    std::deque<Line> lines;
    std::vector<Series> series;

    void add(std::string label, ImU32 color, Line line, bool dots) {
        lines.push_back(std::move(line));
        series.push_back({std::move(label), color, lines.back().x, lines.back().y, dots});
    }
};

ImU32 faint(ImU32 color) { return (color & ~IM_COL32_A_MASK) | 110u << IM_COL32_A_SHIFT; }

}  // namespace

std::string progress_line(const TrainingSnapshot& run, const CurveStyle& style) {
    const size_t count = std::min(run.steps.size(), last_steps);
    double loss = 0, accuracy = 0;
    for (const StepMetrics& step : std::span(run.steps).last(count)) {
        loss += static_cast<double>(step.loss) / static_cast<double>(count);
        accuracy += static_cast<double>(step.accuracy) / static_cast<double>(count);
    }
    const std::string step = std::to_string(run.step);
    return style.accuracy ? say(Text::cnn_progress, {step, number(loss), number(accuracy * 100)})
                          : say(Text::training_progress, {step, number(loss)});
}

float draw_curves(Stage& stage, const SessionSnapshot& progress, const std::vector<CurveLabel>& labels, Rect area,
                  const CurveStyle& style) {
    const Theme& t = theme();
    const bool epochs = style.by_epoch && !progress.first().epochs.empty();
    const bool several = labels.size() > 1;
    Plot losses, accuracies;
    for (size_t i = 0; i < progress.contenders.size(); ++i) {
        const TrainingSnapshot& run = *progress.contenders[i];
        const auto label = [&](Text part) { return several ? say(Text::training_of, {labels[i].name, say(part)}) : say(part); };
        const ImU32 color = labels[i].color || !several ? labels[i].color : t.color.series[i % std::size(t.color.series)];
        const auto add = [&](Plot& plot, float StepMetrics::* step, double EpochMetrics::* trained, double EpochMetrics::* validated,
                             int factor) {
            plot.add(label(Text::training_training), several ? faint(color) : color,
                     epochs ? of_epochs(run.epochs, trained, factor, true) : thinned(run.steps, step, static_cast<float>(factor)), epochs);
            plot.add(label(Text::training_validation), several ? color : 0, of_epochs(run.epochs, validated, factor, epochs), epochs);
        };
        add(losses, &StepMetrics::loss, &EpochMetrics::training_loss, &EpochMetrics::validation_loss, 1);
        add(accuracies, &StepMetrics::accuracy, &EpochMetrics::training_accuracy, &EpochMetrics::validation_accuracy, 100);
    }
    const bool beside = style.accuracy && area.w > t.px(520);
    const float width = beside ? (area.w - t.px(16)) / 2 : area.w, height = t.px(plot_height);
    float worst = 0;
    for (const Line& line : losses.lines)
        for (const float loss : line.y) worst = std::max(worst, loss);
    const char* x_label = say(epochs ? Text::training_epoch : Text::training_step);
    const auto plot = [&](const char* name, Text title, const Plot& what, bool logarithmic, Rect place) {
        draw_text(place.min(), say(title), t.text, t.color.text, place.w);
        place.cut_top(t.px(22));
        draw_plot(stage, name, what.series, place, {.x_label = x_label, .log_y = logarithmic, .whole_x = true, .from_zero = !logarithmic});
    };
    plot("training.loss", Text::training_loss, losses, worst > far_loss, {area.x, area.y, width, height});
    if (!style.accuracy) return height;
    const Rect second =
        beside ? Rect{area.x + width + t.px(16), area.y, width, height} : Rect{area.x, area.y + height + t.px(10), width, height};
    plot("training.accuracy", Text::training_accuracy, accuracies, false, second);
    return second.bottom() - area.y;
}

}  // namespace trilens

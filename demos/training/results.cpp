// Pictures and histograms are made when the run has published something new, not in every frame.
#include "demos/training/results.h"

#include <algorithm>

#include "demos/text/text.h"
#include "demos/widgets/histogram_plot.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr size_t most_pictures = 40;
constexpr int bins = 31;
constexpr float histogram_height = 96;  // units

std::vector<int64_t> counts_of(const Evaluation& evaluation, size_t classes) {
    std::vector<int64_t> counts;
    for (size_t truth = 0; truth < classes; ++truth)
        for (size_t predicted = 0; predicted < classes; ++predicted)
            counts.push_back(evaluation.count(static_cast<int32_t>(truth), static_cast<int32_t>(predicted)));
    return counts;
}

// What a parameter's histograms are called; empty for biases, which are too few for one. "conv1" for "conv1.weight"; "W_hh" and
// "layer2.W_hh" as they are.
std::string histogram_name(const std::string& parameter) {
    constexpr std::string_view weight = ".weight";
    if (parameter.ends_with(weight)) return parameter.substr(0, parameter.size() - weight.size());
    const size_t last = parameter.rfind('.');
    return parameter.compare(last == std::string::npos ? 0 : last + 1, 2, "W_") == 0 ? parameter : std::string();
}

}  // namespace

void ResultsView::choose_pictures(const SessionSnapshot& progress, const std::vector<std::string>& classes, const Samples& samples) {
    if (shown_ == progress.validation && shown_cell_ == selected_) return;
    shown_ = progress.validation;
    shown_cell_ = selected_;
    pictures_.clear();
    const auto add = [&](int64_t tested, std::string caption, ImU32 color) {
        const int32_t sample = progress.tested[static_cast<size_t>(tested)];
        pictures_.push_back({samples(std::span(&sample, 1)).inputs, std::move(caption), color});
    };
    const auto name = [&](int32_t at) { return classes[static_cast<size_t>(at)]; };
    if (!selected_) {
        for (const Mistake& mistake : shown_->worst())
            if (mistake.truth != mistake.predicted)
                add(mistake.sample, name(mistake.truth) + " > " + name(mistake.predicted), theme().color.warning);
        return;
    }
    auto behind = shown_->samples_of(selected_->truth, selected_->predicted);
    behind.resize(std::min(behind.size(), most_pictures));
    for (const int64_t tested : behind) add(tested, name(selected_->truth), 0);
}

float ResultsView::draw_confusion(Stage& stage, const SessionSnapshot& progress, const std::vector<std::string>& classes,
                                  const Samples& samples, Rect area) {
    if (!progress.validation) return 0;
    const Theme& t = theme();
    const float top = area.y;
    const std::string hint =
        say(Text::training_confusion_hint, {std::to_string(progress.validation->samples()), std::to_string(progress.evaluated_step)});
    area.cut_top(draw_paragraph(area.min(), hint.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(8));
    const std::vector<int64_t> counts = counts_of(*progress.validation, classes.size());
    const bool beside = area.w > t.px(560);
    const float width = beside ? area.w * 0.6f : area.w;
    const float height = confusion_height(counts, classes, width);
    if (const auto clicked =
            trilens::draw_confusion(stage, "training.confusion", counts, classes, selected_, {area.x, area.y, width, height}))
        selected_ = clicked == selected_ ? std::nullopt : clicked;
    choose_pictures(progress, classes, samples);
    Rect side = beside ? Rect{area.x + width + t.px(16), area.y, area.w - width - t.px(16), height}
                       : Rect{area.x, area.y + height + t.px(12), area.w, 0};
    const std::string title = selected_ ? confusion_sentence(counts, classes, *selected_) : say(Text::training_worst);
    const float used = draw_paragraph(side.min(), title.c_str(), t.small_text, t.color.text, side.w) + t.px(6);
    side.cut_top(used);
    const SheetStyle style{.side = 46, .rows = beside ? 4 : 3};
    draw_picture_sheet(stage, "training.pictures", pictures_, side, style);
    const float below = side.y + picture_sheet_height(stage, pictures_, side.w, style);
    return std::max(beside ? area.y + height : below, below) - top;
}

float ResultsView::draw_spread(Stage& stage, const SessionSnapshot& progress, uint64_t version, Rect area) {
    const TrainingSnapshot& run = progress.first();
    if (version != spread_version_) {
        spread_version_ = version;
        spreads_.clear();
        for (size_t i = 0; i < progress.gradients.size(); ++i)
            if (std::string name = histogram_name(run.names[i]); !name.empty())
                spreads_.push_back(
                    {std::move(name), histogram(run.weights[i].values(), bins), histogram(progress.gradients[i].values(), bins)});
    }
    const Theme& t = theme();
    const float gap = t.px(16), width = (area.w - gap) / 2, height = t.px(histogram_height), top = area.y;
    for (const Spread& each : spreads_) {
        const std::string weights = say(Text::training_weights, {each.name}), gradients = say(Text::training_gradients, {each.name});
        draw_histogram(stage, "training.weights:" + each.name, each.weights, {area.x, area.y, width, height}, {.title = weights.c_str()});
        draw_histogram(stage, "training.gradients:" + each.name, each.gradients, {area.x + width + gap, area.y, width, height},
                       {.title = gradients.c_str(), .color = t.color.gradient});
        area.y += height + t.px(10);
    }
    return area.y - top;
}

}  // namespace trilens

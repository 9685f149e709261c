// Labels left and above, cells as wide as there is room, recall at the right; counts of 0 stay empty, so that errors stand out.
#include "demos/widgets/confusion_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float caption_height = 19, header_height = 19, widest_cell = 72, tallest_cell = 40, least_cell = 22;   // units

ImU32 mixed(ImU32 a, ImU32 b, float share) {
    ImU32 out = 0xff000000;
    for (int shift = 0; shift <= 16; shift += 8) {
        const float from = static_cast<float>(a >> shift & 255), to = static_cast<float>(b >> shift & 255);
        out |= static_cast<ImU32>(from + (to - from) * share + 0.5f) << shift;
    }
    return out;
}

// Black or white, whichever has the greater contrast (WCAG 2.1; a square stands for the exponent 2.2).
ImU32 ink_on(ImU32 color) {
    const auto linear = [](ImU32 part) { return static_cast<float>(part * part) / (255.0f * 255.0f); };
    const float light = 0.2126f * linear(color & 255) + 0.7152f * linear(color >> 8 & 255) + 0.0722f * linear(color >> 16 & 255);
    return light > 0.18f ? IM_COL32(0, 0, 0, 255) : IM_COL32(255, 255, 255, 255);
}

int64_t count_of(std::span<const int64_t> counts, int32_t classes, ConfusionCell cell) {
    return counts[static_cast<size_t>(cell.truth) * static_cast<size_t>(classes) + static_cast<size_t>(cell.predicted)];
}

int64_t row_of(std::span<const int64_t> counts, int32_t classes, int32_t truth) {
    int64_t sum = 0;
    for (int32_t predicted = 0; predicted < classes; ++predicted) sum += count_of(counts, classes, {truth, predicted});
    return sum;
}

void check(std::span<const int64_t> counts, std::span<const std::string> labels) {
    if (labels.empty() || labels.size() * labels.size() != counts.size())
        throw ValueError("confusion matrix: " + std::to_string(counts.size()) + " counts do not fit " + std::to_string(labels.size()) +
                         " classes, expected " + std::to_string(labels.size() * labels.size()));
}

class Matrix {
public:
    Matrix(std::span<const int64_t> counts, std::span<const std::string> labels, Rect area) : counts_(counts), labels_(labels) {
        const Theme& t = theme();
        check(counts, labels);
        const auto classes = static_cast<float>(labels.size());
        float widest = 0;
        for (const std::string& label : labels) widest = std::max(widest, text_width(label.c_str(), t.small_text));
        recall_width_ = text_width("100.0 %", t.small_text);
        const float gap = t.px(t.gap), spare = area.w - recall_width_ - 2 * gap - classes * t.px(least_cell + 2);
        label_width_ = std::min(widest, std::max(t.px(26), std::min(spare, area.w * 0.3f)));
        cell_width_ = std::floor(std::min((area.w - label_width_ - recall_width_ - 2 * gap) / classes, t.px(widest_cell)));
        cell_height_ = std::floor(std::clamp(cell_width_, t.px(least_cell), t.px(tallest_cell)));
        area_ = area;
        cells_ = {std::floor(area.x + label_width_ + gap), std::floor(area.y + t.px(caption_height + header_height)), cell_width_ * classes,
                  cell_height_ * classes};
    }

    const Rect& cells() const { return cells_; }
    Rect recall() const { return {cells_.right() + theme().px(theme().gap), cells_.y, recall_width_, cells_.h}; }
    int32_t classes() const { return static_cast<int32_t>(labels_.size()); }
    int64_t count(ConfusionCell cell) const { return count_of(counts_, classes(), cell); }
    int64_t row(int32_t truth) const { return row_of(counts_, classes(), truth); }
    const std::string& label(int32_t at) const { return labels_[static_cast<size_t>(at)]; }

    Rect place(ConfusionCell cell) const {
        return {cells_.x + static_cast<float>(cell.predicted) * cell_width_, cells_.y + static_cast<float>(cell.truth) * cell_height_,
                cell_width_, cell_height_};
    }
    ConfusionCell at(ImVec2 point) const {
        const auto clamped = [&](float share) { return std::clamp(static_cast<int32_t>(share), 0, classes() - 1); };
        return {clamped((point.y - cells_.y) / cell_height_), clamped((point.x - cells_.x) / cell_width_)};
    }

    void draw_captions() const {
        const Theme& t = theme();
        const auto caption = [&](Text text, float left) { draw_text({left, area_.y}, say(text), t.small_text, t.color.text_soft); };
        const float truth = text_width(say(Text::confusion_truth), t.small_text),
                    predicted = text_width(say(Text::confusion_predicted), t.small_text),
                    recall = text_width(say(Text::confusion_recall), t.small_text);
        caption(Text::confusion_truth, area_.x);
        caption(Text::confusion_predicted, std::max(cells_.x + (cells_.w - predicted) / 2, area_.x + truth + t.px(12)));
        caption(Text::confusion_recall, std::max(recall_right() - recall, cells_.x + (cells_.w + predicted) / 2 + t.px(12)));
    }

    void draw_labels() const {
        const Theme& t = theme();
        for (int32_t i = 0; i < classes(); ++i) {
            const Rect cell = place({i, i});
            const float wide = std::min(text_width(label(i).c_str(), t.small_text), label_width_);
            draw_text({area_.x + label_width_ - wide, cell.y + (cell.h - t.px(t.small_text)) / 2 - t.px(1)}, label(i).c_str(), t.small_text,
                      t.color.text, label_width_);
            draw_header(label(i), {cell.x, cells_.y - t.px(header_height), cell.w, t.px(header_height)});
            const int64_t all = row(i);
            char percent[16] = "-";
            if (all > 0)
                std::snprintf(percent, sizeof percent, "%.1f %%", 100 * static_cast<double>(count({i, i})) / static_cast<double>(all));
            draw_text({recall_right() - text_width(percent, t.small_text), cell.y + (cell.h - t.px(t.small_text)) / 2 - t.px(1)}, percent,
                      t.small_text, all > 0 ? t.color.text : t.color.text_soft);
        }
    }

    void draw_cells() const {
        const Theme& t = theme();
        float size = t.small_text;   // one for all numbers: the widest has to fit
        for (const int64_t count : counts_) {
            const float wide = text_width(std::to_string(count).c_str(), t.small_text) / (cell_width_ - t.px(4));
            size = std::min(size, std::max(t.small_text / std::max(wide, 1.0f), 8.0f));
        }
        for (int32_t truth = 0; truth < classes(); ++truth) {
            const int64_t all = row(truth);
            for (int32_t predicted = 0; predicted < classes(); ++predicted) {
                const int64_t number = count({truth, predicted});
                const Rect box = place({truth, predicted}).inset(t.px(1));
                const float share = number > 0 ? static_cast<float>(number) / static_cast<float>(all) : 0;
                const ImU32 color = number == 0
                                        ? t.color.control
                                        : mixed(t.color.card, truth == predicted ? t.color.good : t.color.warning, 0.22f + 0.73f * share);
                ImGui::GetWindowDrawList()->AddRectFilled(box.min(), box.max(), color, t.px(4));
                if (number == 0) continue;
                const std::string text = std::to_string(number);
                draw_text({box.x + (box.w - text_width(text.c_str(), size)) / 2, box.y + (box.h - t.px(size)) / 2 - t.px(1)}, text.c_str(),
                          size, ink_on(color));
            }
        }
    }

    void outline(ConfusionCell cell, ImU32 color, float width) const {
        const Rect box = place(cell);
        ImGui::GetWindowDrawList()->AddRect(box.min(), box.max(), color, theme().px(5), 0, theme().px(width));
    }

private:
    float recall_right() const { return recall().right(); }

    // As much of the label as fits above its column.
    void draw_header(const std::string& text, Rect area) const {
        const Theme& t = theme();
        const float room = area.w - t.px(3);
        const char* end = nullptr;
        ImGui::GetFont()->CalcTextSizeA(t.px(t.small_text), room, 0, text.c_str(), nullptr, &end);
        const std::string shown(text.c_str(), end);
        draw_text({area.x + (area.w - text_width(shown.c_str(), t.small_text)) / 2, area.y}, shown.c_str(), t.small_text, t.color.text);
    }

    std::span<const int64_t> counts_;
    std::span<const std::string> labels_;
    Rect area_, cells_;
    float label_width_ = 0, recall_width_ = 0, cell_width_ = 0, cell_height_ = 0;
};

}  // namespace

std::string confusion_sentence(std::span<const int64_t> counts, std::span<const std::string> labels, ConfusionCell cell) {
    check(counts, labels);
    const auto classes = static_cast<int32_t>(labels.size());
    const int64_t samples = row_of(counts, classes, cell.truth);
    const std::string all = std::to_string(samples), number = std::to_string(count_of(counts, classes, cell));
    const std::string &truth = labels[static_cast<size_t>(cell.truth)], &predicted = labels[static_cast<size_t>(cell.predicted)];
    if (samples == 0) return say(Text::confusion_empty, {truth});
    if (cell.truth == cell.predicted) return say(Text::confusion_right, {truth, number, all});
    return say(Text::confusion_wrong, {truth, number, all, predicted});
}

float confusion_height(std::span<const int64_t> counts, std::span<const std::string> labels, float width) {
    return Matrix(counts, labels, {0, 0, width, 0}).cells().bottom();
}

std::optional<ConfusionCell> draw_confusion(Stage& stage, std::string_view name, std::span<const int64_t> counts,
                                            std::span<const std::string> labels, const std::optional<ConfusionCell>& selected, Rect area) {
    const Theme& t = theme();
    const Matrix matrix(counts, labels, area);
    stage.place(name, matrix.cells());
    stage.place(std::string(name) + ".recall", matrix.recall());
    matrix.draw_captions();
    matrix.draw_labels();
    matrix.draw_cells();
    if (selected && std::max(selected->truth, selected->predicted) < matrix.classes()) matrix.outline(*selected, t.color.accent, 2.5f);

    ImGui::SetCursorScreenPos(matrix.cells().min());
    ImGui::PushID(name.data(), name.data() + name.size());
    const bool released = ImGui::InvisibleButton("cells", {std::max(matrix.cells().w, 1.0f), std::max(matrix.cells().h, 1.0f)});
    ImGui::PopID();
    if (!ImGui::IsItemHovered()) return std::nullopt;
    const ConfusionCell cell = matrix.at(ImGui::GetIO().MousePos);
    if (!(selected == cell)) matrix.outline(cell, t.color.text, 1.5f);
    draw_tooltip(confusion_sentence(counts, labels, cell).c_str());
    if (released && was_tap()) return cell;
    return std::nullopt;
}

}  // namespace trilens

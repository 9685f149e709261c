// Bars as high as their share of the fullest bin; a bin that holds anything is at least one unit high, so that outliers are seen.
#include "demos/widgets/histogram_plot.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float title_height = 20, label_height = 18;   // units

struct Bars {
    const Histogram& histogram;
    Rect area;

    size_t count() const { return histogram.counts.size(); }
    float edge(size_t bin) const { return area.x + area.w * static_cast<float>(bin) / static_cast<float>(count()); }
    double value(size_t edge) const {
        const double low = histogram.low, high = histogram.high;
        return low + (high - low) * static_cast<double>(edge) / static_cast<double>(count());
    }

    void draw(ImU32 color, int hovered) const {
        const Theme& t = theme();
        const auto most = static_cast<float>(std::max<int64_t>(*std::max_element(histogram.counts.begin(), histogram.counts.end()), 1));
        const float gap = area.w / static_cast<float>(count()) > t.px(4) ? t.px(1) : 0;
        for (size_t bin = 0; bin < count(); ++bin) {
            if (histogram.counts[bin] == 0) continue;
            const float height = std::max(area.h * static_cast<float>(histogram.counts[bin]) / most, t.px(1));
            ImGui::GetWindowDrawList()->AddRectFilled({edge(bin), area.bottom() - height}, {edge(bin + 1) - gap, area.bottom()},
                                                      static_cast<int>(bin) == hovered ? t.color.text : color);
        }
    }

    void draw_axis() const {
        const Theme& t = theme();
        ImDrawList* list = ImGui::GetWindowDrawList();
        const float y = std::floor(area.bottom()) + 0.5f, below = area.bottom() + t.px(3);
        list->AddLine({area.x, y}, {area.right(), y}, t.color.text_soft);
        const std::string low = number(histogram.low), high = number(histogram.high);
        const float low_width = text_width(low.c_str(), t.small_text), high_width = text_width(high.c_str(), t.small_text);
        draw_text({area.x, below}, low.c_str(), t.small_text, t.color.text_soft);
        if (histogram.low == histogram.high) return;   // all values are the same one
        draw_text({area.right() - high_width, below}, high.c_str(), t.small_text, t.color.text_soft);
        if (!(histogram.low < 0 && histogram.high > 0)) return;
        const float zero = std::floor(area.x + area.w * -histogram.low / (histogram.high - histogram.low)) + 0.5f;
        list->AddLine({zero, area.y}, {zero, area.bottom() + t.px(3)}, t.color.text_soft);
        const float wide = text_width("0", t.small_text), left = zero - wide / 2;
        if (left > area.x + low_width + t.px(6) && left + wide < area.right() - high_width - t.px(6))
            draw_text({left, below}, "0", t.small_text, t.color.text_soft);
    }
};

}  // namespace

int draw_histogram(Stage& stage, std::string_view name, const Histogram& histogram, Rect area, const HistogramStyle& style) {
    const Theme& t = theme();
    if (style.title) draw_text(area.min(), style.title, t.small_text, t.color.text_soft, area.w);
    if (style.title) area.cut_top(t.px(title_height));
    if (histogram.not_finite > 0) {
        const std::string warning = say(Text::histogram_not_finite, {std::to_string(histogram.not_finite)});
        draw_text(area.min(), warning.c_str(), t.small_text, t.color.warning, area.w);
        stage.place(std::string(name) + ".not_finite", area.cut_top(t.px(label_height)));
    }
    area.h = std::max(area.h - t.px(label_height), t.px(8));
    stage.place(name, area);
    if (histogram.counts.empty()) return -1;

    ImGui::SetCursorScreenPos(area.min());
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("bars", {std::max(area.w, 1.0f), area.h});
    ImGui::PopID();
    const Bars bars{histogram, area};
    int hovered = -1;
    if (ImGui::IsItemHovered()) {
        const float share = (ImGui::GetIO().MousePos.x - area.x) / area.w;
        hovered = std::clamp(static_cast<int>(share * static_cast<float>(bars.count())), 0, static_cast<int>(bars.count()) - 1);
        const auto bin = static_cast<size_t>(hovered);
        draw_tooltip(say(Text::histogram_bin, {std::to_string(histogram.counts[bin]), number(bars.value(bin)), number(bars.value(bin + 1))})
                         .c_str());
    }
    bars.draw(style.color ? style.color : t.color.weight, hovered);
    bars.draw_axis();
    return hovered;
}

}  // namespace trilens

// Line plot: axes with round numbers, one polyline a series, and under the pointer the values nearest to it.
#include "demos/widgets/line_plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

struct Axis {
    double low = 0, high = 1;
    bool logarithmic = false;
    float from = 0, to = 1;  // on screen

    float place(double value) const {
        const double t =
            logarithmic ? (std::log10(value) - std::log10(low)) / (std::log10(high) - std::log10(low)) : (value - low) / (high - low);
        return from + static_cast<float>(t) * (to - from);
    }
    bool shows(double value) const { return std::isfinite(value) && (!logarithmic || value > 0); }
};

Axis axis_of(std::span<const Series> series, bool vertical, bool logarithmic, bool from_zero) {
    Axis axis{.low = INFINITY, .high = -INFINITY, .logarithmic = logarithmic};
    for (const Series& each : series)
        for (const float value : vertical ? each.y : each.x) {
            if (!axis.shows(value)) continue;
            axis.low = std::min(axis.low, static_cast<double>(value));
            axis.high = std::max(axis.high, static_cast<double>(value));
        }
    if (!(axis.low <= axis.high)) axis.low = axis.high = logarithmic ? 1 : 0;
    if (from_zero && !logarithmic) axis.low = std::min(axis.low, 0.0), axis.high = std::max(axis.high, 0.0);
    if (axis.low == axis.high) {
        axis.high = logarithmic ? axis.high * 10 : axis.high + 1;
    } else if (vertical) {
        const double margin = (axis.high - axis.low) * 0.05;
        if (logarithmic) axis.low /= 1.2, axis.high *= 1.2;
        else axis.high += margin, axis.low -= from_zero && axis.low == 0 ? 0 : margin;
    }
    return axis;
}

ImU32 color_of(std::span<const Series> series, size_t at) {
    return series[at].color ? series[at].color : theme().color.series[at % std::size(theme().color.series)];
}

void draw_axes(const Axis& x, const Axis& y, const PlotStyle& style) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const int rows = std::max(2, static_cast<int>((y.from - y.to) / t.px(40))),
              columns = std::max(2, static_cast<int>((x.to - x.from) / t.px(80)));
    for (const double tick : axis_ticks(y.low, y.high, rows, y.logarithmic)) {
        const float at = std::floor(y.place(tick)) + 0.5f;
        list->AddLine({x.from, at}, {x.to, at}, t.color.card_border);
        const std::string text = number(tick);
        draw_text({x.from - text_width(text.c_str(), t.small_text) - t.px(6), at - t.px(t.small_text) / 2}, text.c_str(), t.small_text,
                  t.color.text_soft);
    }
    for (const double tick : axis_ticks(x.low, x.high, columns, x.logarithmic)) {
        if (style.whole_x && std::fabs(tick - std::round(tick)) > 1e-6) continue;
        const std::string text = style.whole_x ? std::to_string(std::lround(tick)) : number(tick);
        const float width = text_width(text.c_str(), t.small_text),
                    at = std::clamp(x.place(tick) - width / 2, x.from, std::max(x.to - width, x.from));
        draw_text({at, y.from + t.px(4)}, text.c_str(), t.small_text, t.color.text_soft);
    }
    list->AddLine({x.from, y.from}, {x.to, y.from}, t.color.text_soft);
    if (style.x_label)
        draw_text({x.to - text_width(style.x_label, t.small_text), y.from + t.px(18)}, style.x_label, t.small_text, t.color.text_soft);
}

void draw_series(const Series& series, const Axis& x, const Axis& y, ImU32 color) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const size_t count = std::min(series.x.size(), series.y.size());
    const auto stroke = [&] { list->PathStroke(color, 0, theme().px(2)); };
    for (size_t i = 0; i < count; ++i) {
        if (x.shows(series.x[i]) && y.shows(series.y[i])) list->PathLineTo({x.place(series.x[i]), y.place(series.y[i])});
        else stroke();
    }
    stroke();
    for (size_t i = 0; i < count && (count == 1 || series.dots); ++i)
        if (x.shows(series.x[i]) && y.shows(series.y[i]))
            list->AddCircleFilled({x.place(series.x[i]), y.place(series.y[i])}, theme().px(3), color);
}

// The values of all series at the x nearest to the pointer.
void draw_readout(std::span<const Series> series, const Axis& x, const Axis& y, const PlotStyle& style) {
    const Theme& t = theme();
    const float pointer = ImGui::GetIO().MousePos.x;
    std::string text;
    for (size_t s = 0; s < series.size(); ++s) {
        if (series[s].label.empty()) continue;
        const size_t count = std::min(series[s].x.size(), series[s].y.size());
        size_t best = count;
        float distance = INFINITY;
        for (size_t i = 0; i < count; ++i) {
            if (!x.shows(series[s].x[i]) || !y.shows(series[s].y[i])) continue;
            const float away = std::fabs(x.place(series[s].x[i]) - pointer);
            if (away < distance) distance = away, best = i;
        }
        if (best == count) continue;
        ImGui::GetWindowDrawList()->AddCircleFilled({x.place(series[s].x[best]), y.place(series[s].y[best])}, t.px(4), color_of(series, s));
        if (text.empty()) text = std::string(style.x_label ? style.x_label : "x") + " " + number(series[s].x[best]);
        text += "\n" + series[s].label + " " + number(series[s].y[best]);
    }
    if (!text.empty()) draw_tooltip(text.c_str());
}

// The names of the series, wrapped to the width; returns the height used.
float draw_legend(std::span<const Series> series, Rect area) {
    const Theme& t = theme();
    const float line = t.px(20);
    float x = area.x, y = area.y;
    for (size_t s = 0; s < series.size(); ++s) {
        if (series[s].label.empty()) continue;
        const float width = text_width(series[s].label.c_str(), t.small_text) + t.px(22);
        if (x > area.x && x + width > area.right()) x = area.x, y += line;
        ImGui::GetWindowDrawList()->AddRectFilled({x, y + t.px(5)}, {x + t.px(10), y + t.px(9)}, color_of(series, s), t.px(2));
        draw_text({x + t.px(14), y}, series[s].label.c_str(), t.small_text, t.color.text, area.right() - x - t.px(14));
        x += width + t.px(4);
    }
    return y + line - area.y;
}

std::vector<double> multiples(double step, double low, double high) {
    std::vector<double> out;
    for (double n = std::ceil(low / step - 1e-9); n * step <= high + step * 1e-9; ++n) out.push_back(n * step);
    return out;
}

std::vector<double> logarithmic_ticks(double low, double high, int wanted) {
    std::vector<double> ticks;
    const int first = static_cast<int>(std::ceil(std::log10(low) - 1e-9)), last = static_cast<int>(std::floor(std::log10(high) + 1e-9));
    if (last - first < 2) {
        // Powers of ten alone would be one or two.
        for (int power = first - 1; power <= last; ++power)
            for (const double factor : {1.0, 2.0, 5.0})
                if (const double tick = factor * std::pow(10.0, power); tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
                    ticks.push_back(tick);
        return ticks;
    }
    const int stride = std::max(1, (last - first) / std::max(wanted, 1));
    for (int power = first; power <= last; power += stride) ticks.push_back(std::pow(10.0, power));
    return ticks;
}

}  // namespace

std::vector<double> axis_ticks(double low, double high, int wanted, bool logarithmic) {
    if (!(low < high) || (logarithmic && low <= 0)) return {};
    if (logarithmic)
        if (const std::vector<double> ticks = logarithmic_ticks(low, high, wanted); ticks.size() >= 2) return ticks;
    const double raw = (high - low) / std::max(wanted, 1), power = std::pow(10.0, std::floor(std::log10(raw)));
    constexpr double factors[] = {0.5, 1, 2, 5, 10};
    size_t chosen = 1;
    while (chosen + 1 < std::size(factors) && factors[chosen] * power < raw * (1 - 1e-9)) ++chosen;
    std::vector<double> ticks = multiples(factors[chosen] * power, low, high);
    while (ticks.size() < 2 && chosen > 0) ticks = multiples(factors[--chosen] * power, low, high);
    return ticks;
}

PlotArea draw_plot(Stage& stage, std::string_view name, std::span<const Series> series, Rect area, const PlotStyle& style) {
    const Theme& t = theme();
    stage.place(name, area);
    const float legend = draw_legend(series, area);
    Axis x = axis_of(series, false, style.log_x, false), y = axis_of(series, true, style.log_y, style.from_zero);
    if (style.y_range) y.low = style.y_range->first, y.high = style.y_range->second;
    float label = 0;
    for (const double tick : axis_ticks(y.low, y.high, 4, y.logarithmic))
        label = std::max(label, text_width(number(tick).c_str(), t.small_text));
    x.from = area.x + label + t.px(8);
    x.to = area.right() - t.px(4);
    y.from = area.bottom() - t.px(style.x_label ? 36 : 22);
    y.to = area.y + legend + t.px(style.y_label ? 20 : 2);
    if (style.y_label) draw_text({area.x, area.y + legend}, style.y_label, t.small_text, t.color.text_soft, area.w);
    draw_axes(x, y, style);
    ImGui::PushClipRect({x.from, y.to - t.px(4)}, {x.to + t.px(4), y.from + t.px(2)}, true);
    for (size_t s = 0; s < series.size(); ++s) draw_series(series[s], x, y, color_of(series, s));
    ImGui::PopClipRect();
    ImGui::SetCursorScreenPos({x.from, y.to});
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("plot", {std::max(x.to - x.from, 1.0f), std::max(y.from - y.to, 1.0f)});
    const bool held = ImGui::IsItemActive();
    if (ImGui::IsItemHovered()) draw_readout(series, x, y, style);
    ImGui::PopID();
    return {{x.from, y.to, x.to - x.from, y.from - y.to}, x.low, x.high, y.low, y.high, held};
}

}  // namespace trilens

// Every sentence is chosen by the numbers that it names.
#include "demos/cnn/equivariance_view.h"

#include <algorithm>

#include "demos/text/text.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

float draw_comparison(Stage& stage, const std::string& layer, bool is_signed, const Look& look, Rect area) {
    const Theme& t = theme();
    const Graph& graph = *stage.graph;
    const std::string moved_name = "cnn.moved." + layer;
    if (!graph.contains(moved_name) || !graph.contains("cnn.moved.difference")) return 0;
    const Tensor moved = graph.find(moved_name).tensor(), expected = graph.find("cnn.moved.expected").tensor();
    // All three on one scale: what is small beside the maps looks small.
    float low = 0, high = 1e-6f;
    for (const Tensor& each : {moved, expected})
        for (const float value : each.values()) low = std::min(low, value), high = std::max(high, value);
    const float extreme = std::max(-low, high);
    GridStyle style;
    style.map = is_signed && look.diverging ? ColorMap::diverging : look.map;
    style.scale = style.map == ColorMap::diverging ? ColorScale{style.map, -extreme, extreme} : ColorScale{style.map, low, high};
    GridStyle difference;
    difference.map = ColorMap::diverging;
    difference.scale = ColorScale{difference.map, -extreme, extreme};
    style.scale_bar = difference.scale_bar = false;
    struct Row {
        std::string node;
        Text title;
        const GridStyle& style;
    };
    const Row rows[] = {{moved_name, Text::move_maps_moved, style},
                        {"cnn.moved.expected", Text::move_maps_expected, style},
                        {"cnn.moved.difference", Text::move_maps_difference, difference}};
    const std::string scale =
        say(Text::scale_from_to, {number(static_cast<double>(style.scale->low)), number(static_cast<double>(style.scale->high))});
    const std::string difference_scale =
        say(Text::scale_from_to, {number(static_cast<double>(-extreme)), number(static_cast<double>(extreme))});
    // Wide: every row's maps stand below those of the row before, the words to their left.
    const bool stacked = area.h <= 0;
    const float gap = t.px(5), left = stacked ? 0 : t.px(150), least = t.px(62);
    const float height = stacked ? 0 : std::max((area.h - 2 * gap) / 3, least);
    const float top = area.y;
    for (const Row& row : rows) {
        const float words = draw_paragraph(area.min(), say(row.title), t.small_text, t.color.text, stacked ? area.w : left - t.px(14));
        const char* range = &row == &rows[2] ? difference_scale.c_str() : scale.c_str();
        draw_text({area.x, area.y + words + t.px(2)}, range, t.small_text, t.color.text_soft, stacked ? area.w : left - t.px(14));
        const float above = words + t.px(t.small_text + 6);
        const Rect place = stacked ? Rect{area.x, area.y + above, area.w, 0} : Rect{area.x + left, area.y, area.w - left, height};
        draw_tensor(stage, row.node, place, row.style);
        area.cut_top(stacked ? above + tensor_height(stage, moved.shape(), area.w, row.style) + t.px(14)
                             : std::max(stage.rects().back().rect.h, above) + gap);
    }
    return area.y - top;
}

std::string comparison_sentence(const Comparison& found, const LayerGrid& grid, const Motion& motion) {
    constexpr float rounding = 1e-5f;   // of the largest value
    const std::string inside = number(static_cast<double>(found.largest_inside)),
                      border = number(static_cast<double>(found.largest_at_border)),
                      value = number(static_cast<double>(found.largest_value));
    if (motion == Motion{}) return say(Text::move_still);
    if (found.inside == 0) return say(Text::move_all_border, {border});
    if (found.largest_inside == 0) {
        if (found.largest_at_border == 0) return say(Text::move_same_everywhere);
        return std::string(say(Text::move_same)) + " " + say(Text::move_border, {border});
    }
    if (found.largest_inside < rounding * found.largest_value) return say(Text::move_rounding, {inside});
    if (motion.degrees != 0) return say(Text::move_turned, {inside, value});
    if (motion.scale != 1) return say(Text::move_scaled, {inside, value});
    if (!grid.whole_step(motion)) return say(Text::move_no_whole_step, {std::to_string(grid.step_x), inside, value});
    return say(Text::move_differs, {inside, value});
}

}  // namespace trilens

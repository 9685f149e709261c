// One cell of a convolution, multiplied and added with its real numbers: the window of one input map, and the sums of all of them.
#include <algorithm>
#include <cmath>

#include "demos/cnn/layer_scene.h"
#include "demos/text/text.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

// The window over one input map as the kernel lies on it; what it covers of the padding is 0.
struct ChannelWindow {
    std::vector<float> values, weights, products;
    std::unique_ptr<bool[]> outside;
    float sum = 0;
};

// The terms of the explanation by input map, in their order.
std::vector<ChannelWindow> windows_of(const LayerScene& scene, const Explanation& found) {
    const Node& node = scene.node();
    const Shape &x = scene.graph().node(node.inputs[0]).value.shape(), &w = scene.graph().node(node.inputs[1]).value.shape();
    const int64_t cells = w[2] * w[3];
    std::vector<ChannelWindow> windows(static_cast<size_t>(x[1]));
    for (ChannelWindow& each : windows) {
        each.values.resize(static_cast<size_t>(cells));
        each.products.resize(static_cast<size_t>(cells));
        each.outside = std::make_unique<bool[]>(static_cast<size_t>(cells));
        std::fill_n(each.outside.get(), cells, true);
    }
    for (int64_t c = 0; c < x[1]; ++c) {
        const float* kernel = scene.graph().node(node.inputs[1]).value.data() + (scene.map * x[1] + c) * cells;
        windows[static_cast<size_t>(c)].weights.assign(kernel, kernel + cells);
    }
    for (const Term& term : found.terms) {
        if (term.factor_node != node.inputs[1]) continue;   // the bias
        ChannelWindow& window = windows[static_cast<size_t>(term.factor_index / cells % x[1])];
        const auto at = static_cast<size_t>(term.factor_index % cells);
        window.values[at] = term.value;
        window.products[at] = term.value * term.factor;
        window.outside[at] = false;
        window.sum += term.value * term.factor;
    }
    return windows;
}

// Patch, kernel and products beside each other; kernels larger than 3 x 3 in two rows where it is narrow.
float draw_grids(const LayerScene& scene, const ChannelWindow& window, int64_t channel, Rect area) {
    const Theme& t = theme();
    const Node& node = scene.node();
    const int64_t columns = node.window.kernel_width, rows = node.window.kernel_height;
    const float gap = t.px(14), label = t.px(18);
    const bool row = area.w / 3 - gap >= static_cast<float>(columns) * t.px(24) || rows == 1;
    const int beside = rows == 1 ? 1 : row ? 3 : 2;
    const float width = (area.w - gap * static_cast<float>(beside - 1)) / static_cast<float>(beside);
    const float cell = std::min(std::floor(width / static_cast<float>(columns)), t.px(rows == 1 ? 26 : 36));
    const float height = label + cell * static_cast<float>(rows) + t.px(6);
    const auto place = [&](int i) {
        return ImVec2{area.x + static_cast<float>(i % beside) * (width + gap), area.y + static_cast<float>(i / beside) * height};
    };
    const auto draw = [&](int i, const char* name, const std::string& title, const std::vector<float>& values, ColorMap map, bool kernel) {
        const ImVec2 at = place(i);
        draw_text(at, title.c_str(), t.small_text, t.color.text_soft, width);
        NumberGrid grid{values, columns, cell, map};
        if (!kernel) grid.outside = {window.outside.get(), values.size()};
        return draw_number_grid(scene.stage, name, grid, {at.x, at.y + label});
    };
    const ColorMap map = scene.bench.look.map;
    draw(0, "cnn.layer.patch", say(Text::zoom_patch_of, {std::to_string(channel)}), window.values, map, false);
    const int64_t first = (scene.map * scene.graph().node(node.inputs[1]).value.shape()[1] + channel) * columns * rows;
    const GridTouch touch = draw(1, "cnn.layer.kernel", say(Text::zoom_kernel), window.weights, ColorMap::diverging, true);
    if (touch.hovered >= 0) scene.stage.inspector.hover({scene.name(node.inputs[1]), first + touch.hovered});
    draw(2, "cnn.layer.products", say(Text::zoom_products), window.products, ColorMap::diverging, false);
    return height * static_cast<float>((3 + beside - 1) / beside);
}

}  // namespace

float draw_cell_sum(const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    constexpr size_t most_maps = 16;
    const float top = area.y;
    const int64_t width = scene.shape().width;
    const Explanation found = scene.graph().explain(scene.layer().node, scene.element());
    const std::vector<ChannelWindow> windows = windows_of(scene, found);
    const auto strongest = static_cast<size_t>(
        std::ranges::max_element(windows, {}, [](const ChannelWindow& each) { return std::fabs(each.sum); }) - windows.begin());
    const std::string title =
        say(Text::zoom_cell, {std::to_string(scene.cell / width), std::to_string(scene.cell % width), std::to_string(scene.map)});
    area.cut_top(draw_paragraph(area.min(), title.c_str(), t.small_text, t.color.text, area.w) + t.px(6));
    area.cut_top(draw_grids(scene, windows[strongest], static_cast<int64_t>(strongest), area));
    std::vector<FormulaPart> parts;
    const auto add = [&](float value, ImU32 color) {
        const std::string size = short_number(std::fabs(value));
        const std::string sign = value < 0 && size != "0.00" ? (parts.empty() ? "-" : " - ") : parts.empty() ? "" : " + ";
        parts.push_back({sign + size, color});
    };
    for (size_t c = 0; c < std::min(windows.size(), most_maps); ++c)
        add(windows[c].sum, c == strongest ? t.color.accent : t.color.activation);
    if (windows.size() > most_maps) parts.push_back({" + ...", t.color.text_soft});
    for (const Term& term : found.terms)
        if (term.factor_node != scene.node().inputs[1]) add(term.value * term.factor, t.color.weight);
    parts.push_back({" = " + number(found.value), t.color.text});
    float height = 0;
    draw_formula(scene.stage, "cnn.layer.sum", parts, area, height);
    area.cut_top(height);
    return area.y - top + t.px(4);
}

}  // namespace trilens

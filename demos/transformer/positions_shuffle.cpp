// The second run is of a copy of the workbench, which shares the network.
#include "demos/transformer/positions_shuffle.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float tallest_row = 20, block_height = 340, label_width = 74, between = 70;  // units

// The last vectors of the encoder: after the norm that a pre-norm stack ends with, else the last layer's.
Tensor outputs_of(const TransformerWorkbench& bench) {
    const Graph& graph = *bench.graph();
    const std::string last = TransformerWorkbench::prefix(TransformerLook::Where::encoder, bench.plan().layers - 1);
    for (const std::string& name : {std::string("transformer.encoder.norm"), last + "norm2", last + "add2"})
        if (graph.contains(name)) return graph.find(name).tensor();
    return {};
}

// Rows from the class token's on.
Tensor rows_of(const Tensor& all, int64_t count) {
    const int64_t width = all.extent(-1), first = all.elements() / width - count;
    Tensor out(Shape{count, width});
    std::copy_n(all.data() + first * width, count * width, out.data());
    return out;
}

std::vector<std::string> last_labels(const TokenRow& row, int64_t count) { return {row.labels.end() - count, row.labels.end()}; }

void draw_block(Stage& stage, const char* name, const Tensor& rows, const std::vector<std::string>& labels, const ColorScale& scale,
                Rect area, float row) {
    const Theme& t = theme();
    const int64_t count = rows.extent(0), width = rows.extent(1);
    const Rect cells{area.x + t.px(label_width), area.y, area.w - t.px(label_width), row * static_cast<float>(count)};
    const float cell = cells.w / static_cast<float>(width);
    stage.place(name, cells);
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (int64_t i = 0; i < count; ++i) {
        const float y = cells.y + static_cast<float>(i) * row;
        if (row >= t.px(t.small_text))
            draw_text({area.x, y + (row - t.px(t.small_text)) / 2}, labels[static_cast<size_t>(i)].c_str(), t.small_text, t.color.text_soft,
                      t.px(label_width - 6));
        for (int64_t k = 0; k < width; ++k) {
            const float x = cells.x + static_cast<float>(k) * cell;
            list->AddRectFilled({x, y}, {x + cell, y + row - (row > 6 ? 2 : 0)}, scale.color(rows.data()[i * width + k]));
        }
    }
}

}  // namespace

std::optional<ShuffledOutputs> shuffled_outputs(const TransformerWorkbench& bench) {
    if (bench.writes() || !bench.graph() || bench.order().size() < 2) return std::nullopt;
    TransformerWorkbench other = bench;
    other.settings.shuffled = !bench.settings.shuffled;
    other.compute();
    if (!other.graph()) return std::nullopt;
    const TransformerWorkbench& in_order = bench.settings.shuffled ? other : bench;
    const TransformerWorkbench& mixed = bench.settings.shuffled ? bench : other;
    const auto count = static_cast<int64_t>(bench.order().size());
    ShuffledOutputs out{last_labels(in_order.source(), count), last_labels(mixed.source(), count), rows_of(outputs_of(in_order), count),
                        rows_of(outputs_of(mixed), count), mixed.order()};
    const int64_t width = out.plain.extent(1);
    for (int64_t i = 0; i < count; ++i)
        for (int64_t k = 0; k < width; ++k)
            out.largest_difference =
                std::max(out.largest_difference,
                         std::fabs(out.shuffled.data()[i * width + k] - out.plain.data()[out.order[static_cast<size_t>(i)] * width + k]));
    return out;
}

float draw_shuffled_outputs(Stage& stage, const ShuffledOutputs& outputs, Rect area) {
    const Theme& t = theme();
    const auto count = static_cast<float>(outputs.order.size());
    const float row = std::clamp(t.px(block_height) / count, 1.0f, t.px(tallest_row)), gap = t.px(stage.narrow ? between / 2 : between);
    const float width = (area.w - gap) / 2, title = t.px(t.small_text + 6);
    const ColorScale scale = ColorScale::of(ColorMap::diverging, outputs.plain.data(), outputs.plain.elements());
    const Rect left{area.x, area.y + title, width, row * count}, right{area.x + width + gap, area.y + title, width, row * count};
    draw_text(area.min(), say(Text::positions_plain), t.small_text, t.color.text_soft, width);
    draw_text({right.x, area.y}, say(Text::positions_shuffled), t.small_text, t.color.text_soft, width);
    draw_block(stage, "transformer.positions.plain", outputs.plain, outputs.labels, scale, left, row);
    draw_block(stage, "transformer.positions.shuffled", outputs.shuffled, outputs.shuffled_labels, scale, right, row);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float center = row / 2;
    for (size_t i = 0; i < outputs.order.size(); ++i) {
        const float from = left.y + static_cast<float>(outputs.order[i]) * row + center,
                    to = right.y + static_cast<float>(i) * row + center;
        list->AddLine({left.right() + t.px(3), from}, {right.x - t.px(3), to}, t.color.attention, t.px(1.2f));
    }
    return title + row * count;
}

}  // namespace trilens

// Cells are read from the tap of the weights; a cell that is hovered is that element, for the inspector.
#include "demos/transformer/predict_attention.h"

#include <algorithm>
#include <cmath>

#include "demos/text/text.h"
#include "demos/widgets/candidate_table.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float row_height = 22, head_width = 58, widest_cell = 72, least_label = 12, widest_picture = 150;  // units
constexpr ColorMap colors = ColorMap::viridis;

struct Weights {
    std::string node;
    Tensor values;  // [.., heads, Tq, Tk]
    int64_t heads = 0, queries = 0, keys = 0;
    int64_t flat(int64_t head, int64_t query, int64_t key) const { return (head * queries + query) * keys + key; }
    float at(int64_t head, int64_t query, int64_t key) const { return values.data()[flat(head, query, key)]; }
};

Weights weights_of(const TransformerWorkbench& bench, TransformerLook::Where where) {
    Weights out;
    out.node = TransformerWorkbench::prefix(where, bench.layer()) + "weights";
    out.values = bench.graph()->find(out.node).tensor();
    const Shape& shape = out.values.shape();
    out.heads = shape[-3];
    out.queries = shape[-2];
    out.keys = shape[-1];
    return out;
}

void draw_key_labels(const TokenRow& keys, float left, float cell, float y) {
    const Theme& t = theme();
    const float every = std::ceil(t.px(least_label) / cell);
    for (int64_t key = 0; key < keys.size(); key += static_cast<int64_t>(every)) {
        const char* label = keys.labels[static_cast<size_t>(key)].c_str();
        const float width = std::min(text_width(label, t.small_text), cell * every - 2);
        draw_text({left + (static_cast<float>(key) + 0.5f) * cell - width / 2, y}, label, t.small_text, t.color.text_soft, width + 1);
    }
}

}  // namespace

float PredictAttention::draw(Stage& stage, const TransformerWorkbench& bench, TransformerLook::Where where, int64_t query, Rect area,
                             int64_t& clicked) {
    const Theme& t = theme();
    const Weights weights = weights_of(bench, where);
    clicked = -1;
    if (query < 0 || query >= weights.queries || weights.keys == 0) return 0;
    const float left = area.x + t.px(head_width), row = t.px(row_height), label = t.px(t.small_text + 5);
    const float cell = std::min((area.right() - left) / static_cast<float>(weights.keys), t.px(widest_cell));
    draw_key_labels(bench.keys(where), left, cell, area.y);
    area.cut_top(label);
    stage.place("transformer.predict.attention",
                {left, area.y, cell * static_cast<float>(weights.keys), row * static_cast<float>(weights.heads)});
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const bool here = ImGui::IsWindowHovered();
    // One row more: the mean, which is no element of the graph.
    for (int64_t head = 0; head <= weights.heads; ++head) {
        const bool mean = head == weights.heads;
        const Rect line = area.cut_top(row + (mean ? t.px(4) : 0));
        const float y = line.bottom() - row;
        const std::string name = mean ? say(Text::predict_mean) : "H" + std::to_string(head + 1);
        const bool followed = head == bench.head();
        const auto weight_on = [&](int64_t key) {
            float value = 0;
            for (int64_t each = mean ? 0 : head; each < (mean ? weights.heads : head + 1); ++each) value += weights.at(each, query, key);
            return mean ? value / static_cast<float>(weights.heads) : value;
        };
        float greatest = 0;
        for (int64_t key = 0; key < weights.keys; ++key) greatest = std::max(greatest, weight_on(key));
        const ColorScale scale{colors, 0, greatest > 0 ? greatest : 1};  // a row of its own: of hundreds of keys none has much
        draw_text({line.x, y + t.px(3)}, name.c_str(), t.small_text, followed ? t.color.accent : t.color.text_soft, t.px(head_width) - 4);
        for (int64_t key = 0; key < weights.keys; ++key) {
            const float value = weight_on(key);
            const Rect place{left + static_cast<float>(key) * cell, y, cell, row};
            list->AddRectFilled(place.min(), {place.right() - (cell > 6 ? 1 : 0), place.bottom() - 1}, scale.color(value));
            if (!mean && here && place.contains(pointer)) stage.inspector.hover({weights.node, weights.flat(head, query, key)});
            if (cell >= t.px(34)) {
                const std::string told = short_number(value);
                draw_text({place.x + (cell - text_width(told.c_str(), t.small_text)) / 2, place.y + t.px(3)}, told.c_str(), t.small_text,
                          ink_on(scale.color(value)));
            }
        }
        if (mean) continue;
        ImGui::SetCursorScreenPos({line.x, y});
        ImGui::PushID(static_cast<int>(head));
        if (ImGui::InvisibleButton("attention_head", {t.px(head_width), row})) clicked = head;
        ImGui::PopID();
    }
    return label + row * static_cast<float>(weights.heads + 1) + t.px(4);
}

float PredictAttention::draw_pictures(Stage& stage, const TransformerWorkbench& bench, Rect area, int64_t& clicked) {
    const Theme& t = theme();
    const Weights weights = weights_of(bench, TransformerLook::Where::encoder);
    clicked = -1;
    const int64_t patches = weights.keys - 1;
    int64_t columns = 1;
    while ((columns + 1) * (columns + 1) <= patches) ++columns;
    const Tensor& vectors = bench.graph()->find("transformer.encoder.vectors").tensor();
    const int64_t features = vectors.extent(-1);
    int64_t patch = 1;
    while ((patch + 1) * (patch + 1) <= features) ++patch;
    const float gap = t.px(8), label = t.px(t.small_text + 6);
    const auto heads = static_cast<float>(weights.heads);
    const float per_row = area.w >= heads * t.px(96) + (heads - 1) * gap ? heads : 2;
    const float side = std::floor(std::min((area.w - (per_row - 1) * gap) / per_row, t.px(widest_picture)));
    const float cell = side / static_cast<float>(columns), pixel = cell / static_cast<float>(patch);
    float greatest = 0;
    for (int64_t head = 0; head < weights.heads; ++head)
        for (int64_t key = 1; key <= patches; ++key) greatest = std::max(greatest, weights.at(head, 0, key));
    const ColorScale scale{colors, 0, greatest > 0 ? greatest : 1};
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    for (int64_t head = 0; head < weights.heads; ++head) {
        const auto column = static_cast<float>(head % static_cast<int64_t>(per_row)),
                   line = static_cast<float>(head / static_cast<int64_t>(per_row));
        const Rect place{area.x + column * (side + gap), area.y + line * (side + label + gap) + label, side, side};
        const std::string name =
            "H" + std::to_string(head + 1) + ": " + say(Text::predict_class_itself, {percent_text(weights.at(head, 0, 0))});
        draw_text({place.x, place.y - label}, name.c_str(), t.small_text, head == bench.head() ? t.color.accent : t.color.text_soft, side);
        stage.place("transformer.predict.picture:" + std::to_string(head), place);
        for (int64_t key = 1; key <= patches; ++key) {
            const float x = place.x + static_cast<float>((key - 1) % columns) * cell,
                        y = place.y + static_cast<float>((key - 1) / columns) * cell;
            list->AddRectFilled({x, y}, {x + cell, y + cell}, scale.color(weights.at(head, 0, key)));
            for (int64_t i = 0; i < features; ++i) {
                const float ink = vectors.data()[(key - 1) * features + i];
                if (ink < 0.05f) continue;
                const float px = x + static_cast<float>(i % patch) * pixel, py = y + static_cast<float>(i / patch) * pixel;
                list->AddRectFilled({px, py}, {px + pixel, py + pixel},
                                    IM_COL32(255, 255, 255, static_cast<int>(200 * std::min(ink, 1.0f))));
            }
            if (Rect{x, y, cell, cell}.contains(pointer) && ImGui::IsWindowHovered())
                stage.inspector.hover({weights.node, weights.flat(head, 0, key)});
        }
        ImGui::SetCursorScreenPos(place.min());
        ImGui::PushID(static_cast<int>(head));
        if (ImGui::InvisibleButton("picture_head", {side, side})) clicked = head;
        ImGui::PopID();
    }
    return std::ceil(heads / per_row) * (side + label + gap);
}

}  // namespace trilens

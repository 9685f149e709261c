// All heads of all layers as small maps, what the chosen one does, and the shapes of its layer's tensors. The maps are one texture: one
// draw call however many there are.
#include <algorithm>
#include <array>
#include <cmath>

#include "demos/text/text.h"
#include "demos/transformer/heads_picture.h"
#include "demos/transformer/heads_view.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float smallest = 32, largest = 96, touched = 44, label_size = 11, grid_height = 300;  // units
constexpr const char* switch_fields[] = {"transformer.head.", "transformer.decoder_head.", "transformer.cross_head."};
constexpr const char* stack_ids[] = {"encoder", "decoder", "cross"};
constexpr const char* mode_ids[] = {"on", "off", "uniform"};

std::string shape_text(const Tensor& tensor) {
    std::string text = tensor.rank() < 3 || (tensor.rank() == 3 && tensor.extent(0) != 1) ? "(1" : "(";  // one sequence is a batch of one
    for (const int64_t extent : tensor.shape().extents()) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + ")";
}

}  // namespace

void TransformerHeadsView::paint_grid(Stage& stage, Rect first, float pitch_x, float pitch_y, int64_t layers, int64_t heads) {
    const float pixels = stage.device_pixels;
    const auto whole = [pixels](float units) { return std::max<int64_t>(1, std::lround(units * pixels)); };
    const int64_t width = whole(static_cast<float>(heads - 1) * pitch_x + first.w),
                  height = whole(static_cast<float>(layers - 1) * pitch_y + first.h);
    const std::string name = "transformer.heads.grid.picture";
    ImageTextures::Entry& entry = stage.textures.get(name, static_cast<int>(width), static_cast<int>(height));
    const std::string look = std::to_string(bench().version()) + " " + std::to_string(static_cast<int>(bench().stack())) + " " +
                             std::to_string(theme().dark) + " " + std::to_string(by_rows() ? -1 : greatest()) + " " +
                             std::to_string(first.w) + " " + std::to_string(first.h) + " " + std::to_string(layers) + " " +
                             std::to_string(heads);
    if (entry.look != look) {
        entry.look = look;
        const std::span<uint32_t> to = entry.texture.pixels();
        std::ranges::fill(to, theme().color.card & 0x00ffffffu);
        for (int64_t layer = 0; layer < layers; ++layer) {
            const Tensor& weights = bench().graph()->find(TransformerWorkbench::prefix(bench().stack(), layer) + "weights").tensor();
            const int64_t rows = weights.extent(-2), columns = weights.extent(-1);
            for (int64_t head = 0; head < heads; ++head) {
                const std::span<const float> map =
                    weights.values().subspan(static_cast<size_t>(head * rows * columns), static_cast<size_t>(rows * columns));
                uint32_t* corner = to.data() + whole(static_cast<float>(layer) * pitch_y) * (layer > 0) * width +
                                   whole(static_cast<float>(head) * pitch_x) * (head > 0);
                const int64_t wide = std::min(whole(first.w), width), high = std::min(whole(first.h), height);
                const std::vector<float> relative = by_rows() ? relative_to_rows(map, columns) : std::vector<float>{};
                paint_map(corner, width, wide, high, {by_rows() ? relative : map, columns, 0, 0, rows, columns},
                          {ColorMap::viridis, 0, greatest()});
            }
        }
        entry.texture.upload();
    }
    ImGui::GetWindowDrawList()->AddImage(entry.texture.reference(), first.min(),
                                         {first.x + static_cast<float>(width) / pixels, first.y + static_cast<float>(height) / pixels});
}

// A map that is off is struck through, a uniform one has a sign of equality; the chosen one is framed.
void TransformerHeadsView::draw_small(Stage& stage, int64_t layer, int64_t head, Rect map) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string name = "transformer.heads.small:" + std::to_string(layer) + "." + std::to_string(head),
                      label = head_name(layer, head);
    const HeadMode now = mode(layer, head);
    const bool chosen = layer == bench().layer() && head == bench().head();
    const float line = t.px(label_size + 3);
    const Rect whole{map.x, map.y - line, map.w, map.h + line};
    stage.place(name, whole);
    ImGui::SetCursorScreenPos(whole.min());
    ImGui::PushID(name.c_str());
    if (ImGui::InvisibleButton("map", {whole.w, whole.h}, ImGuiButtonFlags_EnableNav) && was_tap()) {
        if (layer != bench().layer()) set("transformer.layer", layer + 1);
        if (head != bench().head()) set("transformer.head", head + 1);
    }
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered();
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) {
        const HeadsReading reading(*bench().graph(), bench().stack(), layer);
        float sum = 0;
        for (int64_t query = 0; query < reading.queries; ++query) sum += entropy(reading.row(reading.weights, head, query));
        const std::string mean = number(static_cast<double>(sum / static_cast<float>(reading.queries)));
        draw_tooltip(say(Text::heads_small_help, {std::to_string(layer + 1), std::to_string(head + 1), mean}).c_str());
    }
    draw_text({map.x, whole.y}, label.c_str(), label_size, chosen ? t.color.accent : t.color.text_soft, map.w);
    if (now == HeadMode::off) {
        list->AddRectFilled(map.min(), map.max(), with_alpha(t.color.card, 0.55f));
        list->AddLine({map.x, map.bottom()}, {map.right(), map.y}, t.color.warning, t.px(3));
    } else if (now == HeadMode::uniform) {
        const ImVec2 middle{map.x + map.w / 2, map.y + map.h / 2};
        list->AddRectFilled({middle.x - t.px(11), middle.y - t.px(10)}, {middle.x + t.px(11), middle.y + t.px(10)}, t.color.card, t.px(4));
        for (const float aside : {-3.0f, 3.0f})
            list->AddLine({middle.x - t.px(6), middle.y + t.px(aside)}, {middle.x + t.px(6), middle.y + t.px(aside)}, t.color.warning,
                          t.px(2.5f));
    }
    if (chosen || hovered)
        list->AddRect({map.x - t.px(2), map.y - t.px(2)}, {map.right() + t.px(2), map.bottom() + t.px(2)},
                      chosen ? t.color.accent : t.color.text_soft, t.px(3), 0, t.px(chosen ? 2.5f : 1.5f));
}

float TransformerHeadsView::draw_grid(Stage& stage, Rect area) {
    const Theme& t = theme();
    const TransformerPlan plan = bench().plan();
    const int64_t layers = plan.layers, heads = plan.layer.num_heads;
    const int64_t queries = bench().queries(bench().stack()).size(), keys = bench().keys(bench().stack()).size();
    const float gap = t.px(6), line = t.px(label_size + 3), unit = 1 / stage.device_pixels;
    const float across = (area.w - t.px(4)) / static_cast<float>(heads) - gap,
                down = t.px(grid_height) / static_cast<float>(layers) - line - gap;
    const float least = t.px(stage.touch ? touched : smallest);
    const float side = std::floor(std::min(across, std::clamp(down, least, t.px(largest))) / unit) * unit;
    const auto most = static_cast<float>(std::max(queries, keys));
    const auto share = [&](int64_t count) { return std::max(std::round(side * static_cast<float>(count) / most / unit) * unit, t.px(10)); };
    const Rect first{std::round((area.x + t.px(2)) / unit) * unit, std::round((area.y + line) / unit) * unit, share(keys), share(queries)};
    const float pitch_x = side + gap, pitch_y = first.h + std::round((line + gap) / unit) * unit;
    paint_grid(stage, first, pitch_x, pitch_y, layers, heads);
    for (int64_t layer = 0; layer < layers; ++layer)
        for (int64_t head = 0; head < heads; ++head)
            draw_small(stage, layer, head,
                       {first.x + static_cast<float>(head) * pitch_x, first.y + static_cast<float>(layer) * pitch_y, first.w, first.h});
    return line + static_cast<float>(layers) * pitch_y;
}

// What the chosen head does.
float TransformerHeadsView::draw_modes(Stage& stage, Rect area) {
    const Theme& t = theme();
    const int64_t layer = bench().layer(), head = bench().head();
    const std::string label = head_name(layer, head);
    const float row = t.px(stage.touch ? t.touch_target : t.control_height), wide = text_width(label.c_str(), t.text) + t.px(10);
    draw_text({area.x, area.y + (row - t.px(t.text)) / 2}, label.c_str(), t.text, t.color.text);
    const std::string field = switch_fields[static_cast<size_t>(bench().stack())] + std::to_string(layer) + "." + std::to_string(head);
    const std::array<Tab, 3> tabs{Tab{mode_ids[0], say(Text::transformer_head_on), say(Text::heads_on_help)},
                                  Tab{mode_ids[1], say(Text::transformer_head_off), say(Text::heads_off_help)},
                                  Tab{mode_ids[2], say(Text::transformer_head_uniform), say(Text::heads_uniform_help)}};
    float height = 0;
    const Rect beside{area.x + wide, area.y, area.w - wide, 0};
    if (const auto chosen = draw_tabs(stage, "transformer.heads.mode", tabs, static_cast<int>(mode(layer, head)), beside, height))
        set(field, std::string(mode_ids[*chosen]));
    return height + t.px(6);
}

float TransformerHeadsView::draw_shapes(Stage& stage, const HeadsReading& reading, Rect area) {
    const Theme& t = theme();
    const std::string text = say(Text::heads_shapes, {shape_text(reading.q), shape_text(reading.k), shape_text(reading.v),
                                                      shape_text(reading.weights), shape_text(reading.out)});
    const float height = draw_paragraph(area.min(), text.c_str(), t.small_text, t.color.text_soft, area.w);
    stage.place("transformer.heads.shapes", {area.x, area.y, area.w, height});
    return height;
}

float TransformerHeadsView::draw_all(Stage& stage, const HeadsReading& reading, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<Where> stacks = bench().stacks();
    if (stacks.size() > 1) {
        constexpr Text labels[] = {Text::transformer_stack_encoder, Text::transformer_stack_decoder, Text::transformer_stack_cross};
        constexpr Text helps[] = {Text::heads_encoder_help, Text::heads_decoder_help, Text::heads_cross_help};
        std::vector<Tab> tabs;
        int at = 0;
        for (const Where where : stacks) {
            const auto number = static_cast<size_t>(where);
            if (where == bench().stack()) at = static_cast<int>(tabs.size());
            tabs.push_back({stack_ids[number], say(labels[number]), say(helps[number])});
        }
        float height = 0;
        if (const auto chosen = draw_tabs(stage, "transformer.heads.stack", tabs, at, area, height))
            set("transformer.stack", tabs[static_cast<size_t>(*chosen)].id);
        area.cut_top(height + t.px(6));
    }
    const float grid = draw_grid(stage, area);
    stage.place("transformer.heads.grid", {area.x, area.y, area.w, grid});
    area.cut_top(grid);
    if (by_rows()) area.cut_top(draw_paragraph(area.min(), say(Text::heads_by_rows), t.small_text, t.color.text_soft, area.w) + t.px(4));
    area.cut_top(draw_modes(stage, area));
    area.cut_top(draw_shapes(stage, reading, area));
    return area.y - top;
}

}  // namespace trilens

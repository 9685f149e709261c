// How the Sandbox is drawn: input and kernel above, what comes out of them below, then what it costs.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "demos/cnn/sandbox.h"
#include "demos/text/text.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/stepper.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr const char* times = " \xc3\x97 ";
constexpr float title_height = 22;   // units

// Values, also where the other views show gradients: there is no loss behind these maps.
GridStyle style_of(const Look& look, bool is_signed) {
    GridStyle style;
    style.map = is_signed && look.diverging ? ColorMap::diverging : look.map;
    return style;
}

float stepper_height() { return theme().px(theme().small_text + 6 + theme().control_height); }

// "28 x 28" of [1, 1, 28, 28], "128" of a curve.
std::string extent_text(const Shape& shape) {
    const std::string width = std::to_string(shape[-1]);
    return shape[-2] == 1 && shape[-1] > 1 ? width : std::to_string(shape[-2]) + times + width;
}

// What was left out where a kernel with dilation reads the input: a dot on every cell that counts.
void draw_read_cells(const Stage& stage, const Tensor& x, Rect maps) {
    const Element* subject = stage.inspector.subject();
    if (!subject || subject->node != "cnn.sandbox.conv" || subject->gradient) return;
    const float width = maps.w / static_cast<float>(x.extent(-1)), height = maps.h / static_cast<float>(x.extent(-2));
    const int input = stage.graph->find("cnn.input").node;
    for (const Term& term : stage.inspector.explanation().terms) {
        if (term.node != input) continue;
        const ImVec2 middle{maps.x + (static_cast<float>(term.index % x.extent(-1)) + 0.5f) * width,
                            maps.y + (static_cast<float>(term.index / x.extent(-1)) + 0.5f) * height};
        ImGui::GetWindowDrawList()->AddCircleFilled(middle, std::min(width, height) * 0.3f, theme().color.mark);
    }
}

}  // namespace

std::string Sandbox::activation_title() const {
    switch (activation_) {
    case Activation::relu: return say(Text::layer_relu);
    case Activation::leaky: return say(Text::layer_leaky);
    case Activation::tanh: return say(Text::sandbox_tanh);
    case Activation::none: break;
    }
    return "";
}

// A choice as buttons beside each other, wrapped, after its label if it has one; `at` moves to where the next may stand.
void Sandbox::draw_choice(Stage& stage, const char* field, const char* label, std::span<const Option> options, int now, Rect area,
                          ImVec2& at) {
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : t.control_height - 4), gap = t.px(4);
    const auto wide = [&](Text text) { return text_width(say(text), t.text) + t.px(16); };
    float needed = *label ? text_width(label, t.small_text) + t.px(8) : 0;
    for (const Option& each : options) needed += wide(each.label) + gap;
    if (at.x > area.x && at.x + needed > area.right()) at = {area.x, at.y + height + gap};
    if (*label) {
        draw_text({at.x, at.y + (height - t.px(t.small_text)) / 2}, label, t.small_text, t.color.text_soft);
        at.x += text_width(label, t.small_text) + t.px(8);
    }
    for (const Option& each : options) {
        const float width = wide(each.label);
        if (at.x + width > area.right() && at.x > area.x) at = {area.x, at.y + height + gap};
        const std::string name = std::string(field) + ":" + each.id;
        if (draw_button(stage, name.c_str(), say(each.label), {at.x, at.y, width, height}, &each - options.data() == now))
            set(field, std::string(each.id));
        at.x += width + gap;
    }
}

float Sandbox::draw_kinds(Stage& stage, Rect area) {
    ImVec2 at = area.min();
    draw_choice(stage, "cnn.sandbox.kernel", "", kernel_options, static_cast<int>(kind_), area, at);
    return at.y - area.y + theme().px(stage.touch ? theme().touch_target : theme().control_height - 4);
}

float Sandbox::draw_after(Stage& stage, Rect area) {
    const Theme& t = theme();
    ImVec2 at = area.min();
    draw_choice(stage, "cnn.sandbox.activation", say(Text::field_sandbox_activation), activation_options, static_cast<int>(activation_),
                area, at);
    at.x += t.px(18);
    draw_choice(stage, "cnn.sandbox.pool", say(Text::field_sandbox_pool), pool_options, static_cast<int>(pool_), area, at);
    return at.y - area.y + t.px(stage.touch ? t.touch_target : t.control_height - 4);
}

float Sandbox::draw_input(Stage& stage, Rect area) {
    const Theme& t = theme();
    const std::string title = say(Text::sandbox_input, {extent_text(value("cnn.input").shape())});
    draw_text(area.min(), title.c_str(), t.small_text, t.color.text_soft, area.w);
    const GridStyle style = style_of(bench().look, bench().curves());
    draw_tensor(stage, "cnn.input", {area.x, area.y + t.px(title_height), area.w, area.h > 0 ? area.h - t.px(title_height) : 0}, style);
    const Rect maps = stage.rects().back().rect;
    if (dilation_ > 1) draw_read_cells(stage, value("cnn.input"), maps);
    return maps.bottom() - area.y + t.px(title_height);
}

float Sandbox::draw_kernel(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const Tensor kernel = value("cnn.sandbox.kernel");
    const std::string title = say(Text::sandbox_kernel, {extent_text(kernel.shape())});
    draw_text(area.min(), title.c_str(), t.small_text, t.color.text_soft, area.w);
    area.cut_top(t.px(title_height));
    const float side = area.h > 0 ? std::min(area.w, area.h - t.px(40)) : area.w;
    const float cells = kernel.extent(-2) == 1 ? area.w : side;
    const KernelEditor::Event event = editor_.draw(stage, "cnn.sandbox.kernel", kernel, {area.x, area.y, cells, 0});
    area.cut_top(KernelEditor::cell_size(kernel, cells) * static_cast<float>(kernel.extent(-2)) + t.px(6));
    const Tensor learned = kind_ == KernelKind::learned ? learned_kernels() : Tensor();
    if (!learned.empty()) {
        const int64_t at = learned_at(learned), count = learned.extent(0);
        const std::string which = say(Text::sandbox_learned_of, {std::to_string(at + 1), std::to_string(count)});
        const Rect place{area.x, area.y, std::min(area.w, t.px(200)), stepper_height()};
        if (const int step =
                draw_stepper(stage, "cnn.sandbox.learned", say(Text::field_sandbox_learned), which, place, at > 0, at + 1 < count))
            set("cnn.sandbox.learned", at + step);
        area.cut_top(place.h);
    } else {
        const Text hint = kind_ == KernelKind::learned                       ? Text::sandbox_no_learned
                          : kind_ == KernelKind::sobel_y && bench().curves() ? Text::sandbox_no_y
                          : stage.touch                                      ? Text::sandbox_kernel_hint_touch
                                                                             : Text::sandbox_kernel_hint;
        area.cut_top(draw_paragraph(area.min(), say(hint), t.small_text, t.color.text_soft, area.w));
    }
    take(event);
    return area.y - top;
}

// What is tried most, in reach of the picture; the settings have all of them.
float Sandbox::draw_steppers(Stage& stage, Rect area) {
    struct Entry {
        const char* name;
        Text label;
        int64_t now, least, most;
    };
    const Theme& t = theme();
    const bool own = kind_ != KernelKind::learned;
    const int64_t size = own ? size_ : value("cnn.sandbox.kernel").extent(-1);
    const Entry entries[] = {{"cnn.sandbox.size", Text::field_sandbox_size, size, own ? 1 : size, own ? largest_kernel : size},
                             {"cnn.sandbox.stride", Text::field_sandbox_stride, stride_, 1, most_stride},
                             {"cnn.sandbox.padding", Text::field_sandbox_padding, padding_, 0, most_padding},
                             {"cnn.sandbox.dilation", Text::field_sandbox_dilation, dilation_, 1, most_dilation}};
    const float gap = t.px(14), width = std::min((area.w - gap) / 2, t.px(200)), height = stepper_height() + t.px(10);
    for (size_t i = 0; i < std::size(entries); ++i) {
        const Entry& each = entries[i];
        const Rect place{area.x + static_cast<float>(i % 2) * (width + gap), area.y + static_cast<float>(i / 2) * height, width, height};
        if (const int step = draw_stepper(stage, each.name, say(each.label), std::to_string(each.now), place, each.now > each.least,
                                          each.now < each.most))
            set(each.name, each.now + step);
    }
    return 2 * height;
}

// All three maps in the colours of the first: what the activation does to a number is seen.
float Sandbox::draw_map(Stage& stage, const char* node, const std::string& title, Rect area) const {
    const Theme& t = theme();
    const Tensor first = value("cnn.sandbox.conv");
    GridStyle style = style_of(bench().look, true);
    if (!bench().curves()) style.max_cell = 48;   // maps of a few cells stay large enough to point at
    style.scale = ColorScale::of(style.map, first.data(), first.elements());
    draw_text(area.min(), title.c_str(), t.small_text, t.color.text_soft, area.w);
    draw_tensor(stage, node, {area.x, area.y + t.px(title_height), area.w, area.h > 0 ? area.h - t.px(title_height) : 0}, style);
    return stage.rects().back().rect.bottom() + t.px(22) - area.y;
}

// A dot on the cell that won in each window.
void Sandbox::draw_winners(Stage& stage, Rect maps) const {
    if (pool_ != Pool::max || !stage.graph->contains("cnn.sandbox.pool")) return;
    const Shape shape = value("cnn.sandbox.activation").shape();
    const int pool = stage.graph->find("cnn.sandbox.pool").node;
    const float width = maps.w / static_cast<float>(shape[-1]), height = maps.h / static_cast<float>(shape[-2]);
    const float radius = std::clamp(std::min(width, height) * 0.24f, theme().px(1), theme().px(4));
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (int64_t cell = 0; cell < stage.graph->node(pool).value.elements(); ++cell) {
        const Explanation found = stage.graph->explain(pool, cell);
        // Where all are equal nobody won.
        if (std::ranges::all_of(found.terms, [&](const Term& term) { return term.value == found.value; })) continue;
        for (const Term& term : found.terms) {
            if (term.factor != 1) continue;
            const ImVec2 middle{maps.x + (static_cast<float>(term.index % shape[-1]) + 0.5f) * width,
                                maps.y + (static_cast<float>(term.index / shape[-1]) + 0.5f) * height};
            list->AddCircleFilled(middle, radius + theme().px(1), IM_COL32(0, 0, 0, 160));
            list->AddCircleFilled(middle, radius, theme().color.mark);
        }
    }
}

float Sandbox::draw_pooled(Stage& stage, Rect area) const {
    const Theme& t = theme();
    if (!stage.graph->contains("cnn.sandbox.pool")) {
        const std::string why =
            pool_ == Pool::none
                ? say(Text::sandbox_not_pooled)
                : say(Text::sandbox_pool_misfit, {std::to_string(pool_size_), std::to_string(value("cnn.sandbox.conv").extent(-1))});
        return draw_paragraph(area.min(), why.c_str(), t.small_text, pool_ == Pool::none ? t.color.text_soft : t.color.warning, area.w);
    }
    const Text title = pool_ == Pool::max ? Text::sandbox_max_pooled : Text::sandbox_average_pooled;
    return draw_map(stage, "cnn.sandbox.pool", say(title, {extent_text(value("cnn.sandbox.pool").shape())}), area);
}

// Three places a row where it is wide: input, kernel, sums; then before, after, pooled. Curves take the whole width.
float Sandbox::draw_operation(Stage& stage, Rect area, float side) {
    const Theme& t = theme();
    const float top = area.y, gap = t.px(18);
    const bool curve = bench().curves();
    area.h = 0;   // as high as it takes
    const int columns = stage.narrow ? (area.w < t.px(560) ? 2 : 3) : 3;
    const float width = (area.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    area.cut_top(draw_kinds(stage, area) + t.px(10));
    const auto at = [&](int column, float height) {
        return Rect{area.x + static_cast<float>(column) * (width + gap), area.y, width, height};
    };
    if (curve) {
        area.cut_top(draw_input(stage, {area.x, area.y, area.w, 0}) + t.px(8));
        const float half = (area.w - gap) / 2;
        const float kernel = draw_kernel(stage, {area.x, area.y, stage.narrow ? area.w : half, 0});
        if (stage.narrow) area.cut_top(kernel + t.px(8));
        const float steppers = draw_steppers(stage, stage.narrow ? area : Rect{area.x + half + gap, area.y, half, 0});
        area.cut_top(stage.narrow ? steppers : std::max(kernel, steppers));
    } else if (columns == 2) {
        const float height = std::max(draw_input(stage, at(0, 0)), draw_kernel(stage, at(1, 0)));
        area.cut_top(height + t.px(4));
        area.cut_top(draw_steppers(stage, area));
    } else {
        const float height = side + t.px(title_height + 22);
        const float used = std::max(draw_input(stage, at(0, height)), draw_kernel(stage, at(1, height)));
        area.cut_top(std::max(used, draw_steppers(stage, at(2, height))) + t.px(4));
    }
    area.cut_top(draw_shapes(stage, area) + t.px(6));
    area.cut_top(draw_after(stage, area) + t.px(10));
    const int64_t in = value("cnn.input").extent(-1);
    const WindowCount window = convolution(in, value("cnn.sandbox.kernel").extent(-1));
    if (!stage.graph->contains("cnn.sandbox.conv")) {
        const std::string why = say(Text::sandbox_kernel_misfit, {std::to_string(window.reach()), std::to_string(in + 2 * padding_)});
        return area.y - top + draw_paragraph(area.min(), why.c_str(), t.text, t.color.warning, area.w);
    }
    const std::string size = extent_text(value("cnn.sandbox.conv").shape());
    const std::string before = say(Text::sandbox_conv, {size});
    const std::string after = activation_ == Activation::none ? say(Text::sandbox_not_activated, {size})
                                                              : say(Text::sandbox_activated, {activation_title(), size});
    const float open = columns == 2 || curve ? 0 : side + t.px(title_height + 22);
    float used = draw_map(stage, "cnn.sandbox.conv", before, curve ? area : at(0, open));
    if (curve) area.cut_top(used + t.px(6));
    const float second = draw_map(stage, "cnn.sandbox.activation", after, curve ? area : at(1, open));
    draw_winners(stage, stage.rects().back().rect);
    used = std::max(used, second);
    if (curve || columns == 2) area.cut_top((curve ? second : used) + t.px(8));
    const float third = draw_pooled(stage, curve ? area : columns == 2 ? at(0, 0) : at(2, open));
    return area.y - top + (curve || columns == 2 ? third : std::max(used, third));
}

float Sandbox::draw(Stage& stage, Rect area) {
    if (!stage.graph || !stage.graph->contains("cnn.sandbox.kernel")) return 0;
    const Theme& t = theme();
    const float top = area.y;
    // Both rows of maps and the table are seen at once where that is possible.
    const float side = std::clamp((area.h - t.px(380)) / 2, t.px(150), t.px(240));
    area.cut_top(cards_.draw(stage, "cnn.sandbox.layer", nullptr, area, [&](Rect inner) { return draw_operation(stage, inner, side); }));
    area.cut_top(
        cards_.draw(stage, "cnn.sandbox.cost", say(Text::sandbox_cost_title), area, [&](Rect inner) { return draw_cost(stage, inner); }));
    // While nothing is looked at, the cell that the kernel answers to most.
    if (stage.graph->contains("cnn.sandbox.conv")) {
        const auto values = value("cnn.sandbox.conv").values();
        const auto most = std::ranges::max_element(values, {}, [](float value) { return std::fabs(value); });
        stage.inspector.suggest({"cnn.sandbox.conv", most - values.begin()});
    }
    return area.y - top - t.px(t.gap);
}

}  // namespace trilens

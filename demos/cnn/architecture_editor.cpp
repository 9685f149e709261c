// Layers are buttons that wrap to the width; the chosen one's sizes are steppers below.
#include "demos/cnn/architecture_editor.h"

#include <imgui.h>

#include <algorithm>
#include <cstring>

#include "demos/cnn/network_view.h"
#include "demos/cnn/overview.h"
#include "demos/text/text.h"
#include "demos/widgets/stepper.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

using Kind = LayerPlan::Kind;
constexpr float space = 6;  // units
constexpr size_t longest_line = 500, most_layers = 24;

// What a new layer of each kind starts as.
const LayerPlan new_layers[] = {{.kind = Kind::conv, .size = 8, .kernel = 3}, {.kind = Kind::relu},  {.kind = Kind::max, .kernel = 2},
                                {.kind = Kind::average, .kernel = 2},         {.kind = Kind::norm},  {.kind = Kind::dense, .size = 32},
                                {.kind = Kind::dropout, .size = 25},          {.kind = Kind::leaky}, {.kind = Kind::tanh}};

float row_height(const Stage& stage) { return theme().px(stage.touch ? theme().touch_target : theme().control_height); }

// Places things one after the other, in as many rows as it takes.
class Row {
public:
    Row(const Stage& stage, Rect area) : area_(area), x_(area.x), y_(area.y), height_(row_height(stage)) {}
    Rect next(float width) {
        const float gap = theme().px(space);
        if (x_ + width > area_.right() && x_ > area_.x) x_ = area_.x, y_ += height_ + gap;
        const Rect place{x_, y_, std::min(width, area_.w), height_};
        x_ += width + gap;
        return place;
    }
    Rect next(const std::string& label) { return next(text_width(label.c_str(), theme().text) + theme().px(20)); }
    float used() const { return y_ + height_ - area_.y; }

private:
    Rect area_;
    float x_, y_, height_;
};

std::string word_of(const LayerPlan& plan) { return architecture_text(std::span(&plan, 1)); }

// The next size in the direction: doubling and halving for features, one by one for small numbers.
int64_t resized(const LayerPlan& plan, int direction) {
    if (plan.kind == Kind::dropout) return std::clamp<int64_t>(plan.size + 5 * direction, 5, 90);
    if (plan.size < 8 || (plan.size == 8 && direction < 0)) return std::clamp<int64_t>(plan.size + direction, 1, 8);
    return std::clamp<int64_t>(direction > 0 ? plan.size * 2 : plan.size / 2, 8, plan.kind == Kind::conv ? 64 : 1024);
}

}  // namespace

std::string grouped(int64_t count) {
    std::string digits = std::to_string(count);
    for (auto at = static_cast<int64_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<size_t>(at), " ");
    return digits;
}

float ArchitectureEditor::draw_layers(Stage& stage, const std::vector<LayerPlan>& plans, Rect area) {
    Row row(stage, area);
    for (size_t i = 0; i < plans.size(); ++i) {
        const std::string word = word_of(plans[i]), name = "layer:" + std::to_string(i);
        if (draw_button(stage, name.c_str(), word.c_str(), row.next(word), i == chosen_)) chosen_ = i;
    }
    const std::string last = say(Text::layer_scores);
    draw_button(stage, "layer:scores", last.c_str(), row.next(last), false, false);
    return row.used();
}

// Add behind the chosen one, remove it, move it.
float ArchitectureEditor::draw_actions(Stage& stage, std::vector<LayerPlan> plans, Rect area, const Propose& propose) {
    Row row(stage, area);
    const auto at = plans.begin() + static_cast<std::ptrdiff_t>(std::min(chosen_, plans.size()));
    const bool any = at != plans.end();
    const auto button = [&](const char* name, const char* label, bool enabled) {
        return draw_button(stage, name, label, row.next(std::string(label)), false, enabled);
    };
    if (button("layer.remove", say(Text::layer_remove), any)) {
        plans.erase(at);
        chosen_ = chosen_ > 0 ? chosen_ - 1 : 0;
        propose(architecture_text(plans));
        return row.used();
    }
    if (button("layer.left", "<", any && chosen_ > 0)) {
        std::swap(plans[chosen_], plans[chosen_ - 1]);
        --chosen_;
        propose(architecture_text(plans));
        return row.used();
    }
    if (button("layer.right", ">", any && chosen_ + 1 < plans.size())) {
        std::swap(plans[chosen_], plans[chosen_ + 1]);
        ++chosen_;
        propose(architecture_text(plans));
        return row.used();
    }
    for (const LayerPlan& fresh : new_layers) {
        const std::string label = "+ " + word_of(fresh), name = "layer.add:" + word_of(fresh).substr(0, word_of(fresh).find(' '));
        if (!draw_button(stage, name.c_str(), label.c_str(), row.next(label), false, plans.size() < most_layers)) continue;
        plans.insert(any ? at + 1 : at, fresh);
        if (any) ++chosen_;
        propose(architecture_text(plans));
        break;
    }
    return row.used();
}

float ArchitectureEditor::draw_sizes(Stage& stage, std::vector<LayerPlan> plans, Rect area, const Propose& propose) {
    if (chosen_ >= plans.size()) return 0;
    const Theme& t = theme();
    LayerPlan& plan = plans[chosen_];
    const float width = t.px(124), height = t.px(t.small_text + 6) + t.px(t.control_height);
    Rect place{area.x, area.y, width, height};
    bool changed = false, any = false;
    const auto step = [&](const char* name, Text label, int64_t value, const auto& next) {
        if (any && place.right() > area.right()) place = {area.x, place.y + height + t.px(space), width, height};
        const int direction = draw_stepper(stage, name, say(label), std::to_string(value), place, true, true);
        if (direction != 0) next(direction), changed = true;
        place.x += width + t.px(16);
        any = true;
    };
    const auto within = [](int64_t& value, int64_t low, int64_t high) {
        return [&value, low, high](int direction) { value = std::clamp(value + direction, low, high); };
    };
    const bool pool = plan.kind == Kind::max || plan.kind == Kind::average, conv = plan.kind == Kind::conv;
    if (plan.size > 0)
        step("layer.size",
             conv                         ? Text::layer_channels
             : plan.kind == Kind::dropout ? Text::layer_percent
                                          : Text::layer_features,
             plan.size, [&](int direction) { plan.size = resized(plan, direction); });
    if (plan.kernel > 0) step("layer.kernel", conv ? Text::layer_kernel : Text::layer_window, plan.kernel, within(plan.kernel, 1, 11));
    int64_t stride = plan.stride > 0 ? plan.stride
                     : conv          ? 1
                                     : plan.kernel,
            padding = plan.padding >= 0 ? plan.padding : plan.dilation * (plan.kernel - 1) / 2;
    if (conv || pool)
        step("layer.stride", Text::layer_stride, stride,
             [&](int direction) { plan.stride = std::clamp<int64_t>(stride + direction, 1, 8); });
    if (conv) {
        step("layer.padding", Text::layer_padding, padding,
             [&](int direction) { plan.padding = std::clamp<int64_t>(padding + direction, 0, 16); });
        step("layer.dilation", Text::layer_dilation, plan.dilation, within(plan.dilation, 1, 6));
    }
    if (changed) propose(architecture_text(plans));
    return any ? place.y + height - area.y + t.px(t.gap) : 0;
}

// The whole network as one line to type; Enter takes it.
float ArchitectureEditor::draw_line(Stage& stage, const std::string& architecture, Rect area, const Propose& propose) {
    if (shown_ != architecture) typed_ = shown_ = architecture;
    std::vector<char> buffer(longest_line + 1);
    std::memcpy(buffer.data(), typed_.data(), std::min(typed_.size(), longest_line));
    ImGui::SetCursorScreenPos(area.min());
    ImGui::SetNextItemWidth(area.w);
    const bool entered = ImGui::InputText("##architecture", buffer.data(), buffer.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    typed_ = buffer.data();
    stage.place("layer.line", {area.x, area.y, area.w, row_height(stage)});
    if (entered) propose(typed_);
    return row_height(stage);
}

float ArchitectureEditor::draw(Stage& stage, const Workbench& bench, Rect area, const Propose& propose) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<LayerPlan> plans = parse_architecture(bench.architecture());
    chosen_ = std::min(chosen_, plans.empty() ? 0 : plans.size() - 1);
    area.cut_top(draw_layers(stage, plans, area) + t.px(t.gap));
    area.cut_top(draw_sizes(stage, plans, area, propose));
    area.cut_top(draw_actions(stage, plans, area, propose) + t.px(t.gap));
    area.cut_top(draw_line(stage, bench.architecture(), area, propose));
    return area.y - top;
}

float draw_layer_costs(Stage& stage, const Workbench& bench, Rect area) {
    const Theme& t = theme();
    const float line = t.px(t.small_text + 7), top = area.y;
    const Shape input = bench.input_shape();
    // Columns: layer, output, parameters, multiply-adds; the last two end at their right.
    const float ends[] = {area.x, area.x + area.w * 0.36f, area.x + area.w * 0.76f, area.right()};
    const auto cells = [&](const std::string(&texts)[4], ImU32 color) {
        draw_text({ends[0], area.y}, texts[0].c_str(), t.small_text, color, ends[1] - ends[0] - t.px(8));
        draw_text({ends[1], area.y}, texts[1].c_str(), t.small_text, color);
        for (int i = 2; i < 4; ++i)
            draw_text({ends[i] - text_width(texts[i].c_str(), t.small_text), area.y}, texts[i].c_str(), t.small_text, color);
        area.y += line;
    };
    cells({say(Text::cost_layer), say(Text::cost_output), say(Text::cost_parameters), say(Text::cost_multiply_adds)}, t.color.text_soft);
    int64_t parameters = 0, multiply_adds = 0;
    for (const Sequential::Row& row : bench.network().summary(Shape{1, input[0], input[1], input[2]})) {
        cells({layer_title(row), shape_text(row.output), grouped(row.parameters), grouped(row.multiply_adds)}, t.color.text);
        parameters += row.parameters;
        multiply_adds += row.multiply_adds;
    }
    ImGui::GetWindowDrawList()->AddLine({area.x, area.y}, {area.right(), area.y}, t.color.card_border);
    area.y += t.px(4);
    cells({say(Text::cost_sum), "", grouped(parameters), grouped(multiply_adds)}, t.color.text);
    stage.place("layer.costs", {area.x, top, area.w, area.y - top});
    return area.y - top;
}

}  // namespace trilens

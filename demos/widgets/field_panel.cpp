// One control for each type of field. A control shows the variable's value of this frame and hands a new one to `set`; it
// never writes the variable itself.
#include "demos/widgets/field_panel.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float knob_radius = 9;  // units

// A row of buttons where they fit, else a drop-down list.
void draw_choice(Stage& stage, const Field& field, Rect area, const SetField& set) {
    const Theme& t = theme();
    const std::string now = std::get<std::string>(field.get());
    float widest = 0;
    const char* shown = "";
    for (const Choice& choice : field.choices) {
        widest = std::max(widest, text_width(choice.shown(), t.text));
        if (choice.name == now) shown = choice.shown();
    }
    const auto count = static_cast<float>(field.choices.size());
    if ((widest + t.px(18)) * count <= area.w) {
        for (const Choice& choice : field.choices) {
            const Rect button = area.cut_left(area.w / static_cast<float>(&field.choices.back() - &choice + 1));
            const std::string name = "field:" + field.name + ":" + choice.name;
            if (draw_button(stage, name.c_str(), choice.shown(), {button.x, button.y, button.w - t.px(4), button.h}, choice.name == now))
                set(field, choice.name, false);
        }
        return;
    }
    ImGui::SetNextItemWidth(area.w);
    if (!ImGui::BeginCombo("##choice", shown)) return;
    for (const Choice& choice : field.choices)
        if (ImGui::Selectable(choice.shown(), choice.name == now, 0, {0, t.px(t.control_height - 8)})) set(field, choice.name, false);
    ImGui::EndCombo();
}

// The help of the control drawn last, once the pointer rests on it.
void draw_help(Stage& stage, const Field& field) {
    constexpr ImGuiHoveredFlags by_pointer = ImGuiHoveredFlags_NoNavOverride;
    if (ImGui::IsItemHovered(by_pointer | ImGuiHoveredFlags_DelayNormal)) draw_tooltip(say(field.help));
    else if (ImGui::IsItemHovered(by_pointer) && !ImGui::IsMouseDown(0)) stage.again();
}

// A track with a knob where Dear ImGui's own slider, made invisible, has its grab.
void draw_track(const Field& field, double value) {
    const Theme& t = theme();
    const ImVec2 a = ImGui::GetItemRectMin(), b = ImGui::GetItemRectMax();
    const bool whole = field.type == Field::Type::integer;
    const double low = field.range.min, high = field.range.max;
    const double at = field.range.logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    const float inner = b.x - a.x - 4, least = ImGui::GetStyle().GrabMinSize;
    const float grab = std::min(inner, whole ? std::max(inner / static_cast<float>(high - low + 1), least) : least);
    const float x = a.x + 2 + grab / 2 + static_cast<float>(at) * (inner - grab), y = std::floor((a.y + b.y) / 2), half = t.px(3),
                knob = t.px(knob_radius);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled({a.x, y - half}, {b.x, y + half}, t.color.control_active, half);
    list->AddRectFilled({a.x, y - half}, {x, y + half}, t.color.accent, half);
    list->AddCircleFilled({x, y}, knob, t.color.accent);
    list->AddCircleFilled({x, y}, knob * 0.42f, t.color.card);
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) list->AddCircle({x, y}, knob + t.px(2), t.color.accent, 0, t.px(1.5f));
}

bool invisible_slider(const char* id, ImGuiDataType type, void* value, const void* low, const void* high, ImGuiSliderFlags flags) {
    for (const ImGuiCol color :
         {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive, ImGuiCol_SliderGrab, ImGuiCol_SliderGrabActive})
        ImGui::PushStyleColor(color, 0u);
    const bool changed = ImGui::SliderScalar(id, type, value, low, high, "", flags);
    ImGui::PopStyleColor(5);
    return changed;
}

// The arrow keys' step of the slider drawn last, where it has the keyboard: -1, 0 or 1. They then move no focus.
int arrow_step() {
    if (!ImGui::IsItemFocused() || !ImGui::GetIO().NavVisible) return 0;
    const ImGuiID id = ImGui::GetItemID();
    int step = 0;
    for (const ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow}) {
        ImGui::SetKeyOwner(key, id);
        if (ImGui::IsKeyPressed(key, ImGuiInputFlags_Repeat, id)) step += key == ImGuiKey_RightArrow ? 1 : -1;
    }
    return step;
}

double stepped(const Field& field, double value, int step) {
    const double next = field.range.logarithmic ? value * std::pow(10.0, 0.1 * step) : value + field.range.step * step;
    return std::clamp(next, field.range.min, field.range.max);
}

void draw_number(const Field& field, float width, const SetField& set) {
    ImGui::SetNextItemWidth(width);
    const ImGuiSliderFlags flags =
        ImGuiSliderFlags_AlwaysClamp | ImGuiSliderFlags_NoInput | (field.range.logarithmic ? ImGuiSliderFlags_Logarithmic : 0);
    if (field.type == Field::Type::integer) {
        int64_t value = std::get<int64_t>(field.get());
        const auto low = static_cast<int64_t>(field.range.min), high = static_cast<int64_t>(field.range.max);
        if (invisible_slider("##number", ImGuiDataType_S64, &value, &low, &high, flags)) set(field, value, ImGui::IsItemActive());
        if (const int step = arrow_step()) set(field, static_cast<int64_t>(stepped(field, static_cast<double>(value), step)), false);
        draw_track(field, static_cast<double>(value));
        return;
    }
    double value = std::get<double>(field.get());
    const bool changed = invisible_slider("##number", ImGuiDataType_Double, &value, &field.range.min, &field.range.max, flags);
    if (changed && !field.range.logarithmic && field.range.step > 0)
        value = field.range.min + std::round((value - field.range.min) / field.range.step) * field.range.step;
    value = std::clamp(value, field.range.min, field.range.max);
    if (changed) set(field, value, ImGui::IsItemActive());
    if (const int step = arrow_step()) set(field, stepped(field, value, step), false);
    draw_track(field, value);
}

// The whole row is one button: the label, and a switch at its right.
void draw_flag(const Field& field, Rect row, const SetField& set) {
    const Theme& t = theme();
    const bool on = std::get<bool>(field.get());
    ImGui::SetCursorScreenPos(row.min());
    if (ImGui::InvisibleButton("##flag", {row.w, row.h}, ImGuiButtonFlags_EnableNav)) set(field, !on, false);
    const float half = t.px(10), wide = t.px(38), y = row.y + row.h / 2, right = row.right();
    draw_text({row.x, y - t.px(t.text) / 2}, say(field.label), t.text, t.color.text, row.w - wide - t.px(8));
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 off = ImGui::IsItemHovered() ? t.color.text_soft : t.color.control_active;
    list->AddRectFilled({right - wide, y - half}, {right, y + half}, on ? t.color.accent : off, half);
    list->AddCircleFilled({on ? right - half : right - wide + half, y}, half - t.px(3), on ? t.color.on_accent : t.color.card);
}

double as_double(const auto& value) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(value)>>) return static_cast<double>(value);
    else return 0;
}

void draw_string(const Field& field, float width, const SetField& set) {
    std::vector<char> buffer(field.longest + 1);
    const std::string now = std::get<std::string>(field.get());
    std::memcpy(buffer.data(), now.data(), std::min(now.size(), field.longest));
    ImGui::SetNextItemWidth(width);
    if (ImGui::InputText("##text", buffer.data(), buffer.size())) set(field, std::string(buffer.data()), true);
}

// What stands at the right of a number's label.
std::string shown_number(const Field& field) {
    const double value = std::visit([](const auto& held) { return as_double(held); }, field.get());
    return value == 0 && field.zero != Text::section_none ? say(field.zero) : number(value);
}

}  // namespace

float draw_fields(Stage& stage, const Fields& fields, Rect area, const SetField& set) {
    const Theme& t = theme();
    const float top = area.y, control = t.px(t.control_height);
    Text section = Text::section_none;
    for (const Field& field : fields.all()) {
        if (!field.has_control()) continue;
        if (field.section != section && field.section != Text::section_none) {
            area.y += area.y > top ? t.px(6) : 0;
            draw_text(area.min(), say(field.section), t.small_text, t.color.text_soft, area.w);
            area.y += t.px(t.small_text + 8);
        }
        section = field.section;
        const float from = area.y;
        ImGui::PushID(field.name.c_str());
        if (field.type == Field::Type::flag) {
            draw_flag(field, {area.x, area.y, area.w, control}, set);
            draw_help(stage, field);
            area.y += control;
        } else {
            const bool number_field = field.type == Field::Type::integer || field.type == Field::Type::real;
            const std::string value = number_field ? shown_number(field) : "";
            const float value_width = text_width(value.c_str(), t.text);
            draw_text(area.min(), say(field.label), t.small_text, t.color.text_soft, area.w - value_width - t.px(8));
            draw_text({area.right() - value_width, area.y - t.px(1)}, value.c_str(), t.text, t.color.text);
            area.y += t.px(t.small_text + (number_field ? 2 : 6));
            ImGui::SetCursorScreenPos(area.min());
            if (field.type == Field::Type::choice) draw_choice(stage, field, {area.x, area.y, area.w, control}, set);
            else if (field.type == Field::Type::text) draw_string(field, area.w, set);
            else draw_number(field, area.w, set);
            if (ImGui::IsItemActive()) stage.claim_pointer();
            draw_help(stage, field);
            area.y += control;
        }
        ImGui::PopID();
        stage.place("field:" + field.name, {area.x, from, area.w, area.y - from});
        area.y += t.px(10);
    }
    return area.y - top;
}

}  // namespace trilens

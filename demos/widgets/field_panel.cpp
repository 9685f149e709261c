// One control for each type of field. A control shows the variable's value of this frame and hands a new one to `set`; it
// never writes the variable itself.
#include "demos/widgets/field_panel.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "demos/widgets/theme.h"

namespace trilens {

namespace {

// A row of buttons where they fit, else a drop-down list.
void draw_choice(Stage& stage, const Field& field, Rect area, const SetField& set) {
    const Theme& t = theme();
    const std::string now = std::get<std::string>(field.get());
    float widest = 0;
    const char* shown = "";
    for (const Choice& choice : field.choices) {
        widest = std::max(widest, text_width(say(choice.label), t.text));
        if (choice.name == now) shown = say(choice.label);
    }
    const auto count = static_cast<float>(field.choices.size());
    if ((widest + t.px(18)) * count <= area.w) {
        for (const Choice& choice : field.choices) {
            const Rect button = area.cut_left(area.w / static_cast<float>(&field.choices.back() - &choice + 1));
            const std::string name = "field:" + field.name + ":" + choice.name;
            if (draw_button(stage, name.c_str(), say(choice.label), {button.x, button.y, button.w - t.px(4), button.h}, choice.name == now)) set(field, choice.name, false);
        }
        return;
    }
    ImGui::SetNextItemWidth(area.w);
    if (!ImGui::BeginCombo("##choice", shown)) return;
    for (const Choice& choice : field.choices)
        if (ImGui::Selectable(say(choice.label), choice.name == now, 0, {0, t.px(t.control_height - 8)})) set(field, choice.name, false);
    ImGui::EndCombo();
}

// The help of the control drawn last, once the pointer rests on it.
void draw_help(Stage& stage, const Field& field) {
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal)) ImGui::SetTooltip("%s", say(field.help));
    else if (ImGui::IsItemHovered()) stage.again();
}

void draw_number(const Field& field, float width, const SetField& set) {
    ImGui::SetNextItemWidth(width);
    const ImGuiSliderFlags flags = ImGuiSliderFlags_AlwaysClamp | (field.range.logarithmic ? ImGuiSliderFlags_Logarithmic : 0);
    if (field.type == Field::Type::integer) {
        int64_t value = std::get<int64_t>(field.get());
        const auto low = static_cast<int64_t>(field.range.min), high = static_cast<int64_t>(field.range.max);
        if (ImGui::SliderScalar("##number", ImGuiDataType_S64, &value, &low, &high, "%d", flags)) set(field, value, ImGui::IsItemActive());
        return;
    }
    double value = std::get<double>(field.get());
    if (!ImGui::SliderScalar("##number", ImGuiDataType_Double, &value, &field.range.min, &field.range.max, "%.4g", flags)) return;
    if (!field.range.logarithmic && field.range.step > 0)
        value = field.range.min + std::round((value - field.range.min) / field.range.step) * field.range.step;
    set(field, std::clamp(value, field.range.min, field.range.max), ImGui::IsItemActive());
}

void draw_string(const Field& field, float width, const SetField& set) {
    std::vector<char> buffer(field.longest + 1);
    const std::string now = std::get<std::string>(field.get());
    std::memcpy(buffer.data(), now.data(), std::min(now.size(), field.longest));
    ImGui::SetNextItemWidth(width);
    if (ImGui::InputText("##text", buffer.data(), buffer.size())) set(field, std::string(buffer.data()), true);
}

}  // namespace

float draw_fields(Stage& stage, const Fields& fields, Rect area, const SetField& set) {
    const Theme& t = theme();
    const float top = area.y, control = t.px(t.control_height);
    Text section{};
    for (const Field& field : fields.all()) {
        if (!field.listed) continue;
        if (field.section != section && field.section != Text::section_none && field.section != Text{}) {
            area.y += area.y > top ? t.px(6) : 0;
            draw_text(area.min(), say(field.section), t.small_text, t.color.text_soft, area.w);
            area.y += t.px(t.small_text + 8);
        }
        section = field.section;
        const float from = area.y;
        ImGui::PushID(field.name.c_str());
        if (field.type == Field::Type::flag) {
            bool value = std::get<bool>(field.get());
            ImGui::SetCursorScreenPos(area.min());
            if (ImGui::Checkbox("##flag", &value)) set(field, value, false);
            draw_help(stage, field);
            draw_text({area.x + control + t.px(8), area.y + (control - t.px(t.text)) / 2}, say(field.label), t.text, t.color.text, area.w - control - t.px(8));
            ImGui::SetCursorScreenPos({area.x + control, area.y});
            if (ImGui::InvisibleButton("label", {std::max(area.w - control, 1.0f), control})) set(field, !std::get<bool>(field.get()), false);
            draw_help(stage, field);
            area.y += control;
        } else {
            draw_text(area.min(), say(field.label), t.small_text, t.color.text_soft, area.w);
            area.y += t.px(t.small_text + 6);
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

// The bar above a room (name, tabs, undo, language, theme) and the status line below it.
#include <algorithm>
#include <cmath>

#include "demos/app.h"
#include "demos/widgets/theme.h"
#include "engine/parallel.h"

namespace trilens {

namespace {

enum class Icon { undo, redo, sun, moon };

// Icons are drawn, so that no font has to have them.
void draw_icon(Icon icon, ImVec2 middle, float size, ImU32 color) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float line = size * 0.09f;
    if (icon == Icon::undo || icon == Icon::redo) {  // an arrow that turns back
        const float side = icon == Icon::undo ? 1.0f : -1.0f;
        const auto at = [&](float x, float y) { return ImVec2{middle.x + side * x * size, middle.y + y * size}; };
        list->PathLineTo(at(-0.3f, -0.14f));
        list->PathLineTo(at(0.06f, -0.14f));
        list->PathBezierCubicCurveTo(at(0.38f, -0.14f), at(0.38f, 0.28f), at(0.06f, 0.28f), 12);
        list->PathLineTo(at(-0.16f, 0.28f));
        list->PathStroke(color, 0, line);
        list->AddTriangleFilled(at(-0.42f, -0.14f), at(-0.18f, -0.34f), at(-0.18f, 0.06f), color);
        return;
    }
    list->AddCircleFilled(middle, size * (icon == Icon::sun ? 0.2f : 0.3f), color);
    if (icon == Icon::moon) {
        list->AddCircleFilled({middle.x + size * 0.14f, middle.y - size * 0.1f}, size * 0.25f, ImGui::GetColorU32(ImGuiCol_Button));
        return;
    }
    for (int ray = 0; ray < 8; ++ray) {
        const float angle = static_cast<float>(ray) * 0.785398f, x = std::cos(angle), y = std::sin(angle);
        list->AddLine({middle.x + x * size * 0.28f, middle.y + y * size * 0.28f}, {middle.x + x * size * 0.4f, middle.y + y * size * 0.4f},
                      color, line);
    }
}

bool icon_button(Stage& stage, const char* name, Icon icon, const char* help, Rect area, bool enabled = true) {
    const bool clicked = draw_button(stage, name, "##icon", area, false, enabled);
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) draw_tooltip(help);
    const ImU32 color = enabled ? theme().color.text : (theme().color.text_soft & 0x00ffffff) | 0x70000000;
    draw_icon(icon, {area.x + area.w / 2, area.y + area.h / 2}, theme().px(22), color);
    return clicked;
}

}  // namespace

void App::draw_bar(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float height = t.px(t.control_height), first = t.px(t.control_height + 20), top = area.y + (first - height) / 2, gap = t.px(6);
    float right = area.right() - t.px(12);
    const auto place = [&](float width) {
        right -= width;
        const Rect button{right, top, width, height};
        right -= gap;
        return button;
    };
    if (icon_button(stage, "app.theme", dark_ ? Icon::sun : Icon::moon, say(dark_ ? Text::app_light : Text::app_dark),
                    place(height + t.px(4))))
        later([this] { set_dark(!dark_); });
    const char* other = say(Text::app_other_language);
    if (draw_button(stage, "app.language", other, place(std::max(text_width(other, t.text) + t.px(20), height))))
        later([this] { set_language(language() == Language::english ? Language::chinese : Language::english); });
    if (icon_button(stage, "app.redo", Icon::redo, say(Text::app_redo), place(height + t.px(4)), can_redo())) later([this] { redo(); });
    if (icon_button(stage, "app.undo", Icon::undo, say(Text::app_undo), place(height + t.px(4)), can_undo())) later([this] { undo(); });

    float left = area.x + t.px(14);
    if (!embedded_) {
        const char* name = say(Text::app_name);
        draw_text({left, area.y + (first - t.px(t.title)) / 2 - t.px(1)}, name, t.title, t.color.accent, right - left);
        left += text_width(name, t.title) + t.px(16);
    }
    if (table_.size() < 2) {
        draw_text({left, area.y + (first - t.px(t.text)) / 2}, say(room_->title()), t.text, t.color.text_soft,
                  std::max(right - left, 1.0f));
        return;
    }
    if (stage.narrow) left = area.x + t.px(8);
    const float row = stage.narrow ? area.bottom() - height - t.px(4) : top,
                space = (area.w - t.px(16)) / static_cast<float>(table_.size());
    for (const RoomEntry& entry : table_) {
        const float width = stage.narrow ? space - gap : text_width(say(entry.title), t.text) + t.px(22);
        const std::string name = "room:" + std::string(entry.id);
        if (draw_button(stage, name.c_str(), say(entry.title), {left, row, width, height}, entry.id == room_->id()))
            later([this, id = entry.id] { open(id); });
        left += width + gap;
    }
}

float App::bar_height(const Stage& stage) const {
    const Theme& t = theme();
    return t.px(t.control_height + 20) + (stage.narrow && table_.size() > 1 ? t.px(t.control_height + 4) : 0);
}

void App::draw_status(Stage& stage, Rect area) {
    const Theme& t = theme();
    char text[32];
    std::vector<std::string> parts;
    parts.push_back(info_.worker || threads() > 1 ? say(Text::status_threads, {std::to_string(threads())}) : say(Text::status_one_thread));
    if (engine_ms_ > 0) {
        std::snprintf(text, sizeof text, "%.1f", engine_ms_);
        parts.push_back(say(Text::status_engine, {text}));
    }
    if (worker_.busy()) parts.push_back(say(Text::status_working));
    std::snprintf(text, sizeof text, "%.1f", frame_ms_);
    parts.push_back(say(Text::status_frame, {text}));
    parts.push_back(info_.renderer);
    parts.push_back(info_.build + " " + info_.version);
    stage.place("app.status", area);
    float x = area.x + t.px(14);
    const float y = area.y + (area.h - t.px(t.small_text)) / 2;
    for (const std::string& part : parts) {
        const float width = text_width(part.c_str(), t.small_text);
        if (x + width > area.right() - t.px(8)) break;
        x += draw_text({x, y}, part.c_str(), t.small_text, t.color.text_soft).x + t.px(16);
    }
}

}  // namespace trilens

// The two palettes, ImGui's style made from them, and the few things drawn straight from them: cards, text, buttons.
#include "demos/widgets/theme.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "demos/widgets/line_break.h"

namespace trilens {

namespace {

constexpr ImU32 rgb(uint32_t hex) { return IM_COL32(hex >> 16 & 255, hex >> 8 & 255, hex & 255, 255); }

constexpr Palette light{.ground = rgb(0xf3f5fa),
                        .card = rgb(0xffffff),
                        .card_border = rgb(0xe1e6ef),
                        .control = rgb(0xedf1f7),
                        .control_hovered = rgb(0xe0e7f1),
                        .control_active = rgb(0xd0daea),
                        .text = rgb(0x172033),
                        .text_soft = rgb(0x55617a),
                        .accent = rgb(0x2f55d4),
                        .accent_soft = rgb(0xe2e9fc),
                        .on_accent = rgb(0xffffff),
                        .good = rgb(0x0b7a4b),
                        .warning = rgb(0xb23a0e),
                        .input = rgb(0x1d63c9),
                        .weight = rgb(0xa14a06),
                        .activation = rgb(0x0a7562),
                        .gradient = rgb(0xbe1f58),
                        .attention = rgb(0x7036d8),
                        .mark = rgb(0xff5a1f),
                        .mark_field = rgb(0x22b8f0),
                        .series = {rgb(0x2f55d4), rgb(0xd9530b), rgb(0x0a8f77), rgb(0xbe1f58), rgb(0x7036d8), rgb(0x7a6a00)}};

constexpr Palette dark{.ground = rgb(0x0d121b),
                       .card = rgb(0x161d29),
                       .card_border = rgb(0x29333f),
                       .control = rgb(0x222c3b),
                       .control_hovered = rgb(0x2d394b),
                       .control_active = rgb(0x39475c),
                       .text = rgb(0xe8edf6),
                       .text_soft = rgb(0xa0aec3),
                       .accent = rgb(0x84a7ff),
                       .accent_soft = rgb(0x24355f),
                       .on_accent = rgb(0x0b1220),
                       .good = rgb(0x4ade9a),
                       .warning = rgb(0xffab6b),
                       .input = rgb(0x6fb2ff),
                       .weight = rgb(0xfbbd4a),
                       .activation = rgb(0x4fd1b5),
                       .gradient = rgb(0xff80aa),
                       .attention = rgb(0xbb9dff),
                       .mark = rgb(0xff7a3d),
                       .mark_field = rgb(0x38c8ff),
                       .series = {rgb(0x84a7ff), rgb(0xffab6b), rgb(0x4fd1b5), rgb(0xff80aa), rgb(0xbb9dff), rgb(0xe6d35a)}};

Theme current;

std::string wrapped(const char* text, float height, float width) {
    ImFontBaked* const baked = ImGui::GetFont()->GetFontBaked(height);
    const float scale = height / baked->Size;
    return break_lines(text, width, [&](unsigned int c) { return baked->GetCharAdvance(static_cast<ImWchar>(c)) * scale; });
}

void set_color(ImGuiCol which, ImU32 color) { ImGui::GetStyle().Colors[which] = ImGui::ColorConvertU32ToFloat4(color); }

void style_colors(const Palette& c) {
    set_color(ImGuiCol_Text, c.text);
    set_color(ImGuiCol_TextDisabled, c.text_soft);
    set_color(ImGuiCol_WindowBg, c.ground);
    set_color(ImGuiCol_ChildBg, 0);
    set_color(ImGuiCol_PopupBg, c.card);
    set_color(ImGuiCol_Border, c.card_border);
    set_color(ImGuiCol_FrameBg, c.control);
    set_color(ImGuiCol_FrameBgHovered, c.control_hovered);
    set_color(ImGuiCol_FrameBgActive, c.control_active);
    set_color(ImGuiCol_Button, c.control);
    set_color(ImGuiCol_ButtonHovered, c.control_hovered);
    set_color(ImGuiCol_ButtonActive, c.control_active);
    set_color(ImGuiCol_Header, c.accent_soft);
    set_color(ImGuiCol_HeaderHovered, c.control_hovered);
    set_color(ImGuiCol_HeaderActive, c.control_active);
    set_color(ImGuiCol_CheckMark, c.accent);
    set_color(ImGuiCol_SliderGrab, c.accent);
    set_color(ImGuiCol_SliderGrabActive, c.accent);
    set_color(ImGuiCol_ScrollbarBg, 0);
    set_color(ImGuiCol_ScrollbarGrab, c.control_active);
    set_color(ImGuiCol_ScrollbarGrabHovered, c.text_soft);
    set_color(ImGuiCol_ScrollbarGrabActive, c.accent);
    set_color(ImGuiCol_NavCursor, c.accent);
    set_color(ImGuiCol_TextSelectedBg, c.accent_soft);
    set_color(ImGuiCol_InputTextCursor, c.text);
}

}  // namespace

const Theme& theme() { return current; }

void apply_theme(bool dark_wanted, float scale, bool touch) {
    current.dark = dark_wanted;
    current.color = dark_wanted ? dark : light;
    current.scale = scale;
    current.control_height = touch ? current.touch_target : Theme{}.control_height;
    ImGuiStyle& style = ImGui::GetStyle();
    style.FontSizeBase = current.text;
    style.FontScaleDpi = scale;
    style.WindowPadding = {current.px(10), current.px(8)};  // of popups; the app's own windows have none
    style.WindowBorderSize = style.ChildBorderSize = style.FrameBorderSize = 0;
    style.PopupBorderSize = 1;
    style.WindowRounding = 0;
    style.FrameRounding = style.GrabRounding = style.PopupRounding = current.px(8);
    style.ScrollbarRounding = current.px(6);
    style.ScrollbarSize = current.px(touch ? 6 : 10);
    style.ItemSpacing = {current.px(current.gap), current.px(current.gap)};
    style.ItemInnerSpacing = {current.px(8), current.px(4)};
    style.FramePadding = {current.px(10), std::floor((current.px(current.control_height) - current.px(current.text)) / 2)};
    style.GrabMinSize = current.px(18);
    style_colors(current.color);
}

Rect draw_card(Stage&, Rect area, const char* title) {
    const Theme& t = current;
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(area.min(), area.max(), t.color.card, t.px(t.radius));
    list->AddRect(area.min(), area.max(), t.color.card_border, t.px(t.radius));
    Rect inner = area.inset(t.px(t.pad));
    if (title) {
        inner.cut_top(draw_paragraph(inner.min(), title, t.text, t.color.text, inner.w) + t.px(10));
    }
    return inner;
}

ImVec2 draw_text(ImVec2 at, const char* text, float size, ImU32 color, float width) {
    ImFont* font = ImGui::GetFont();
    const float height = current.px(size);
    ImVec2 used = font->CalcTextSizeA(height, FLT_MAX, 0, text);
    const ImVec2 place{std::floor(at.x), std::floor(at.y)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (width <= 0 || used.x <= width) {
        list->AddText(font, height, place, color, text);
        return used;
    }
    const char* end = nullptr;
    const float dots = font->CalcTextSizeA(height, FLT_MAX, 0, "...").x;
    used.x = font->CalcTextSizeA(height, std::max(width - dots, 1.0f), 0, text, nullptr, &end).x;
    list->AddText(font, height, place, color, text, end);
    list->AddText(font, height, {place.x + used.x, place.y}, color, "...");
    used.x = width;
    return used;
}

float draw_paragraph(ImVec2 at, const char* text, float size, ImU32 color, float width) {
    ImFont* font = ImGui::GetFont();
    const float height = current.px(size);
    const float leading = std::floor(height * current.line_height);
    const std::string lines = wrapped(text, height, width);
    ImVec2 place{std::floor(at.x), std::floor(at.y)};
    for (size_t begin = 0;; place.y += leading) {
        const size_t end = std::min(lines.find('\n', begin), lines.size());
        ImGui::GetWindowDrawList()->AddText(font, height, place, color, lines.data() + begin, lines.data() + end);
        if (end == lines.size()) return place.y + height - std::floor(at.y);
        begin = end + 1;
    }
}

float text_width(const char* text, float size) { return ImGui::GetFont()->CalcTextSizeA(current.px(size), FLT_MAX, 0, text).x; }

void draw_tooltip(const char* text) {
    if (!ImGui::BeginTooltip()) return;
    const float width = std::min(current.px(300), ImGui::GetIO().DisplaySize.x - current.px(40));
    ImGui::TextUnformatted(wrapped(text, ImGui::GetFontSize(), width).c_str());
    ImGui::EndTooltip();
}

bool was_tap() {
    const float far = current.px(8);
    return ImGui::GetIO().MouseDragMaxDistanceSqr[0] < far * far;
}

bool draw_button(Stage& stage, const char* name, const char* label, Rect area, bool pressed_in, bool enabled) {
    const Palette& c = current.color;
    stage.place(name, area);
    ImGui::SetCursorScreenPos(area.min());
    ImGui::PushID(name);
    ImGui::BeginDisabled(!enabled);
    if (pressed_in) {
        ImGui::PushStyleColor(ImGuiCol_Button, c.accent);
        ImGui::PushStyleColor(ImGuiCol_ButtonHovered, c.accent);
        ImGui::PushStyleColor(ImGuiCol_ButtonActive, c.accent);
        ImGui::PushStyleColor(ImGuiCol_Text, c.on_accent);
    }
    const bool clicked = ImGui::Button(label, {area.w, area.h});
    if (pressed_in) ImGui::PopStyleColor(4);
    ImGui::EndDisabled();
    ImGui::PopID();
    return clicked;
}

}  // namespace trilens

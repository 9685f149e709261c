// KeyboardEvent.code names physical keys; shortcuts of letters are looked up by what the page says was typed (it passes
// KeyA for the letter a of any layout).
#include "web/input.h"

#include <imgui_internal.h>

#include <array>
#include <string_view>
#include <utility>

namespace trilens {

namespace {

std::string clipboard, copied;
bool has_copied = false;
Caret text_caret;

using Named = std::pair<std::string_view, ImGuiKey>;
constexpr Named keys[] = {
    {"Tab", ImGuiKey_Tab},
    {"ArrowLeft", ImGuiKey_LeftArrow},
    {"ArrowRight", ImGuiKey_RightArrow},
    {"ArrowUp", ImGuiKey_UpArrow},
    {"ArrowDown", ImGuiKey_DownArrow},
    {"PageUp", ImGuiKey_PageUp},
    {"PageDown", ImGuiKey_PageDown},
    {"Home", ImGuiKey_Home},
    {"End", ImGuiKey_End},
    {"Insert", ImGuiKey_Insert},
    {"Delete", ImGuiKey_Delete},
    {"Backspace", ImGuiKey_Backspace},
    {"Space", ImGuiKey_Space},
    {"Enter", ImGuiKey_Enter},
    {"NumpadEnter", ImGuiKey_KeypadEnter},
    {"Escape", ImGuiKey_Escape},
    {"Quote", ImGuiKey_Apostrophe},
    {"Comma", ImGuiKey_Comma},
    {"Minus", ImGuiKey_Minus},
    {"Period", ImGuiKey_Period},
    {"Slash", ImGuiKey_Slash},
    {"Semicolon", ImGuiKey_Semicolon},
    {"Equal", ImGuiKey_Equal},
    {"BracketLeft", ImGuiKey_LeftBracket},
    {"BracketRight", ImGuiKey_RightBracket},
    {"Backslash", ImGuiKey_Backslash},
    {"Backquote", ImGuiKey_GraveAccent},
    {"NumpadAdd", ImGuiKey_KeypadAdd},
    {"NumpadSubtract", ImGuiKey_KeypadSubtract},
    {"NumpadMultiply", ImGuiKey_KeypadMultiply},
    {"NumpadDivide", ImGuiKey_KeypadDivide},
    {"NumpadDecimal", ImGuiKey_KeypadDecimal},
    {"ControlLeft", ImGuiKey_LeftCtrl},
    {"ControlRight", ImGuiKey_RightCtrl},
    {"ShiftLeft", ImGuiKey_LeftShift},
    {"ShiftRight", ImGuiKey_RightShift},
    {"AltLeft", ImGuiKey_LeftAlt},
    {"AltRight", ImGuiKey_RightAlt},
    {"MetaLeft", ImGuiKey_LeftSuper},
    {"MetaRight", ImGuiKey_RightSuper},
};

ImGuiKey key_of(std::string_view code) {
    if (code.size() == 4 && code.starts_with("Key") && code[3] >= 'A' && code[3] <= 'Z')
        return static_cast<ImGuiKey>(ImGuiKey_A + (code[3] - 'A'));
    const bool digit = !code.empty() && code.back() >= '0' && code.back() <= '9';
    if (digit && code.size() == 6 && code.starts_with("Digit")) return static_cast<ImGuiKey>(ImGuiKey_0 + (code[5] - '0'));
    if (digit && code.size() == 7 && code.starts_with("Numpad")) return static_cast<ImGuiKey>(ImGuiKey_Keypad0 + (code[6] - '0'));
    for (const auto& [name, key] : keys)
        if (name == code) return key;
    return ImGuiKey_None;
}

const char* paste(ImGuiContext*) { return clipboard.c_str(); }

void copy(ImGuiContext*, const char* text) {
    clipboard = copied = text;
    has_copied = true;
}

void set_caret(ImGuiContext*, ImGuiViewport*, ImGuiPlatformImeData* data) {
    text_caret = {data->WantTextInput, data->InputPos.x, data->InputPos.y, data->InputLineHeight};
}

}  // namespace

void connect_input() {
    ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
    ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
    platform.Platform_GetClipboardTextFn = paste;
    platform.Platform_SetClipboardTextFn = copy;
    platform.Platform_SetImeDataFn = set_caret;
}

void pointer_moved(float x, float y, const std::string& kind) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMouseSourceEvent(kind == "touch" ? ImGuiMouseSource_TouchScreen : kind == "pen" ? ImGuiMouseSource_Pen : ImGuiMouseSource_Mouse);
    io.AddMousePosEvent(x, y);
}

void pointer_button(int button, bool down) {
    constexpr std::array of_dom = {ImGuiMouseButton_Left, ImGuiMouseButton_Middle, ImGuiMouseButton_Right};
    if (button >= 0 && button < static_cast<int>(of_dom.size()))
        ImGui::GetIO().AddMouseButtonEvent(of_dom[static_cast<size_t>(button)], down);
}

void pointer_left() { ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX); }

void wheel_turned(float x, float y) { ImGui::GetIO().AddMouseWheelEvent(-x, -y); }

void key_changed(const std::string& code, bool down, int modifiers) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddKeyEvent(ImGuiMod_Ctrl, (modifiers & 1) != 0);
    io.AddKeyEvent(ImGuiMod_Shift, (modifiers & 2) != 0);
    io.AddKeyEvent(ImGuiMod_Alt, (modifiers & 4) != 0);
    io.AddKeyEvent(ImGuiMod_Super, (modifiers & 8) != 0);
    if (const ImGuiKey key = key_of(code); key != ImGuiKey_None) io.AddKeyEvent(key, down);
}

void text_typed(const std::string& text) { ImGui::GetIO().AddInputCharactersUTF8(text.c_str()); }

void focus_changed(bool focused) { ImGui::GetIO().AddFocusEvent(focused); }

void set_clipboard(const std::string& text) { clipboard = text; }

const char* take_copied() { return std::exchange(has_copied, false) ? copied.c_str() : nullptr; }

const Caret& caret() { return text_caret; }

bool escape_is_wanted() { return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup) || ImGui::GetIO().WantTextInput; }

}  // namespace trilens

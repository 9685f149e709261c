// Input: what the page's own listeners (page/input.js) saw, handed to ImGui. SDL's listeners on the web take the keyboard of the
// whole page, every wheel and every touch, and know no IME: they are taken off (see Screen), these stand instead.
#pragma once

#include <imgui.h>

#include <string>

namespace trilens {

// Positions are CSS pixels within the canvas. `kind` as PointerEvent.pointerType: "mouse", "touch", "pen".
void pointer_moved(float x, float y, const std::string& kind);
void pointer_button(int button, bool down);                      // as MouseEvent.button: 0 left, 1 middle, 2 right
void pointer_left();
void wheel_turned(float x, float y);                             // in lines, as WheelEvent: y down, x right
void key_changed(const std::string& code, bool down, int modifiers);   // KeyboardEvent.code; 1 Ctrl, 2 Shift, 4 Alt, 8 Meta
void text_typed(const std::string& text);                        // UTF-8, after any composition
void focus_changed(bool focused);

// What ImGui pastes next, and what it asked to have copied since the last call (null if nothing).
void set_clipboard(const std::string& text);
const char* take_copied();

// Where the caret is, for the page's hidden text field.
struct Caret {
    bool wanted = false;
    float x = 0, y = 0, height = 0;
};
const Caret& caret();

// Whether Esc means something inside (a popup is open, text is edited) before it leaves.
bool escape_is_wanted();

void connect_input();                                            // into the current ImGui context

}  // namespace trilens

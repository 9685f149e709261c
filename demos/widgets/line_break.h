// Where a paragraph's lines end. Dear ImGui breaks at spaces and after stops only, which cuts "8.38" in two and starts Chinese lines with a
// comma; here the rules of Unicode's line breaking (UAX #14) that English, Chinese and numbers need:
//   - between words, and between two characters where either is Chinese (LB26, LB30b, ID);
//   - never before what closes or ends (，。）” and . , : ; ! ? % beside a word), never after what opens (LB13, LB14);
//   - never inside a number or between it and its percent sign (LB25); after a hyphen between letters (LB21).
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace trilens {

// The text with '\n' where a line ends, spaces there left out; `advance` gives a character's width. A word wider than a line is cut where
// it must.
// Line breaks that the text has stay. Bytes that are no UTF-8 read as one character each.
std::string break_lines(std::string_view text, float width, const std::function<float(unsigned int)>& advance);

}  // namespace trilens

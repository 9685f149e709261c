// A box that the learner types a text into, in one line or several. It keeps a copy while it is typed in: undo, links and the page set the
// text from outside.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "demos/stage.h"

namespace trilens {

struct TextBoxStyle {
    bool lines = false;  // several: line breaks mean something
    bool on_leave = false;  // the text is taken when the learner leaves the box, for what is costly to follow key by key
    size_t longest = 40000;  // bytes: 10,000 characters of any kind
};

class TextBox {
public:
    // Draws `text` in the box and returns what it became, if the learner changed it. Registers `name`.
    std::optional<std::string> draw(Stage& stage, std::string_view name, const std::string& text, Rect box, const TextBoxStyle& style = {});

    const char* typed() const { return typed_.empty() ? "" : typed_.data(); }  // what stands in it now

private:
    std::vector<char> typed_;
    bool active_ = false;
};

}  // namespace trilens

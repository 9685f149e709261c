// Tabs: one button for each of several views, in as many rows as it takes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"

namespace trilens {

struct Tab {
    std::string id;  // registered as NAME:ID
    const char* label;
    const char* help;  // shown when the pointer rests on it
};

// `at` is the one that is open; `height` gets what was used. Returns the one chosen in this frame.
std::optional<int> draw_tabs(Stage& stage, std::string_view name, std::span<const Tab> tabs, int at, Rect area, float& height);

float tabs_width(std::span<const Tab> tabs);  // of all of them in one row

}  // namespace trilens

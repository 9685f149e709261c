// A screen for the tests of single widgets: a room that draws what the test hands it, and remembers nothing itself.
#pragma once

#include <functional>
#include <memory>

#include "tests/demos/screen.h"

namespace trilens {

// Draws into the room's place on the screen; returns the height used.
using WidgetContent = std::function<float(Stage&, Rect)>;

class WidgetScreen : public TestScreen {
public:
    explicit WidgetScreen(WidgetContent content, std::shared_ptr<const Graph> graph = nullptr, float width = 1280, float height = 720,
                          float device_pixels = 1);

    void press_at(ImVec2 at);    // the button goes down there
    void drag_to(ImVec2 to);     // and the pointer there, while it is down
    void release();
    void draw_again();           // a frame or more, for what the test changed
};

}  // namespace trilens

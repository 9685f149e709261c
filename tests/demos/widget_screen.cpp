// A room that draws whatever a test hands it.
#include "tests/demos/widget_screen.h"

#include <utility>

namespace trilens {

namespace {

// Rooms are made by plain functions: what the next one draws waits here.
WidgetContent next_content;
std::shared_ptr<const Graph> next_graph;

class WidgetRoom : public Room {
public:
    std::string_view id() const override { return "widget"; }
    Text title() const override { return Text::room_cnn; }
    std::shared_ptr<const Graph> graph() const override { return graph_; }
    float draw(Stage& stage, Rect area) override { return content_(stage, area); }

private:
    WidgetContent content_ = next_content;
    std::shared_ptr<const Graph> graph_ = next_graph;
};

constexpr RoomEntry table[] = {{"widget", Text::room_cnn, [] { return std::unique_ptr<Room>(std::make_unique<WidgetRoom>()); }}};

std::span<const RoomEntry> room_of(WidgetContent content, std::shared_ptr<const Graph> graph) {
    next_content = std::move(content);
    next_graph = std::move(graph);
    return table;
}

}  // namespace

WidgetScreen::WidgetScreen(WidgetContent content, std::shared_ptr<const Graph> graph, float width, float height, float device_pixels)
    : TestScreen(width, height, device_pixels, false, room_of(std::move(content), std::move(graph))) {}

void WidgetScreen::press_at(ImVec2 at) {
    move(at);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    draw_again();
}

void WidgetScreen::drag_to(ImVec2 to) { move(to); }

void WidgetScreen::release() {
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    draw_again();
}

void WidgetScreen::draw_again() {
    app->wake();
    settle();
}

}  // namespace trilens

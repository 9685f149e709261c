// A screen without a screen: Dear ImGui with no backend, where textures are taken as a renderer takes them, and a hand that moves the
// pointer.
#pragma once

#include <imgui.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "demos/api.h"
#include "demos/app.h"
#include "tests/demos/toy_room.h"

namespace trilens {

class TestScreen {
public:
    explicit TestScreen(float width = 1280, float height = 720, float device_pixels = 1, bool worker = false,
                        std::span<const RoomEntry> table = toy_rooms());
    ~TestScreen();

    void frame();  // one frame, as a host draws it
    int settle(int most = 60);  // frames until none is wanted; how many
    void move(ImVec2 to);
    void click(ImVec2 at);  // each of these is followed by the frames it asks for
    void press(ImGuiKey key, bool ctrl = false, bool shift = false);
    void resize(float width, float height);
    void lose_context();  // as a backend whose device objects were destroyed

    Rect rect(std::string_view name) const;  // fails the test if nothing of that name was drawn
    ImVec2 middle(std::string_view name) const;
    bool drawn(std::string_view name) const;  // in the last frame
    nlohmann::json json(const std::string& text) const { return nlohmann::json::parse(text); }

    std::unique_ptr<App> app;
    std::unique_ptr<Api> api;
    int textures = 0, uploads = 0;  // of our own: alive in the pretended renderer; creations and updates so far

private:
    void serve_textures();
    ImTextureID next_ = 1;
};

}  // namespace trilens

// Frames as a host draws them: input, layout, drawing, and textures that only pretend to be.
#include "tests/demos/screen.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace trilens {

TestScreen::TestScreen(float width, float height, float device_pixels, bool worker, std::span<const RoomEntry> table) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    io.DisplaySize = {width, height};
    io.DisplayFramebufferScale = {device_pixels, device_pixels};
    io.ConfigErrorRecovery = false;
    set_language(Language::english);
    HostInfo info;
    info.worker = worker;
    app = std::make_unique<App>(info, table);
    api = std::make_unique<Api>(*app);
    settle();
}

TestScreen::~TestScreen() {
    api.reset();
    app.reset();
    for (ImTextureData* data : ImGui::GetPlatformIO().Textures)
        data->SetTexID(ImTextureID_Invalid), data->SetStatus(ImTextureStatus_Destroyed);
    ImGui::DestroyContext();
}

void TestScreen::serve_textures() {
    for (ImTextureData* data : ImGui::GetPlatformIO().Textures) {
        const int own = ImGui::GetIO().Fonts->TexList.contains(data) ? 0 : 1;  // the font's is the business of ImGui
        if (data->Status == ImTextureStatus_WantCreate) {
            REQUIRE(data->TexID == ImTextureID_Invalid);
            data->SetTexID(next_++);
            data->SetStatus(ImTextureStatus_OK);
            textures += own, uploads += own;
        } else if (data->Status == ImTextureStatus_WantUpdates) {
            REQUIRE(data->TexID != ImTextureID_Invalid);
            data->SetStatus(ImTextureStatus_OK);
            uploads += own;
        } else if (data->Status == ImTextureStatus_WantDestroy && data->UnusedFrames > 0) {
            data->SetTexID(ImTextureID_Invalid);
            data->SetStatus(ImTextureStatus_Destroyed);
            textures -= own;
        }
    }
}

void TestScreen::frame() {
    ImGui::GetIO().DeltaTime = 1.0f / 60;
    ImGui::NewFrame();
    app->frame();
    CHECK(app->drew_one_graph());
    ImGui::Render();
    serve_textures();
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
        for (const ImDrawCmd& command : list->CmdBuffer) CHECK(command.GetTexID() != ImTextureID_Invalid);
}

int TestScreen::settle(int most) {
    int count = 0;
    for (; app->wants_frame() && count < most; ++count) frame();
    return count;
}

void TestScreen::move(ImVec2 to) {
    ImGui::GetIO().AddMousePosEvent(to.x, to.y);
    app->wake();
    settle();
}

void TestScreen::click(ImVec2 at) {
    move(at);
    for (const bool down : {true, false}) {
        ImGui::GetIO().AddMouseButtonEvent(0, down);
        app->wake();
        settle();
    }
}

void TestScreen::press(ImGuiKey key, bool ctrl, bool shift) {
    ImGuiIO& io = ImGui::GetIO();
    for (const bool down : {true, false}) {
        io.AddKeyEvent(ImGuiMod_Ctrl, ctrl && down);
        io.AddKeyEvent(ImGuiMod_Shift, shift && down);
        io.AddKeyEvent(key, down);
        app->wake();
        settle();
    }
}

void TestScreen::resize(float width, float height) {
    ImGui::GetIO().DisplaySize = {width, height};
    app->wake();
    settle();
}

void TestScreen::lose_context() {
    for (ImTextureData* data : ImGui::GetPlatformIO().Textures) {
        data->SetTexID(ImTextureID_Invalid);
        data->SetStatus(ImTextureStatus_Destroyed);
    }
    textures = 0;
}

Rect TestScreen::rect(std::string_view name) const {
    for (const NamedRect& each : app->rects())
        if (each.name == name) return each.rect;
    FAIL("nothing named " << std::string(name) << " was drawn");
    return {};
}

bool TestScreen::drawn(std::string_view name) const {
    return std::ranges::any_of(app->rects(), [&](const NamedRect& each) { return each.name == name; });
}

ImVec2 TestScreen::middle(std::string_view name) const {
    const Rect found = rect(name);
    return {found.x + found.w / 2, found.y + found.h / 2};
}

}  // namespace trilens

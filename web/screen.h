// Screen: the SDL2 window and whichever renderer the machine has: WebGL2 or OpenGL 3, else SDL's software renderer, which
// draws into a 2D canvas on the web. Textures are kept by Dear ImGui (1.92), so a lost context is renewed from memory.
#pragma once

#include <SDL.h>
#include <imgui.h>

#include <string_view>

namespace trilens {

class Screen {
public:
    // Opens the window. On the web that is the canvas of Module.canvas, whatever its id, and SDL's own listeners are taken off it:
    // page/input.js is what listens. Throws Error if nothing can draw. `software` refuses the GPU.
    Screen(const char* title, int width, int height, bool software);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    void begin();                                     // before ImGui::NewFrame()
    void draw(ImDrawData* data, ImU32 ground);        // after ImGui::Render(); ground as 0xAABBGGRR
    void resize(int pixel_width, int pixel_height);   // web: the canvas' backing store
    void renew();                                     // the GL context was restored: make programs and textures again

    SDL_Window* window() const { return window_; }
    SDL_GLContext context() const { return context_; }
    SDL_Renderer* renderer() const { return renderer_; }
    std::string_view name() const;                    // "WebGL2", "OpenGL", "software"

private:
    bool open_gl(const char* title, int width, int height);
    bool open_software(const char* title, int width, int height);

    SDL_Window* window_ = nullptr;
    SDL_GLContext context_ = nullptr;
    SDL_Renderer* renderer_ = nullptr;
};

}  // namespace trilens

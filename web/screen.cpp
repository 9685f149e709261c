// SDL2 with imgui_impl_opengl3 or imgui_impl_sdlrenderer2. On the web the window is made in device pixels (no HIGHDPI flag):
// the page measures them exactly (devicePixelContentBoxSize) and Dear ImGui scales from CSS pixels.
#include "web/screen.h"

#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdlrenderer2.h>

#include <string>

#include "engine/errors.h"

#if defined(__EMSCRIPTEN__)
#include <GLES3/gl3.h>
#include <emscripten.h>
#include <emscripten/html5.h>

// SDL looks for "#canvas"; this page may hold several, in a shadow tree, without ids.
EM_JS_DEPS(trilens_canvas, "$specialHTMLTargets");
// clang-format off: JavaScript
EM_JS(void, trilens_hand_over_canvas, (), {
    specialHTMLTargets["#canvas"] = Module["canvas"];
    if (!Module["createContext"]) Module["createContext"] = canvas => canvas.getContext("2d", { alpha: false });
});
// clang-format on
#else
#include <SDL_opengl.h>
#endif

namespace trilens {

namespace {

#if defined(__EMSCRIPTEN__)
constexpr const char* shading_language = "#version 300 es";
constexpr Uint32 window_flags = 0;
#else
constexpr const char* shading_language = "#version 150";
constexpr Uint32 window_flags = SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
#endif

SDL_Window* open_window(const char* title, int width, int height, Uint32 flags) {
    return SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height, window_flags | flags);
}

}  // namespace

Screen::Screen(const char* title, int width, int height, bool software) {
#if defined(__EMSCRIPTEN__)
    trilens_hand_over_canvas();
#endif
    if (SDL_Init(SDL_INIT_VIDEO) != 0) throw Error(std::string("the screen could not be opened: ") + SDL_GetError());
    const bool open = (!software && open_gl(title, width, height)) || open_software(title, width, height);
#if defined(__EMSCRIPTEN__)
    emscripten_html5_remove_all_event_listeners();
#endif
    if (!open) throw Error(std::string("nothing here can draw: ") + SDL_GetError());
}

bool Screen::open_gl(const char* title, int width, int height) {
#if defined(__EMSCRIPTEN__)
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
#else
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_FLAGS, SDL_GL_CONTEXT_FORWARD_COMPATIBLE_FLAG);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 2);
#endif
    SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
    window_ = open_window(title, width, height, SDL_WINDOW_OPENGL);
    context_ = window_ ? SDL_GL_CreateContext(window_) : nullptr;
    if (context_ && ImGui_ImplOpenGL3_Init(shading_language)) {
        SDL_GL_SetSwapInterval(1);
        return true;
    }
    if (context_) SDL_GL_DeleteContext(context_);
    if (window_) SDL_DestroyWindow(window_);
    context_ = nullptr;
    window_ = nullptr;
    return false;
}

bool Screen::open_software(const char* title, int width, int height) {
    window_ = open_window(title, width, height, 0);
    renderer_ = window_ ? SDL_CreateRenderer(window_, -1, SDL_RENDERER_SOFTWARE) : nullptr;
    return renderer_ && ImGui_ImplSDLRenderer2_Init(renderer_);
}

Screen::~Screen() {
    if (context_) {
        ImGui_ImplOpenGL3_Shutdown();
        SDL_GL_DeleteContext(context_);
    }
    if (renderer_) {
        ImGui_ImplSDLRenderer2_Shutdown();
        SDL_DestroyRenderer(renderer_);
    }
    if (window_) SDL_DestroyWindow(window_);
    SDL_Quit();
}

std::string_view Screen::name() const {
    if (renderer_) return "software";
#if defined(__EMSCRIPTEN__)
    return "WebGL2";
#else
    return "OpenGL";
#endif
}

void Screen::begin() {
    if (renderer_) ImGui_ImplSDLRenderer2_NewFrame();
    else ImGui_ImplOpenGL3_NewFrame();
}

void Screen::draw(ImDrawData* data, ImU32 ground) {
    const ImVec4 color = ImGui::ColorConvertU32ToFloat4(ground);
    if (renderer_) {
        SDL_RenderSetScale(renderer_, data->FramebufferScale.x, data->FramebufferScale.y);
        SDL_SetRenderDrawColor(renderer_, static_cast<Uint8>(color.x * 255), static_cast<Uint8>(color.y * 255),
                               static_cast<Uint8>(color.z * 255), 255);
        SDL_RenderClear(renderer_);
        ImGui_ImplSDLRenderer2_RenderDrawData(data, renderer_);
        SDL_RenderPresent(renderer_);
        return;
    }
    glViewport(0, 0, static_cast<int>(data->DisplaySize.x * data->FramebufferScale.x),
               static_cast<int>(data->DisplaySize.y * data->FramebufferScale.y));
    glClearColor(color.x, color.y, color.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(data);
    SDL_GL_SwapWindow(window_);
}

void Screen::resize(int pixel_width, int pixel_height) { SDL_SetWindowSize(window_, pixel_width, pixel_height); }

void Screen::renew() {
    if (!context_) return;
    ImGui_ImplOpenGL3_DestroyDeviceObjects();
    ImGui_ImplOpenGL3_CreateDeviceObjects();
}

}  // namespace trilens

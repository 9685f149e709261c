// The shell (window, renderer, ImGui, app) and, natively, the program around it: a window that sleeps until there is input or
// running work. On the web page/trilens.js holds the clock (requestAnimationFrame) and bindings.cpp answers it.
#include <imgui.h>
#include <imgui_internal.h>

#include "demos/widgets/theme.h"
#include "engine/parallel.h"
#include "web/fonts.h"
#include "web/shell.h"

#if !defined(__EMSCRIPTEN__)
#include <imgui_impl_sdl2.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#endif

namespace trilens {

Shell::Shell(const Options& options) {
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    screen_.emplace(options.title, options.width, options.height, options.software);
    add_fonts();
    HostInfo host = options.host;
    host.renderer = screen_->name();
    app_ = std::make_unique<App>(host);
    api_ = std::make_unique<Api>(*app_);
}

Shell::~Shell() {
    api_.reset();
    app_.reset();
    screen_.reset();
    ImGui::DestroyContext();
}

void Shell::frame(float seconds) {
    ImGui::GetIO().DeltaTime = seconds > 0 ? seconds : 1e-4f;
    screen_->begin();
    ImGui::NewFrame();
    app_->frame();
    ImGui::Render();
    screen_->draw(ImGui::GetDrawData(), theme().color.ground);
}

bool Shell::wants_frame() const { return app_->wants_frame() || ImGui::GetCurrentContext()->InputEventsQueue.Size > 0; }

}  // namespace trilens

#if !defined(__EMSCRIPTEN__)

namespace {

// Hands what is waiting to ImGui; false if the learner closed the window. Sleeps until there is something unless `busy`.
bool poll(trilens::Shell& shell, bool busy) {
    SDL_Event event;
    const double sleep = std::min(shell.sleep(), 0.5);
    bool any = busy ? SDL_PollEvent(&event) : SDL_WaitEventTimeout(&event, static_cast<int>(sleep * 1000) + 1);
    if (!any && !busy && sleep < 0.5) shell.app().wake(1);
    while (any) {
        if (event.type == SDL_QUIT) return false;
        ImGui_ImplSDL2_ProcessEvent(&event);
        shell.app().wake();
        any = SDL_PollEvent(&event);
    }
    return true;
}

}  // namespace

// trilens [WIDTHxHEIGHT] [LINK]: LINK is what stands behind the '#' of the page's address.
int main(int count, char** words) try {
    trilens::set_threads(std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 64));
    trilens::Shell::Options options;
    const bool sized = count > 1 && std::sscanf(words[1], "%dx%d", &options.width, &options.height) == 2;
    trilens::Shell shell(options);
    if (count > (sized ? 2 : 1)) shell.api().follow(words[sized ? 2 : 1]);
    SDL_Window* window = shell.screen().window();
    if (shell.screen().renderer()) ImGui_ImplSDL2_InitForSDLRenderer(window, shell.screen().renderer());
    else ImGui_ImplSDL2_InitForOpenGL(window, shell.screen().context());
    auto last = std::chrono::steady_clock::now();
    while (poll(shell, shell.wants_frame())) {
        if (!shell.wants_frame()) continue;
        ImGui_ImplSDL2_NewFrame();
        const auto now = std::chrono::steady_clock::now();
        shell.frame(std::chrono::duration<float>(now - last).count());
        last = now;
        shell.app().take_events();
    }
    ImGui_ImplSDL2_Shutdown();
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "trilens: %s\n", error.what());
    return 1;
}

#else

int main() { return 0; }

#endif

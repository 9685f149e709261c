// Shell: ImGui's context, the screen and the app in the order they live and die; one frame of them. The page's bindings and the
// desktop's loop both own one.
#pragma once

#include <memory>
#include <optional>

#include "demos/api.h"
#include "web/screen.h"

namespace trilens {

class Shell {
public:
    struct Options {
        const char* title = "Trilens";
        int width = 1280, height = 800;
        bool software = false;
        HostInfo host;               // renderer is filled in
    };

    explicit Shell(const Options& options);
    ~Shell();

    // Draws one frame, `seconds` after the last. The caller has fed ImGui's input and its display size.
    void frame(float seconds);
    bool wants_frame() const;        // input still to be taken, or the app wants one
    double sleep() const { return app_->sleep(); }   // else: seconds until one is due; infinity: none is

    App& app() { return *app_; }
    Api& api() { return *api_; }
    Screen& screen() { return *screen_; }

private:
    std::optional<Screen> screen_;
    std::unique_ptr<App> app_;
    std::unique_ptr<Api> api_;
};

}  // namespace trilens

// App: the frame around a room: tabs, language, theme, undo, settings, inspector, status line. Knows ImGui and engine; the
// host (web/main.cpp, a test) owns window, renderer, events and the clock of frames:
//
//     poll events into ImGui; if (any) app.wake();
//     if (!app.wants_frame()) return;                  // idle costs nothing
//     backend NewFrame; ImGui::NewFrame(); app.frame(); ImGui::Render(); draw
//     for (Event& event : app.take_events()) send it on
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demos/room.h"
#include "demos/rooms.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"

namespace trilens {

// What only the host knows, for info() and the status line.
struct HostInfo {
    std::string version = "0.1.0";
    std::string renderer = "none";       // "WebGL2", "OpenGL", "software"
    std::string build = "native";        // "threads", "single"
    bool isolated = false;
    bool worker = true;                  // may start a thread for jobs (never in a page that is not isolated)
};

struct Event {
    std::string name;                    // 'ready' 'change' 'step' 'epoch' 'done' 'error'
    nlohmann::json detail;
};

class App : private Host {
public:
    // Needs a current ImGui context with RendererHasTextures, which must outlive the app. `table` is for tests.
    explicit App(HostInfo info, std::span<const RoomEntry> table = rooms());
    ~App() override;

    void frame();                        // between ImGui::NewFrame() and ImGui::Render()
    bool wants_frame() const;            // draw another one soon
    double sleep() const;                // else: seconds until one is due by itself; infinity: none is
    void wake(int frames = 3);           // input arrived: draw this many more
    std::vector<Event> take_events();
    int64_t frames() const { return frames_; }

    // Commands: what buttons, keys and the page API all call.
    void open(std::string_view room);    // throws ValueError naming the rooms there are
    void set(std::string_view field, const FieldValue& value, bool dragging = false);   // checked, recorded for undo
    void undo();
    void redo();
    bool can_undo() const { return history_.can_undo(); }
    bool can_redo() const { return history_.can_redo(); }
    void set_language(Language language);
    void set_dark(bool dark);
    void set_scale(float scale);         // of all sizes, [0.5, 4]; 1 where a unit is a CSS pixel
    void set_reduced_motion(bool reduced) { reduced_motion_ = reduced; }
    void show_controls(std::string names);   // of settings: see Fields::show_only; for every room opened from now on
    void set_embedded(bool embedded) { embedded_ = embedded; }   // inside a course page: no title
    void report(std::string_view message);   // an error sentence for the learner; emits 'error'

    // Runs `body` on the room as one undoable change named `what`: the room's snapshot() before and after.
    template <typename Body>
    void change(std::string what, Body&& body) {
        nlohmann::json before = snapshot(room());
        body(room());
        record_snapshots(std::move(what), std::move(before));
    }
    const nlohmann::json& first_snapshot() const {
        return opened_.find(room_->id())->second.first;
    }  // the room's when it was made: what a link need not say

    Room& room() { return *room_; }
    const Room& room() const { return *room_; }
    std::span<const RoomEntry> table() const { return table_; }
    const HostInfo& info() const { return info_; }
    HostInfo& info() { return info_; }
    bool dark() const { return dark_; }
    double frame_ms() const { return frame_ms_; }
    double engine_ms() const { return engine_ms_; }
    Inspector& inspector() { return inspector_; }
    const Inspector& inspector() const { return inspector_; }
    const std::vector<NamedRect>& rects() const { return rects_; }   // of the last frame
    bool drew_one_graph() const { return drew_one_graph_; }  // the last frame: the room's graph was the same from its top to its end

private:
    void changed() override;
    void record(Change change, bool joins) override;
    void emit(std::string_view event, const nlohmann::json& detail) override;
    void notice(std::string message) override;
    void engine_time(double milliseconds) override { engine_ms_ = milliseconds; }
    const Element* pinned() const override { return inspector_.pinned_element(); }
    void later(std::function<void()> command) override;

    void move_in_history(void (History::*move)());
    void record_snapshots(std::string what, nlohmann::json before);
    void apply(const std::string& field, const FieldValue& value);
    void run_job();
    void keys();
    Stage begin_stage();
    void carry_out();
    float bar_height(const Stage& stage) const;
    void draw_bar(Stage& stage, Rect area);
    void draw_status(Stage& stage, Rect area);
    void draw_body(Stage& stage, Rect area);
    float draw_settings(Stage& stage, Rect area);
    void draw_reset(Stage& stage, Rect card);
    float draw_notice(Stage& stage, Rect area);
    template <typename Content>
    float scrolled(Stage& stage, const char* id, Rect area, Content&& content);

    HostInfo info_;
    std::span<const RoomEntry> table_;
    struct Opened {
        std::unique_ptr<Room> room;
        nlohmann::json first;            // its snapshot when it was made
    };
    std::map<std::string, Opened, std::less<>> opened_;          // rooms that were left keep all they have: weights, drawings, runs
    Room* room_ = nullptr;               // on screen
    History history_;
    Worker worker_;
    Inspector inspector_;
    ImageTextures textures_;
    std::vector<NamedRect> rects_;
    std::vector<Event> events_;
    std::vector<std::function<void()>> commands_;  // asked for while drawing
    std::string notice_;
    std::string controls_;   // shown; empty: all
    int64_t frames_ = 0;
    int frames_wanted_ = 3;
    double frame_ms_ = 0, engine_ms_ = 0;
    float settings_height_ = 300, card_height_ = 200;   // of the last frame
    float card_space_ = 0;                              // the highest card since the room was opened: settings do not jump about
    float scale_ = 1;
    bool dark_ = false, reduced_motion_ = false, embedded_ = false, changed_ = false, touch_ = false, again_ = false, drawing_ = false,
         drew_one_graph_ = true;
    double due_ = std::numeric_limits<double>::infinity();   // when the next frame is due by itself
};

}  // namespace trilens

// RoomView: one way to look at a room's network. The room shows one at a time, below its tabs; all of them look at the same workbench. A
// view is one class in one file, and one line in its room's table (view_table.cpp). What only one room does for its views is in that room's
// view.h.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "demos/fields.h"
#include "demos/job.h"
#include "demos/room.h"
#include "demos/stage.h"
#include "demos/training/run.h"

namespace trilens {

class RoomView {
public:
    RoomView() = default;
    virtual ~RoomView() = default;
    RoomView(const RoomView&) = delete;
    RoomView& operator=(const RoomView&) = delete;

    // Its settings: their controls are shown only while the view is.
    virtual void list_fields(Fields&) {}
    // After one of them took a new value. The room computes anew afterwards.
    virtual void field_changed(const Field&) {}

    // There is a new graph: another input, other weights, other settings. Called whether the view is on screen or not; keep it cheap. A
    // view that needs more than the graph (another run, a measurement) notes that it is out of date and computes in update(), in job(), or,
    // what nothing else shows, when it draws.
    virtual void computed() {}

    // Draws from the top left of `area`, as wide as it, and returns the height used. stage.graph is the workbench's, and stays so until
    // the frame is drawn: what the learner does is carried out after it.
    virtual float draw(Stage& stage, Rect area) = 0;
    virtual bool animating() const { return false; }  // wants the next frame without input; asked while on screen
    // The page API's step(n), while on screen. Returns whether it did: else the room does what step(n) means to it.
    virtual bool advance(int64_t) { return false; }

    // Long work for while it is on screen (see job.h); training goes first. update() is called before each frame.
    virtual std::shared_ptr<Job> job() { return nullptr; }
    virtual void update() {}

    // What is not a field and belongs to the learner's work: null, or an object that restore() takes back (FormatError otherwise).
    virtual nlohmann::json state() const;
    virtual void restore(const nlohmann::json&) {}

    // What every room does for its views. Called from the thread that draws; while drawing, carried out after the frame.
    struct Services {
        Host* host = nullptr;
        TrainingRun* training = nullptr;
        std::function<void()> recompute;  // a new graph, and all that follows from it
        std::function<void(std::string_view name, const FieldValue&)> set;  // a field, as its control does: checked, undoable
        std::function<void()> start_anew;  // fresh weights
    };
    void attach(const Services& services) { services_ = services; }

protected:
    Host& host() const { return *services_.host; }
    TrainingRun& training() const { return *services_.training; }
    void recompute() const { later(services_.recompute); }
    void set(std::string_view field, const FieldValue& value) const { services_.set(field, value); }
    void start_anew() const { later(services_.start_anew); }
    void later(std::function<void()> command) const { host().later(std::move(command)); }

private:
    Services services_;
};

// A view, in a room's table whose order is that of the tabs.
template <typename View, typename Workbench>
struct ViewEntry {
    const char* id;
    Text label, help;
    std::unique_ptr<View> (*make)(Workbench&);
};
template <typename ViewType, typename Base, typename Workbench>
std::unique_ptr<Base> make_view(Workbench& bench) {
    return std::make_unique<ViewType>(bench);
}

}  // namespace trilens

// View: one way to look at the learner's network. The room shows one at a time, beside the drawing pad; all of them look at the same
// workbench. A view is one class in one file, and one line in the room's table.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "demos/cnn/workbench.h"
#include "demos/fields.h"
#include "demos/job.h"
#include "demos/room.h"
#include "demos/stage.h"
#include "demos/training/run.h"

namespace trilens {

class View {
public:
    explicit View(Workbench& bench) : bench_(bench) {}
    virtual ~View() = default;
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    // Its settings: their controls are shown only while the view is.
    virtual void list_fields(Fields&) {}
    // After one of them took a new value. The room computes anew afterwards.
    virtual void field_changed(const Field&) {}

    // Adds what the view shows to the graph of the forward pass, while it is the one on screen: named nodes ("sandbox.conv" becomes
    // "cnn.sandbox.conv") which the inspector, tensor() and explain() then know like any other.
    virtual void record(Graph&) {}
    // There is a new graph: another input, other weights, other settings. Called whether the view is on screen or not; keep it cheap.
    virtual void computed() {}

    // Draws from the top left of `area`, as wide as it, and returns the height used. stage.graph is the workbench's.
    virtual float draw(Stage& stage, Rect area) = 0;
    virtual bool animating() const { return false; }          // wants the next frame without input; asked while on screen
    virtual void advance(int64_t) {}                          // the page API's step(n), while on screen

    // Long work for while it is on screen (see job.h); training goes first. update() is called before each frame.
    virtual std::shared_ptr<Job> job() { return nullptr; }
    virtual void update() {}

    // What is not a field and belongs to the learner's work: null, or an object that restore() takes back (FormatError otherwise).
    virtual nlohmann::json state() const;
    virtual void restore(const nlohmann::json&) {}

    // What the room does for its views. Called from the thread that draws.
    struct Services {
        Host* host = nullptr;
        TrainingRun* training = nullptr;
        std::function<void()> recompute;                                       // a new graph, and all that follows from it
        std::function<void(std::string_view name, const FieldValue&)> set;     // a field, as its control does: checked, undoable
        std::function<void(OwnClasses)> set_own;                            // the learner's own classes, undoable
        std::function<void(Drawing)> draw_anew;                             // on the pad
    };
    void attach(const Services& services) { services_ = services; }

protected:
    Workbench& bench() const { return bench_; }
    Host& host() const { return *services_.host; }
    TrainingRun& training() const { return *services_.training; }
    void recompute() const { services_.recompute(); }
    void set_own(OwnClasses own) const { services_.set_own(std::move(own)); }
    void draw_anew(Drawing drawing) const { services_.draw_anew(std::move(drawing)); }
    void set(std::string_view field, const FieldValue& value) const { services_.set(field, value); }

private:
    Workbench& bench_;
    Services services_;
};

}  // namespace trilens

// View: a view of the CNN room, and what that room does for its views beyond what every room does (demos/room_view.h).
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "demos/cnn/workbench.h"
#include "demos/room_view.h"

namespace trilens {

class View : public RoomView {
public:
    explicit View(Workbench& bench) : bench_(bench) {}

    // Adds what the view shows to the graph of the forward pass, while it is the one on screen: named nodes ("sandbox.conv" becomes
    // "cnn.sandbox.conv") which the inspector, tensor() and explain() then know like any other.
    virtual void record(Graph&) {}

    struct InputServices {
        std::function<void(OwnClasses)> set_own;  // the learner's own classes, undoable
        std::function<void(Drawing)> draw_anew;  // on the pad
    };
    using RoomView::attach;
    void attach(const InputServices& services) { input_ = services; }

protected:
    Workbench& bench() const { return bench_; }
    void set_own(OwnClasses own) const {
        later([this, own = std::move(own)] { input_.set_own(own); });
    }
    void draw_anew(Drawing drawing) const {
        later([this, drawing = std::move(drawing)] { input_.draw_anew(drawing); });
    }

private:
    Workbench& bench_;
    InputServices input_;
};

std::span<const ViewEntry<View, Workbench>> view_table();

}  // namespace trilens

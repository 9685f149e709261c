// RnnView: a view of the RNN room, and what that room does for its views beyond what every room does (demos/room_view.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "demos/rnn/workbench.h"
#include "demos/room_view.h"

namespace trilens {

class RnnView : public RoomView {
public:
    explicit RnnView(RnnWorkbench& bench) : bench_(bench) {}

    struct InputServices {
        std::function<void(RnnInput, bool joins)> set_input;  // undoable; `joins`: part of the drag before it
        std::function<void(std::vector<Held>, bool joins)> hold;  // all that is clamped, undoable
        std::function<void(std::optional<int64_t>)> leave_out;  // for as long as a token is hovered
    };
    using RoomView::attach;
    void attach(const InputServices& services) { input_ = services; }

protected:
    RnnWorkbench& bench() const { return bench_; }
    void set_input(RnnInput input, bool joins = false) const {
        later([this, input = std::move(input), joins] { input_.set_input(input, joins); });
    }
    void hold(std::vector<Held> held, bool joins = false) const {
        later([this, held = std::move(held), joins] { input_.hold(held, joins); });
    }
    void leave_out(std::optional<int64_t> step) const { input_.leave_out(step); }

private:
    RnnWorkbench& bench_;
    InputServices input_;
};

std::span<const ViewEntry<RnnView, RnnWorkbench>> rnn_view_table();

}  // namespace trilens

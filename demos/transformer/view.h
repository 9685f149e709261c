// TransformerView: a view of the Transformer room, and what that room does for its views beyond what every room does (demos/room_view.h).
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "demos/room_view.h"
#include "demos/transformer/workbench.h"

namespace trilens {

class TransformerView : public RoomView {
public:
    explicit TransformerView(TransformerWorkbench& bench) : bench_(bench) {}

    using SetInput = std::function<void(TransformerInput, bool joins)>;  // undoable; `joins`: part of the drag before it
    using RoomView::attach;
    void attach(const SetInput& set_input) { set_input_ = set_input; }

protected:
    TransformerWorkbench& bench() const { return bench_; }
    void set_input(TransformerInput input, bool joins = false) const {
        later([this, input = std::move(input), joins] { set_input_(input, joins); });
    }

private:
    TransformerWorkbench& bench_;
    SetInput set_input_;
};

std::span<const ViewEntry<TransformerView, TransformerWorkbench>> transformer_view_table();

}  // namespace trilens

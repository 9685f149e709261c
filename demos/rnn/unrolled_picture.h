// The network unrolled over time: one copy of the cell for each step, the weights drawn once beside them. Elman 1990; Goodfellow et al.
// 2016, figure 10.3.
#pragma once

#include "demos/rnn/workbench.h"
#include "demos/stage.h"
#include "demos/widgets/time_axis.h"

namespace trilens {

// W_xh, W_hh and W_ho, with their shapes and how many values they hold: the same at every step. Returns the height used.
float draw_shared_weights(Stage& stage, const RnnWorkbench& bench, Rect area);

inline constexpr float least_unrolled_step = 26;  // units: narrower steps are dots

struct UnrolledEvent {
    float height = 0;  // used
    int64_t clicked = -1;  // a step
};

// Inputs below, states in the middle, outputs above; arrows through which weights go. The step that time has reached stands out, later ones
// are faint. Where a step is too narrow for a picture of its own, a line with a dot for each is drawn. The cell under the pointer is told
// to the inspector.
UnrolledEvent draw_unrolled(Stage& stage, const RnnWorkbench& bench, const TimeAxis& axis, Rect area);

}  // namespace trilens

// Divergence: when and where a run left all bounds, and the step to go back to. Judged from the numbers of the run alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "demos/stage.h"
#include "demos/training/session.h"

namespace trilens {

struct Divergence {
    bool finite = true;          // false: a number is infinite or NaN; true: the loss is far worse than guessing
    int64_t step = 0;            // where that was seen
    std::string where;           // not finite: the first node or parameter that holds it
    std::string grown;  // the parameter whose gradient was, just before, the first to be ten times what it ever was; empty if none
    int64_t grown_step = 0;
    float loss = 0;  // the mean of the last batches that were finite
    int64_t back_to = 0;  // the kept step before it with the least loss
};

// None while the run is sound. Guessing among `classes` has a loss of log(classes); more than twice that over 20 steps is divergence.
// Without classes (0) only numbers that are not finite are.
std::optional<Divergence> find_divergence(const SessionSnapshot& progress, int32_t classes);

// Says what happened and offers the way back; returns the height used, and sets `back` if that was pressed.
float draw_divergence(Stage& stage, const Divergence& divergence, Rect area, bool& back);

}  // namespace trilens

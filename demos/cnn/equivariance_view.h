// What the comparison of a layer's maps shows and says.
#pragma once

#include <string>

#include "demos/cnn/equivariance.h"
#include "demos/cnn/workbench.h"
#include "demos/stage.h"

namespace trilens {

// The maps of the moved picture ("cnn.moved.LAYER"), the unmoved picture's maps moved ("cnn.moved.expected"), and their difference, on one
// scale, one below the other: into the height of the area, or as large as its width allows if that is 0. Returns the height used.
float draw_comparison(Stage& stage, const std::string& layer, bool is_signed, const Look& look, Rect area);

// What the numbers say, in the language on screen.
std::string comparison_sentence(const Comparison& found, const LayerGrid& grid, const Motion& motion);

}  // namespace trilens

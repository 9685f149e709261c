// What the measured times say, in plain words made of their numbers.
#pragma once

#include <string>
#include <vector>

#include "demos/cost/measurement.h"

namespace trilens {

// Names as they stand in legends and tables: that of the cell for the recurrent layer.
std::string cost_name(const CostPlan& plan, CostLayer layer);
// "1.9 x"
std::string times(double factor);
// Sentences, for whatever is measured so far; empty before anything can be said.
std::vector<std::string> cost_words(const CostCurves& curves, CostPass pass);

}  // namespace trilens

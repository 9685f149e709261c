// A recurrent cell's name and colour, the same in every plot of the room.
#pragma once

#include "demos/rnn/cells.h"
#include "demos/training/curves.h"

namespace trilens {

CurveLabel cell_label(RnnCell cell);

}  // namespace trilens

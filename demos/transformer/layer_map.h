// The vectors of all tokens as one map: a row for each token, a column for each number. Cells need not be square, so that 256 tokens and
// long vectors fit; the row of the followed token is framed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "demos/stage.h"
#include "demos/transformer/layer_stages.h"
#include "demos/widgets/color_map.h"

namespace trilens {

struct StageMapContent {
    const TokenVectors& vectors;
    std::string node;  // whose elements they are
    bool gradient = false;
    ColorScale scale;
    int64_t token = 0;  // followed
    std::string look;  // another one for other values
    float highest = 150;  // units
};

struct StageMapEvent {
    int64_t token = -1, column = -1;  // under the pointer
    bool clicked = false;
    float height = 0;
};

// Draws below the top of `area` and registers the cells under `name`; paints nothing out of sight. Hovering tells the inspector, clicking
// pins.
StageMapEvent draw_stage_map(Stage& stage, std::string_view name, const StageMapContent& content, Rect area);

}  // namespace trilens

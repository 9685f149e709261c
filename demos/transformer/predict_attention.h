// PredictAttention: where one token looks: a row for each head of a layer, a column for each key; over a drawing, a picture for each head.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/transformer/workbench.h"

namespace trilens {

class PredictAttention {
public:
    // Rows of heads of `layer` in `graph`, and their mean. Registers "transformer.predict.attention". The head clicked goes to `head` (from
    // 0; else -1). Returns the height used.
    float draw(Stage& stage, const TransformerWorkbench& bench, TransformerLook::Where where, int64_t query, Rect area, int64_t& head);
    // The class token's attention to the patches of the drawing, the ink over it. Registers "transformer.predict.picture:HEAD".
    float draw_pictures(Stage& stage, const TransformerWorkbench& bench, Rect area, int64_t& head);
};

}  // namespace trilens

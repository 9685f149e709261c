// ShuffledOutputs: an encoder's output vectors for the learner's tokens in their order and in a shuffled one, from two runs of the same
// network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/transformer/workbench.h"

namespace trilens {

struct ShuffledOutputs {
    std::vector<std::string> labels, shuffled_labels;
    Tensor plain, shuffled;  // [T, d_model], without the class token
    std::vector<int64_t> order;  // place in `shuffled` -> place in `plain`
    float largest_difference = 0;  // |shuffled row - the same token's plain row|, over all elements
};

// Runs the network in both orders. Nothing where the network writes or has nothing to read.
std::optional<ShuffledOutputs> shuffled_outputs(const TransformerWorkbench& bench);

// The two blocks of strips, lines between rows of the same token. Registers "transformer.positions.plain" and
// "transformer.positions.shuffled"; returns the height.
float draw_shuffled_outputs(Stage& stage, const ShuffledOutputs& outputs, Rect area);

}  // namespace trilens

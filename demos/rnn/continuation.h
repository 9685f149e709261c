// Continuation: a recurrent network goes on where a sequence ended, one step at a time. A single layer keeps only its state, so that a
// step costs a step; a stack of layers reads the whole sequence again. The bits are those of one pass over the whole sequence either way.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/models/sequence_model.h"

namespace trilens {

class Continuation {
public:
    // Reads `inputs`, [T] token numbers or [T, F], with what is held and left out. Throws ValueError for a network that also reads from
    // the end (nothing can follow there), ShapeError for a sequence of no steps.
    Continuation(std::shared_ptr<SequenceModel> model, const Tensor& inputs, SequenceLook look = {});

    // One more step: the number of a token, or F numbers. Throws ShapeError for another count.
    void read(std::span<const float> input);

    int64_t steps() const { return steps_; }  // read so far
    const Tensor& scores() const { return scores_; }  // [outputs], after the last step
    const Tensor& states() const { return states_; }  // [t, H] of the first layer: after each step of the last read, at least
    const Tensor& hidden() const { return hidden_; }  // [H] of the first layer, after the last step

private:
    void run(const Tensor& inputs, const SequenceLook& look);

    std::shared_ptr<SequenceModel> model_;
    SequenceLook look_;
    Tensor scores_, states_, hidden_, cell_;
    std::vector<float> read_;  // all inputs: of a stack only
    int64_t steps_ = 0;
};

}  // namespace trilens

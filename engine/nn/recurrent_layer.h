// RecurrentLayer: the parameters of one recurrent layer in one direction, started as Keras starts them (W_xh Glorot, W_hh orthogonal,
// biases 0, those of the LSTM's forget gate and the GRU's update gate 1), and its forward pass. Stacks and both directions are made of
// several (engine/models/sequence_model.h).
#pragma once

#include "engine/autograd/recurrent.h"
#include "engine/nn/layer.h"

namespace trilens {

class RecurrentLayer {
public:
    // `prefix` is put before the names: "", "reverse.", "layer2.". `spectral_radius`: the largest absolute eigenvalue of W_hh at the start
    // (of each gate's block), at least 0.
    // Throws ValueError for fewer than one input or hidden unit.
    RecurrentLayer(std::string prefix, Cell cell, int64_t inputs, int64_t hidden_size, float spectral_radius, Random& random);

    // See autograd/recurrent.h; options.cell is set here. Parts are tapped under prefix + their name.
    Value forward(Value x, RecurrentOptions options = {});
    std::vector<Parameter*> parameters();  // W_xh, W_hh, b_h and, of a gru, b_hn, under `prefix`
    Cell cell() const { return cell_; }

private:
    std::string prefix_;
    Cell cell_;
    Parameter input_, hidden_, bias_, candidate_bias_;
};

}  // namespace trilens

// The layer around autograd's recurrent.
#include "engine/nn/recurrent_layer.h"

#include <algorithm>

#include "engine/nn/initialization.h"

namespace trilens {
namespace {

// One orthogonal block for each gate, scaled: all eigenvalues have the absolute value `spectral_radius`.
Tensor recurrent_weight(int64_t gates, int64_t size, float spectral_radius, Random& random) {
    Tensor weight = Tensor::uninitialized(Shape{gates * size, size});
    for (int64_t g = 0; g < gates; ++g) {
        const Tensor block = orthogonal(size, random);
        std::ranges::transform(block.values(), weight.data() + g * size * size, [=](float value) { return spectral_radius * value; });
    }
    return weight;
}

}  // namespace

RecurrentLayer::RecurrentLayer(std::string prefix, Cell cell, int64_t inputs, int64_t hidden_size, float spectral_radius, Random& random)
    : prefix_(std::move(prefix)), cell_(cell) {
    if (inputs < 1 || hidden_size < 1)
        throw ValueError(prefix_ + "recurrent layer: " + std::to_string(inputs) + " inputs and " + std::to_string(hidden_size) +
                         " hidden units, expected at least 1");
    if (!(spectral_radius >= 0))
        throw ValueError("recurrent layer: spectral radius " + std::to_string(spectral_radius) + ", expected at least 0");
    const auto gates = static_cast<int64_t>(gate_names(cell).size());
    input_ = {prefix_ + "W_xh", glorot_uniform(Shape{gates * hidden_size, inputs}, inputs, hidden_size, random), Tensor()};
    hidden_ = {prefix_ + "W_hh", recurrent_weight(gates, hidden_size, spectral_radius, random), Tensor()};
    bias_ = {prefix_ + "b_h", Tensor(Shape{gates * hidden_size}), Tensor()};
    // A cell that begins by remembering learns long dependences sooner: Jozefowicz, Zaremba, Sutskever 2015, section 5. Its keeping gate is
    // the second one: the LSTM's forget gate, the GRU's update gate.
    if (gates > 1) std::fill_n(bias_.value.data() + hidden_size, hidden_size, 1.0f);
    if (cell == Cell::gru) candidate_bias_ = {prefix_ + "b_hn", Tensor(Shape{hidden_size}), Tensor()};
}

Value RecurrentLayer::forward(Value x, RecurrentOptions options) {
    Graph& graph = *x.graph;
    options.cell = cell_;
    RecurrentWeights weights{graph.parameter(input_), graph.parameter(hidden_), graph.parameter(bias_)};
    if (cell_ == Cell::gru) weights.candidate_bias = graph.parameter(candidate_bias_);
    if (prefix_.empty()) return recurrent(x, weights, options);
    const Scope scope(graph, prefix_.substr(0, prefix_.size() - 1));
    return recurrent(x, weights, options);
}

std::vector<Parameter*> RecurrentLayer::parameters() {
    std::vector<Parameter*> all{&input_, &hidden_, &bias_};
    if (cell_ == Cell::gru) all.push_back(&candidate_bias_);
    return all;
}

}  // namespace trilens

// SequenceModel: what the RNN room looks at and what `train sentiment` trains: embedding or numbers, a stack of recurrent layers, a dense
// head.
//
// Batches (engine/data/data_set.h):
//   tokens   inputs [N, T] of token numbers as floats, -1 after the end of a shorter sequence
//   numbers  inputs [N, T, F]
// One sequence may come without the batch's axis, [T] or [T, F]; what is tapped has none then: "hidden" [T, H], "logits" [T, outputs]. With
// Head::last every step is classified as if the sequence ended there, and the last row is the answer (with both directions there is only
// that row).

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/data/outcome.h"
#include "engine/nn/recurrent_layer.h"

namespace trilens {

struct SequencePlan {
    int64_t vocabulary = 0;  // number of tokens; 0: the inputs are numbers
    int64_t embedding = 0;  // size of a token's vector; 0: one-hot (W_xh itself is the table)
    int64_t features = 1;  // of an input that is numbers
    Cell cell = Cell::rnn_tanh;
    int64_t hidden_size = 32;
    int layers = 1;  // at least 1
    bool bidirectional = false;
    enum class Head { last, every } head = Head::last;
    int64_t outputs = 2;
    bool regression = false;  // mean squared error instead of cross-entropy
    float dropout = 0;  // share of the embedding's and of the last state's elements dropped while training
    float spectral_radius = 1;  // of W_hh at the start
    bool operator==(const SequencePlan&) const = default;
};

// What is looked at besides the sequence itself.
struct SequenceLook {
    std::vector<int64_t> skipped{};  // steps left out, in all layers
    std::vector<Held> held{};  // in the first layer, forward direction
    std::optional<Tensor> initial_hidden{}, initial_cell{};  // [N, H] of the only layer; throws ValueError for a stack
};

class SequenceModel {
public:
    // Weights drawn from `random`. Throws ValueError naming what makes no sense.
    SequenceModel(const SequencePlan& plan, Random& random);
    SequenceModel(const SequenceModel&) = delete;
    SequenceModel& operator=(const SequenceModel&) = delete;

    const SequencePlan& plan() const { return plan_; }
    // "embedding.weight", "W_xh", "W_hh", "b_h", ("b_hn",) "W_ho", "b_o"; a second layer's begin with "layer2.", the other direction's with
    // "reverse.".
    std::vector<Parameter*> parameters();

    // `inputs` as in a batch -> scores [N, outputs] or [T, N, outputs]. Taps "input" [T, N, F] (what the first layer reads), all parts of
    // all layers ("hidden", "gate.i", "layer2.hidden",
    // "reverse.hidden"), "logits" and, where there are classes, "probabilities".
    Value forward(Graph& graph, const Tensor& inputs, const SequenceLook& look = {});
    // Throws ShapeError, or ValueError for a token that is not below `vocabulary`.
    Outcome loss(Graph& graph, const Batch& batch);  // for a Trainer

private:
    Value read(Graph& graph, const Tensor& inputs, std::vector<int32_t>& lengths);
    Value states(Value x, const std::vector<int32_t>& lengths, const SequenceLook& look, bool last);

    SequencePlan plan_;
    Parameter embedding_;
    std::vector<std::unique_ptr<RecurrentLayer>> layers_;  // forward (and reverse) of each layer of the stack
    Parameter output_weight_, output_bias_;
};

}  // namespace trilens

// RnnWorkbench: what every view of the RNN room looks at. The task, the learner's input, one network for each kind of cell, and the graph
// of the last forward and backward pass of the one on screen.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "demos/rnn/settings.h"
#include "engine/data/data_set.h"
#include "engine/data/tokens.h"
#include "engine/models/sequence_model.h"
#include "engine/train/trainer.h"

namespace trilens {

struct WeightFile;

// The learner's input: all tasks' at once, so that each keeps its own.
struct RnnInput {
    std::vector<float> numbers;  // sum: at least as many as the length, which keeps those beyond it
    std::string english, chinese;  // sentiment
    std::string prompt_english, prompt_chinese;  // generate: what the text begins with
    std::string corpus;  // generate: the text to learn from
    std::vector<float> curve;  // forecast: values in [-1, 1]
    bool operator==(const RnnInput&) const = default;
};

class RnnWorkbench {
public:
    RnnWorkbench();

    RnnSettings settings;
    RnnInput input;
    std::vector<Held> held;  // clamped by the learner in the network on screen; those beyond the sequence or the cell are not used
    std::optional<int64_t> left_out;  // the step that everything is computed without, for a moment (counterfactual)
    void take_held();  // each network keeps what is held in it: `held` becomes that of the network that the settings ask for now
    SequenceLook look() const;  // those that are used, and the step left out

    // --- the task -----------------------------------------------------------------------------------------------------------
    RnnTask task() const { return settings.task; }
    bool reads_text() const { return task() == RnnTask::sentiment || task() == RnnTask::generate; }
    bool chinese() const;  // the language of the text
    std::string& text_of(RnnInput& input) const;  // sentiment's sentence or generate's prompt, in that language
    const std::string& text() const { return text_of(const_cast<RnnInput&>(input)); }
    const Vocabulary* vocabulary() const;  // null for tasks on numbers
    std::vector<std::string> classes() const;  // of the probabilities, in the language on screen; none for forecast
    // One for each step: a token as it is shown, or a number; and where text is read, the tokens with the bytes that they came from.
    const std::vector<std::string>& step_labels() const { return labels_; }
    const std::vector<Token>& tokens() const { return tokens_; }
    bool is_known(int64_t step) const;  // whether the vocabulary has the token
    int64_t steps() const { return static_cast<int64_t>(labels_.size()); }
    int64_t shown_steps() const;  // those that time has reached
    std::span<const float> numbers() const { return std::span(input.numbers).first(static_cast<size_t>(settings.length)); }  // sum
    std::optional<int64_t> marked_step() const;  // needle: the step whose value is to be remembered
    // The class whose loss is sent back: the right one where that is known (sum, needle), else the one that wins. -1 where there are no
    // classes.
    int32_t target_class() const { return target_; }

    // --- the networks -------------------------------------------------------------------------------------------------------
    bool is_shipped() const;  // the network on screen was trained beforehand: its cell and sizes are its own
    bool trainable() const { return !is_shipped(); }
    const std::map<std::string, std::string>* metadata() const;  // of a shipped network: how it was made; else null
    RnnCell cell() const;  // on screen
    SequencePlan plan(RnnCell cell) const;  // what the settings ask for
    std::shared_ptr<SequenceModel> model(RnnCell cell) const;  // made when first asked for, and anew when its plan is another
    std::shared_ptr<SequenceModel> model() const { return model(cell()); }
    std::shared_ptr<SequenceModel> copy(RnnCell cell) const;  // with the same weights, for another thread
    bool is_trained() const;  // its weights are no longer those it was made with
    void start_anew();  // fresh weights for the task's three cells
    void use_weights(RnnCell cell, const std::vector<Tensor>& weights);  // in the order of parameters()
    uint64_t weights_version() const { return weights_version_; }
    std::vector<uint8_t> save() const;  // safetensors of the network on screen
    void load(const WeightFile& file);  // into it; throws ShapeError or FormatError and changes nothing
    // Another text for another network, data or task: what was trained under one goes on only under the same.
    std::string network_key() const;

    // --- the data (task_data.cpp) -------------------------------------------------------------------------------------------
    // What training draws from, the same object until the settings ask for another. Throws ValueError, a sentence for the learner, for too
    // little text or curve.
    std::shared_ptr<const DataSet> data() const;
    Split split() const;  // 70 % are trained on

    // --- the computation ----------------------------------------------------------------------------------------------------
    Tensor sequence() const;  // [T] tokens or [T, F]
    // Forward and backward of `cell`'s network on the sequence; for the cell on screen with the held elements. Taps "rnn.loss" where there
    // is one. Null for a sequence of no steps.
    std::shared_ptr<const Graph> run(RnnCell cell) const;
    std::shared_ptr<const Graph> graph() const { return graph_; }  // of the cell on screen
    uint64_t version() const { return version_; }  // another number after each compute()
    double milliseconds() const { return milliseconds_; }
    void compute();
    void compute_without(std::optional<int64_t> step);  // of the same input; no gradients unless they are shown

private:
    struct Slot {
        std::shared_ptr<SequenceModel> model;
        int seed = 0;
        bool trained = false;
    };
    std::array<Slot, rnn_cell_count>& slots() const { return slots_[static_cast<size_t>(task())]; }
    std::shared_ptr<const DataSet> make_data() const;
    std::string data_key() const;
    std::optional<Value> loss(Graph& graph, const Value& scores) const;
    std::shared_ptr<Graph> forward(RnnCell cell, Value& scores) const;
    void send_back(Graph& graph, const Value& scores) const;
    static int32_t winning_class(const Tensor& scores);
    const Vocabulary& corpus_vocabulary() const;
    void read_input();
    void read_text();
    void read_needle();

    mutable std::array<std::array<Slot, rnn_cell_count>, rnn_task_count> slots_;
    mutable std::string data_key_;
    mutable std::shared_ptr<const DataSet> data_;
    mutable std::string corpus_key_;
    mutable Vocabulary corpus_vocabulary_;
    std::vector<std::string> labels_;
    std::vector<Token> tokens_;
    std::vector<int32_t> numbers_;  // of the tokens in the vocabulary
    Tensor needle_;  // [T, F] of the sequence on screen
    std::string held_of_;  // the network that `held` belongs to
    std::map<std::string, std::vector<Held>> held_elsewhere_;
    int32_t target_ = -1;
    uint64_t weights_version_ = 1, version_ = 0;
    std::shared_ptr<const Graph> graph_;
    double milliseconds_ = 0;
};

}  // namespace trilens

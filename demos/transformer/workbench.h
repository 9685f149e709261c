// TransformerWorkbench: what every view of the Transformer room looks at. The task, the learner's input, a network for each task, what the
// network wrote, and the graph of the forward and backward pass over the whole of it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "demos/drawing.h"
#include "demos/transformer/settings.h"
#include "engine/data/data_set.h"
#include "engine/data/tokens.h"
#include "engine/models/decoding.h"
#include "engine/models/transformer.h"
#include "engine/train/trainer.h"

namespace trilens {

struct WeightFile;

// The learner's input: all tasks' at once, so that each keeps its own.
struct TransformerInput {
    std::array<std::string, sequence_problem_count> problems;
    std::string prompt_english, prompt_chinese;  // generate: what the text begins with
    std::string corpus;  // generate: the text to learn from; empty: the example of the language
    std::string blank_english, blank_chinese;  // mask: a sentence with a blank
    std::string source;  // translate
    Drawing drawing;  // vision
    bool operator==(const TransformerInput&) const = default;
};

// One sequence of tokens on screen: what a stack reads.
struct TokenRow {
    std::vector<std::string> labels;  // one for each row of the stack's tensors: a token as it is shown; a vector's or patch's number
    std::vector<int32_t> numbers;  // of tokens; none for vectors
    std::vector<bool> known;  // whether the vocabulary has it
    int64_t size() const { return static_cast<int64_t>(labels.size()); }
};

// The first characters of a text, and "..." where it has more than `most`.
std::string shortened(const std::string& text, size_t most);

class TransformerWorkbench {
public:
    using Where = TransformerLook::Where;
    TransformerWorkbench();
    static TransformerInput example_input();  // what the room opens with

    TransformerSettings settings;
    TransformerInput input;

    // --- the task -----------------------------------------------------------------------------------------------------------
    TransformerTask task() const { return settings.task; }
    bool chinese() const;  // the language of the text
    bool reads_text() const;  // a text box is its input
    std::string& text_of(TransformerInput& input) const;  // the task's own, in that language
    const std::string& text() const { return text_of(const_cast<TransformerInput&>(input)); }
    bool writes() const { return plan().kind != TransformerPlan::Kind::encoder; }
    const Vocabulary* vocabulary() const;  // of what is read; null for vectors
    const Vocabulary* target_vocabulary() const;  // of what is written or filled in; null where there is none
    std::vector<std::string> classes() const;  // of the probabilities, as they are shown; none for layer
    const std::string& problem() const {
        return problem_;
    }  // why there is nothing on screen, a sentence for the learner; empty: nothing is wrong

    // What the encoder reads, and what the decoder reads: the prompt (or the beginning's token) and what was written so far. Empty where
    // there is no such stack.
    const TokenRow& source() const { return source_; }
    const TokenRow& target() const { return target_; }
    int64_t given() const { return given_; }  // the first tokens of target() that are no work of the network
    std::vector<int64_t> blanks() const;  // mask: the places to fill
    // The order in which `shuffled` reads the source's tokens: place -> the token's place in the learner's order. Not shuffled: 0, 1, 2,
    // ...
    const std::vector<int64_t>& order() const { return order_; }

    // --- what was written ---------------------------------------------------------------------------------------------------
    // Tokens after those given, at most settings.step of them; `finished` if the last is the end's, which target() does not hold.
    const Hypothesis& written() const { return written_; }
    const std::vector<Hypothesis>& beams() const { return beams_; }  // beam search: the best first; else empty
    std::string written_text() const;  // as one reads it
    std::optional<std::string> right_answer() const;  // sequences: what should be written
    int64_t most_steps() const;  // tokens that could be written
    TransformerSettings::Decoding decoding() const;  // by_task resolved
    Sampling sampling() const { return {settings.temperature, settings.top_k, settings.top_p}; }

    // --- the network --------------------------------------------------------------------------------------------------------
    bool is_shipped() const { return task() == TransformerTask::translate || task() == TransformerTask::vision; }
    bool trainable() const { return !is_shipped() && task() != TransformerTask::layer; }
    const std::map<std::string, std::string>* metadata() const;  // of a shipped network: how it was made; else null
    TransformerPlan plan() const;
    std::shared_ptr<Transformer> model() const;  // made when first asked for, and anew when its plan is another
    std::shared_ptr<Transformer> copy() const;  // with the same weights, for another thread
    TransformerLook look() const;  // what is switched, of what the network has
    bool is_trained() const;  // its weights are no longer those it was made with
    void start_anew();  // fresh weights for the task
    // The task's network, to be put in its place again.
    struct Slot {
        std::shared_ptr<Transformer> model;
        int seed = 0;
        std::string corpus;  // generate: what its characters are of
        bool trained = false;
        size_t task = 0;  // slot()
    };
    Slot kept() const { return model(), slots_[slot()]; }
    void put_back(const Slot& kept);
    void use_weights(const std::vector<Tensor>& weights);  // in the order of parameters()
    uint64_t weights_version() const { return weights_version_; }
    std::vector<uint8_t> save() const;  // safetensors of the network on screen
    void load(const WeightFile& file);  // into it; throws ShapeError or FormatError and changes nothing
    // Another text for another network, data or task: what was trained under one goes on only under the same.
    std::string network_key() const;

    // --- its attention ------------------------------------------------------------------------------------------------------
    std::vector<Where> stacks() const;  // the kinds of attention that the network has
    Where stack() const;  // settings.stack, or the first of stacks()
    int64_t layer() const;  // from 0, of those there are
    int64_t head() const;
    int64_t token() const;  // from 0, of queries(stack()); -1 if there are none
    // Before the taps of a layer: "transformer.encoder.0.", "transformer.decoder.0.", "transformer.decoder.0.cross.".
    static std::string prefix(Where where, int64_t layer);
    const TokenRow& queries(Where where) const { return where == Where::encoder ? source_ : target_; }
    const TokenRow& keys(Where where) const { return where == Where::decoder ? target_ : source_; }

    // --- the data (task_data.cpp) -------------------------------------------------------------------------------------------
    // What training draws from, the same object until the settings ask for another. Throws ValueError, a sentence for the learner.
    std::shared_ptr<const DataSet> data() const;
    Split split() const;
    const std::string& corpus() const;  // generate: the learner's, or the example

    // --- the computation ----------------------------------------------------------------------------------------------------
    // Forward and backward over source() and target(), with look() or another. Null where there is nothing to read. The gradient is that of
    // the loss "transformer.loss":
    // of the answer that the network itself gives; of task layer the mean square of output - input.
    std::shared_ptr<const Graph> run(const TransformerLook& look) const;
    std::shared_ptr<const Graph> graph() const { return graph_; }
    uint64_t version() const { return version_; }  // another number after each compute()
    double milliseconds() const { return milliseconds_; }
    void compute();

private:
    size_t slot() const;
    Slot made(const TransformerPlan& wanted, const std::string& text) const;
    const char* shipped_name() const;  // of the shipped network, as demos/weights.h has it
    int32_t ending() const;  // that ends what is written; -1: none
    int32_t blank_number() const;  // mask: the blank's
    std::string label(int32_t number, const Vocabulary& vocabulary) const;
    TokenRow row_of(std::span<const int32_t> numbers, const Vocabulary& vocabulary) const;
    TransformerPlan task_plan() const;
    std::shared_ptr<const DataSet> make_data() const;
    std::string data_key() const;
    const Vocabulary& corpus_vocabulary() const;
    Tensor source_tensor() const;
    void read_input();
    void read_problem();
    void read_words(std::span<const Token> tokens, int64_t most);
    void read_drawing();
    void shuffle();
    void write();
    void show_target();
    std::optional<Value> loss(Graph& graph, const Value& scores) const;

    mutable std::map<size_t, Slot> slots_;
    // Trained ones of other plans, seeds and texts, the latest last: who undoes such a setting has them again.
    mutable std::vector<Slot> earlier_;
    mutable std::string data_key_;
    mutable std::shared_ptr<const DataSet> data_;
    mutable std::string corpus_key_;
    mutable Vocabulary corpus_vocabulary_;
    TokenRow source_, target_;
    Tensor vectors_;  // of an encoder that reads vectors: [T, F]
    std::vector<int32_t> prompt_;  // what the decoder is given
    std::vector<int64_t> order_;
    int64_t given_ = 0;
    Hypothesis written_;
    std::vector<Hypothesis> beams_;
    std::string problem_;
    uint64_t weights_version_ = 1, version_ = 0;
    std::shared_ptr<const Graph> graph_;
    double milliseconds_ = 0;
};

}  // namespace trilens

// TransformerWorkbench: what every view of the Transformer room looks at. The task at hand (demos/transformer/tasks/), the learner's input,
// the task's network, what it wrote, and the graph of the forward and backward pass over the whole of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "demos/network_slots.h"
#include "demos/transformer/input.h"
#include "demos/transformer/reading.h"
#include "demos/transformer/settings.h"
#include "demos/transformer/tasks/task.h"
#include "demos/transformer/writing.h"
#include "engine/data/data_set.h"
#include "engine/models/transformer.h"
#include "engine/train/trainer.h"

namespace trilens {

struct WeightFile;

class TransformerWorkbench {
public:
    using Where = TransformerLook::Where;
    using Networks = NetworkSlots<Transformer>;
    TransformerWorkbench();

    TransformerSettings settings;
    TransformerInput input;

    // --- the task -----------------------------------------------------------------------------------------------------------
    const TransformerTask& task() const;
    TransformerContext context() const { return {settings, input, corpus_vocabulary_}; }  // to ask it with
    bool reads_text() const { return task().text_name(context()) != nullptr; }  // a text box is its input
    std::string& text_of(TransformerInput& input) const;  // the task's own. Throws ValueError where it reads none
    const std::string& text() const;
    bool writes() const { return plan().kind != TransformerPlan::Kind::encoder; }
    std::vector<std::string> classes() const { return task().classes(context()); }
    const std::string& problem() const {
        return problem_;
    }  // why nothing is on screen, a sentence for the learner; empty: nothing is wrong

    // What the encoder reads, and what the decoder reads: the prompt (or the beginning's token) and what was written so far. Empty where
    // there is no such stack.
    const TokenRow& source() const { return reading_.source; }
    const TokenRow& target() const { return target_; }
    int64_t given() const { return given_; }  // the first tokens of target() that are no work of the network
    std::vector<int64_t> blanks() const { return task().blanks(context(), source()); }
    // The order in which `shuffled` reads the source's tokens: place -> the token's place in the learner's order. Not shuffled: 0, 1, 2...
    const std::vector<int64_t>& order() const { return order_; }

    // --- what was written ---------------------------------------------------------------------------------------------------
    // Tokens after those given, at most settings.step of them; `finished` if the last is the end's, which target() does not hold.
    const Hypothesis& written() const { return written_.text; }
    const std::vector<Hypothesis>& beams() const { return written_.beams; }
    std::string written_text() const { return task().written_text(context(), written().tokens); }
    std::optional<std::string> right_answer() const;  // what should be written, where that is known
    int64_t most_steps() const { return task().most_steps(given_); }
    TransformerSettings::Decoding decoding() const;  // by_task resolved

    // --- the network --------------------------------------------------------------------------------------------------------
    bool is_shipped() const { return task().weights() != nullptr; }
    bool trainable() const { return task().trainable(); }
    TransformerPlan plan() const;
    std::shared_ptr<Transformer> model() const;  // made when first asked for, and anew when its plan is another
    std::shared_ptr<Transformer> copy() const { return copy_of(*model()); }  // with the same weights, for another thread
    TransformerLook look() const;  // what is switched, of what the network has
    bool is_trained() const { return !is_shipped() && networks_.is_trained(wanted()); }  // its weights are no longer those it was made with
    void start_anew();  // fresh weights for the task
    Networks::Kept kept() const { return networks_.at(wanted()); }  // the task's network, to be put in its place again
    void put_back(const Networks::Kept& kept) { networks_.put_back(kept); }
    void use_weights(const std::vector<Tensor>& weights) { networks_.use_weights(wanted(), weights); }  // in the order of parameters()
    uint64_t weights_version() const { return networks_.version(); }
    std::vector<uint8_t> save() const;  // safetensors of the network on screen
    void load(const WeightFile& file) { networks_.load(wanted(), file); }  // throws ShapeError or FormatError and changes nothing
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
    const TokenRow& queries(Where where) const { return where == Where::encoder ? reading_.source : target_; }
    const TokenRow& keys(Where where) const { return where == Where::decoder ? target_ : reading_.source; }

    // --- the data -----------------------------------------------------------------------------------------------------------
    // What training draws from, the same object until the settings ask for another. Throws ValueError, a sentence for the learner.
    std::shared_ptr<const DataSet> data() const;
    Split split() const;

    // --- the computation ----------------------------------------------------------------------------------------------------
    // Forward and backward over source() and target(), with look() or another. Null where there is nothing to read. The gradient is that of
    // the loss "transformer.loss", the task's own.
    std::shared_ptr<const Graph> run(const TransformerLook& look) const;
    std::shared_ptr<const Graph> graph() const { return graph_; }
    uint64_t version() const { return version_; }  // another number after each compute()
    double milliseconds() const { return milliseconds_; }
    void compute();

private:
    std::string slot() const;
    Networks::Wanted wanted() const;
    std::string data_key() const;
    void read();
    void write();

    mutable MadeOnce<Vocabulary> corpus_vocabulary_;
    mutable MadeOnce<std::shared_ptr<const DataSet>> data_;
    mutable Networks networks_;
    TransformerReading reading_;
    TokenRow target_;
    std::vector<int64_t> order_;
    int64_t given_ = 0;
    Written written_;
    std::string problem_;
    uint64_t version_ = 0;
    std::shared_ptr<const Graph> graph_;
    double milliseconds_ = 0;
};

}  // namespace trilens

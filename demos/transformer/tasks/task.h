// TransformerTask: what a network of the Transformer room is for. A task says what it is called, what is read and how that becomes tokens
// or vectors, which network is good for it, what it is trained on, and how its answer is read off. It has no state: what it knows of the
// room comes with each question. Each task is one file of this folder and one line in tasks.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demos/network_slots.h"
#include "demos/text/text.h"
#include "demos/transformer/input.h"
#include "demos/transformer/reading.h"
#include "demos/transformer/settings.h"
#include "engine/data/data_set.h"
#include "engine/data/tokens.h"
#include "engine/models/transformer_file.h"

namespace trilens {

// The room as a task sees it.
struct TransformerContext {
    const TransformerSettings& settings;
    const TransformerInput& input;
    MadeOnce<Vocabulary>& corpus_vocabulary;  // kept from one question to the next

    bool chinese() const;  // the language of the text
};

// What a network answers with. Views are drawn for these, not for tasks.
enum class TransformerAnswer { none, text, blanks, classes };

// A text of the learner's: its name in links and in the page's state, and what the room opens with.
struct TransformerText {
    const char* name;
    std::string example;
};

class TransformerTask {
public:
    using Context = TransformerContext;
    virtual ~TransformerTask() = default;

    virtual const char* id() const = 0;  // in links and the page API
    virtual Text label() const = 0;
    virtual TransformerAnswer answers() const = 0;
    // The fields that only some tasks have ("transformer." + name): whether this one has it, as the room is set.
    virtual bool has_field(std::string_view /*name*/, const Context&) const { return false; }

    // --- what is read -------------------------------------------------------------------------------------------------------
    virtual Text read_title() const = 0;  // above it
    virtual Text read_hint() const = 0;  // below it
    virtual std::vector<TransformerText> texts() const { return {}; }  // all that it may read
    virtual const char* text_name(const Context&) const { return nullptr; }  // the one of texts() that it reads now; null: it reads none
    virtual bool has_lines() const { return false; }  // its text has several
    virtual bool reads_drawing() const { return false; }
    virtual const std::string* corpus(const Context&) const { return nullptr; }  // the text that it learns from; null: it learns from none
    // Throws ValueError, a sentence for the learner, for what cannot be read.
    virtual void read(const Context&, TransformerReading& into) const = 0;

    // --- the network --------------------------------------------------------------------------------------------------------
    virtual const char* weights() const { return nullptr; }  // the shipped network's, as demos/weights.h has it; null: trained in the room
    const TransformerFile* shipped() const;  // null: trained in the room. Throws FormatError where its file did not come
    virtual bool trainable() const { return !weights(); }
    // What the task is good with, before the learner wants otherwise.
    virtual TransformerPlan plan(const Context&) const;
    virtual bool keeps_width() const { return false; }  // whatever d_model and the number of heads are set to
    virtual std::string network(const Context&) const { return ""; }  // which of the task's networks: one for each problem or language
    virtual const Vocabulary* vocabulary(const Context&) const { return nullptr; }  // of what is read; null for vectors
    // Of what is written or filled in; null where there is none.
    virtual const Vocabulary* target_vocabulary(const Context& at) const { return vocabulary(at); }
    virtual std::vector<std::string> classes(const Context&) const;  // of the probabilities, as they are shown; none without

    // --- its data -----------------------------------------------------------------------------------------------------------
    // Throws ValueError, a sentence for the learner.
    virtual std::shared_ptr<const DataSet> data(const Context&) const;
    virtual std::string data_key(const Context&) const { return ""; }  // what data() depends on beyond the number of samples and the seed

    // --- its answer ---------------------------------------------------------------------------------------------------------
    // The loss whose gradients are shown, tapped as "loss": of the answer that the network itself gives. `target` is what the decoder
    // reads.
    virtual std::optional<Value> loss(const Context&, Graph&, const Value& scores, const TransformerReading&,
                                      const TokenRow& target) const = 0;
    virtual std::vector<int64_t> blanks(const Context&, const TokenRow& /*source*/) const { return {}; }  // the places to fill
    virtual std::optional<int64_t> followed(const Context&, const TokenRow& source) const;  // the query that answers; none: the last
    virtual Text no_answer() const { return Text::transformer_answer_none; }  // instead of one
    // In a line: of the probabilities that the network gives to what it read.
    virtual std::string answer(const Context&, const Tensor& /*probabilities*/, const TokenRow& /*source*/) const { return ""; }

    // --- what it writes, answers() == text (writing_task.h) ------------------------------------------------------------------------
    virtual int64_t most_steps(int64_t /*given*/) const { return 0; }  // tokens that could be written after those given
    virtual int32_t ending() const { return -1; }  // that ends what is written; -1: none
    virtual TransformerSettings::Decoding decoding() const { return TransformerSettings::Decoding::greedy; }  // unless the learner chooses
    virtual std::string written_text(const Context&, std::span<const int32_t> /*tokens*/) const { return ""; }  // as one reads it
    virtual bool is_judged() const { return false; }  // whether there is one right answer to each sample of the data
    virtual std::optional<std::string> right_answer(const Context&) const { return std::nullopt; }

protected:
    static int32_t winner(const Tensor& scores, int64_t row);
    static int64_t rows(const Tensor& scores);
    // Of these classes, -1 where nothing is asked; none if nothing is asked at all.
    static std::optional<Value> class_loss(Graph& graph, const Value& scores, std::span<const int32_t> labels);
};

}  // namespace trilens

// RnnTask: what a network of the RNN room is for. A task says what it is called, what is read and how that becomes tokens or vectors, which
// network is good for it, what it is trained on, and how its answer is read off. It has no state: what it knows of the room comes with each
// question. Each task is one file of this folder and one line in tasks.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "demos/rnn/input.h"
#include "demos/rnn/reading.h"
#include "demos/rnn/settings.h"
#include "demos/text/text.h"
#include "engine/data/data_set.h"
#include "engine/data/tokens.h"
#include "engine/models/sequence_model.h"

namespace trilens {

// The characters of the text that is learned from, counted anew only for another text.
class CorpusVocabulary {
public:
    const Vocabulary& of(const std::string& corpus);

private:
    std::optional<std::string> corpus_;
    Vocabulary vocabulary_;
};

// The room as a task sees it.
struct RnnContext {
    const RnnSettings& settings;
    const RnnInput& input;
    CorpusVocabulary& corpus_vocabulary;  // kept from one question to the next

    bool chinese() const;  // the language of the text
};

// What the learner gives a task to read, and what a network answers with. Views are drawn for these, not for tasks.
enum class RnnReads {
    numbers,  // bars to drag
    text,
    sample,  // one of the data's sequences, by number
    curve,
};
enum class RnnAnswer {
    classes,  // after the last step
    text,  // the next character, after every step
    curve,  // the next value, after every step
};

class RnnTask {
public:
    using Context = RnnContext;
    virtual ~RnnTask() = default;

    virtual const char* id() const = 0;  // in links and the page API
    virtual Text label() const = 0;
    virtual RnnReads reads() const = 0;
    virtual RnnAnswer answers() const = 0;
    // The fields that only some tasks have ("rnn." + name).
    virtual bool has_field(std::string_view /*name*/) const { return false; }

    // --- what is read -------------------------------------------------------------------------------------------------------
    virtual Text read_title() const = 0;  // above it
    virtual void add_example(RnnInput&) const {}  // what the room opens with
    virtual void complete(const RnnSettings&, RnnInput&) const {}  // what the settings ask for and the learner did not give
    virtual void clear(const Context&, RnnInput& input) const;
    virtual const char* text_name(const Context&) const { return nullptr; }  // of the text that it reads now; null: it reads none
    virtual bool has_lines() const { return false; }  // its text has several
    virtual const char* separator(const Context&) const { return " "; }  // between labels that are read one after the other
    virtual RnnReading read(const Context&) const = 0;

    // --- the network --------------------------------------------------------------------------------------------------------
    // The shipped network's file, as demos/weights.h has it; null: a network of the room's own.
    virtual const char* weights(const Context&) const { return nullptr; }
    virtual bool can_be_trained() const { return true; }  // in the room
    virtual bool likes_relu() const { return false; }  // in a plain RNN
    virtual void shape(const Context&, SequencePlan&) const {}  // what the task decides of a network of the room's own
    virtual const Vocabulary* vocabulary(const Context&) const { return nullptr; }  // null where no text is read
    virtual std::vector<std::string> classes(const Context&) const = 0;  // of the probabilities, in the language on screen; none without

    // --- its data -----------------------------------------------------------------------------------------------------------
    // Throws ValueError, a sentence for the learner.
    virtual std::shared_ptr<const DataSet> data(const Context&) const = 0;
    virtual std::string data_key(const Context&) const { return ""; }  // what data() depends on beyond the number of samples and the seed
    virtual bool is_other_data(const RnnInput& /*now*/, const RnnInput& /*wanted*/) const { return false; }
    // The sentence that says what is trained on, with the numbers of sequences.
    virtual std::string data_sentence(const Context&, const std::string& all, const std::string& trained, const std::string& kept) const;
    virtual bool is_judged() const { return false; }  // whether each sequence of the data has one right answer, of two classes
    virtual std::vector<std::string> short_classes(const Context& at) const { return classes(at); }  // for the head of a table
    virtual Text decisive_title() const { return Text::rnn_first_sum; }  // of the number that decides which class is right

    // --- its answer ---------------------------------------------------------------------------------------------------------
    // The loss whose gradients are shown, tapped as "loss"; none where nothing can be wrong yet.
    virtual std::optional<Value> loss(Graph&, const Value& scores, const RnnReading&, int32_t target) const;
    virtual Text offer() const { return Text::section_none; }  // why one would look at what comes next; of tasks where something does
};

// Sequences on screen are drawn with another seed than those trained on.
inline constexpr uint64_t screen_seed = 1000;

}  // namespace trilens

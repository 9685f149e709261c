// English to Chinese, by a network that was trained beforehand.
#include "demos/transformer/tasks/writing_task.h"
#include "engine/data/text_pairs.h"

namespace trilens {

namespace {

constexpr int64_t longest = 256, most_written = 40;

class TranslateTask : public WritingTask {
public:
    const char* id() const override { return "translate"; }
    Text label() const override { return Text::transformer_task_translate; }

    Text read_title() const override { return Text::transformer_read_source; }
    Text read_hint() const override { return Text::transformer_hint_source; }
    std::vector<TransformerText> texts() const override { return {{"source", "I love you."}}; }
    const char* text_name(const Context&) const override { return "source"; }
    void read(const Context& at, TransformerReading& into) const override {
        read_words(tokenize(at.input.texts.at(text_name(at)), TokenKind::english), *vocabulary(at), longest, into.source);
        into.prompt = {begin_number};
    }

    const char* weights() const override { return "translate"; }
    const Vocabulary* vocabulary(const Context&) const override { return &shipped()->vocabulary; }
    const Vocabulary* target_vocabulary(const Context&) const override { return &shipped()->target_vocabulary; }

    int64_t most_steps(int64_t) const override { return most_written; }
    int32_t ending() const override { return end_number; }
    std::string written_text(const Context& at, std::span<const int32_t> tokens) const override {
        return target_text(tokens, *target_vocabulary(at));
    }
};

}  // namespace

const TransformerTask& transformer_translate_task() {
    static const TranslateTask task;
    return task;
}

}  // namespace trilens

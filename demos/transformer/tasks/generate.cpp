// GPT: which character comes next? Trained in the page on a text of the learner's.
#include <algorithm>

#include "demos/transformer/tasks/writing_task.h"
#include "engine/data/text_windows.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int64_t window = 48, most_written = 64, longest = 256;

// Windows of a text for a decoder: each token's label is the token after it, so the inputs say it all.
class Windows : public DataSet {
public:
    Windows(std::string_view text, const Vocabulary& vocabulary) : windows_(text, vocabulary, window, 1) {}
    int64_t size() const override { return windows_.size(); }
    Batch batch(std::span<const int32_t> samples) const override { return {windows_.batch(samples).inputs, {}, {}}; }

private:
    TextWindows windows_;
};

class GenerateTask : public WritingTask {
public:
    const char* id() const override { return "generate"; }
    Text label() const override { return Text::transformer_task_generate; }
    bool has_field(std::string_view name, const Context&) const override { return name == "language"; }

    Text read_title() const override { return Text::transformer_read_prompt; }
    Text read_hint() const override { return Text::transformer_hint_prompt; }
    std::vector<TransformerText> texts() const override { return {{"prompt_english", "Twinkle, "}, {"prompt_chinese", "春眠"}}; }
    const char* text_name(const Context& at) const override { return at.chinese() ? "prompt_chinese" : "prompt_english"; }
    bool has_lines() const override { return true; }
    const std::string* corpus(const Context& at) const override { return &corpus_of(at); }
    void read(const Context& at, TransformerReading& into) const override {
        into.prompt = vocabulary(at)->numbers(tokenize(at.input.texts.at(text_name(at)), TokenKind::characters));
        if (into.prompt.empty()) throw ValueError(say(Text::transformer_prompt_empty));
        if (static_cast<int64_t>(into.prompt.size()) >= longest)
            throw ValueError(say(Text::transformer_too_long, {std::to_string(into.prompt.size()), std::to_string(longest)}));
    }

    std::string network(const Context& at) const override { return at.chinese() ? "zh" : "en"; }
    TransformerPlan plan(const Context& at) const override {
        TransformerPlan plan;
        plan.kind = TransformerPlan::Kind::decoder;
        plan.vocabulary = std::max<int64_t>(2, vocabulary(at)->size());
        plan.layer = {48, 4, 12, 192};
        plan.layer.norm = TransformerLayerSettings::Norm::pre;
        plan.max_length = longest;
        return plan;
    }
    const Vocabulary* vocabulary(const Context& at) const override {
        const std::string& text = corpus_of(at);
        return &at.corpus_vocabulary.get(text, [&] { return character_vocabulary(text); });
    }

    std::shared_ptr<const DataSet> data(const Context& at) const override {
        if (static_cast<int64_t>(tokenize(corpus_of(at), TokenKind::characters).size()) < 2 * window)
            throw ValueError(say(Text::transformer_corpus_too_short, {std::to_string(2 * window)}));
        return std::make_shared<Windows>(corpus_of(at), *vocabulary(at));
    }
    std::string data_key(const Context& at) const override { return corpus_of(at); }

    int64_t most_steps(int64_t given) const override { return std::clamp<int64_t>(longest - given, 0, most_written); }
    TransformerSettings::Decoding decoding() const override { return TransformerSettings::Decoding::sample; }

private:
    // The learner's, or the example of the language.
    static const std::string& corpus_of(const Context& at) {
        static const std::string english = say(Text::rnn_learn_example_text, Language::english),
                                 chinese = say(Text::rnn_learn_example_text, Language::chinese);
        if (!at.input.corpus.empty()) return at.input.corpus;
        return at.chinese() ? chinese : english;
    }
};

}  // namespace

const TransformerTask& transformer_generate_task() {
    static const GenerateTask task;
    return task;
}

}  // namespace trilens

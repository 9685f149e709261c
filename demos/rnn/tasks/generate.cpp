// Which character comes next? Shipped, in two languages, or trained in the room on a text of the learner's.
#include <algorithm>

#include "demos/rnn/tasks/text_task.h"
#include "demos/weights.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/data/text_windows.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int64_t window = 48;

class GenerateTask : public TextTask {
public:
    const char* id() const override { return "generate"; }
    Text label() const override { return Text::rnn_task_generate; }
    RnnAnswer answers() const override { return RnnAnswer::text; }
    bool has_field(std::string_view name) const override { return name == "language" || name == "source" || name == "corpus"; }

    Text read_title() const override { return Text::rnn_read_prompt; }
    void add_example(RnnInput& input) const override {
        input.texts["prompt_english"] = "ROMEO:\n";
        input.texts["prompt_chinese"] = "床前明月光，";
    }
    const char* text_name(const Context& at) const override { return at.chinese() ? "prompt_chinese" : "prompt_english"; }
    bool has_lines() const override { return true; }
    const char* separator(const Context&) const override { return ""; }

    const char* weights(const Context& at) const override {
        const char* name = at.chinese() ? "characters_zh" : "characters_en";
        return at.settings.source == RnnSettings::Source::shipped && has_weights(name) ? name : nullptr;
    }
    void shape(const Context& at, SequencePlan& plan) const override {
        plan.vocabulary = plan.outputs = std::max<int64_t>(2, vocabulary(at)->size());
        plan.head = SequencePlan::Head::every;
    }
    std::vector<std::string> classes(const Context& at) const override {
        std::vector<std::string> names;
        const Vocabulary& all = *vocabulary(at);
        for (int64_t i = 0; i < all.size(); ++i) names.push_back(shown_token(all.token(static_cast<int32_t>(i))));
        return names;
    }

    std::shared_ptr<const DataSet> data(const Context& at) const override {
        if (weights(at)) throw ValueError(say(Text::rnn_shipped_not_trained));
        const std::string& corpus = at.input.corpus;
        if (static_cast<int64_t>(corpus.size()) < 4 * window) throw ValueError(say(Text::rnn_text_too_short));
        return std::make_shared<TextWindows>(corpus, *vocabulary(at), window);
    }
    std::string data_key(const Context& at) const override { return at.input.corpus; }
    bool is_other_data(const RnnInput& now, const RnnInput& wanted) const override { return now.corpus != wanted.corpus; }

    // Each character is asked for the one after it.
    std::optional<Value> loss(Graph& graph, const Value& scores, const RnnReading& reading, int32_t) const override {
        if (reading.steps() < 2) return std::nullopt;
        const Value predicted = slice(scores, 0, 0, reading.steps() - 1);
        return graph.tap(cross_entropy(predicted, std::span(reading.tokens).subspan(1)), "loss");
    }
    Text offer() const override { return Text::rnn_offer_generate; }

private:
    TokenKind tokens(const Context&) const override { return TokenKind::characters; }
};

}  // namespace

const RnnTask& rnn_generate_task() {
    static const GenerateTask task;
    return task;
}

}  // namespace trilens

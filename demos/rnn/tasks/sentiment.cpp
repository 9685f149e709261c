// Is a review for or against? Shipped, in two languages.
#include "demos/rnn/tasks/text_task.h"
#include "engine/errors.h"

namespace trilens {

namespace {

class SentimentTask : public TextTask {
public:
    const char* id() const override { return "sentiment"; }
    Text label() const override { return Text::rnn_task_sentiment; }
    RnnAnswer answers() const override { return RnnAnswer::classes; }
    bool has_field(std::string_view name) const override { return name == "language"; }

    Text read_title() const override { return Text::rnn_read_sentence; }
    void add_example(RnnInput& input) const override {
        input.texts["english"] = "The story is thin, but the actors are wonderful and the ending is a joy.";
        input.texts["chinese"] = "房间很干净，服务也很好，就是早餐太差了。";
    }
    const char* text_name(const Context& at) const override { return at.chinese() ? "chinese" : "english"; }
    const char* separator(const Context& at) const override { return at.chinese() ? "" : " "; }

    const char* weights(const Context& at) const override { return at.chinese() ? "sentiment_zh" : "sentiment_en"; }
    bool can_be_trained() const override { return false; }
    std::vector<std::string> classes(const Context&) const override { return {say(Text::rnn_negative), say(Text::rnn_positive)}; }

    std::shared_ptr<const DataSet> data(const Context&) const override { throw ValueError(say(Text::rnn_shipped_not_trained)); }

private:
    TokenKind tokens(const Context& at) const override { return at.chinese() ? TokenKind::chinese : TokenKind::english; }
};

}  // namespace

const RnnTask& rnn_sentiment_task() {
    static const SentimentTask task;
    return task;
}

}  // namespace trilens

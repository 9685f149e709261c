// BERT: which word stands in the blank? Trained in the page on sentences of a small grammar.
#include <algorithm>

#include "demos/transformer/tasks/task.h"
#include "engine/data/cloze.h"

namespace trilens {

namespace {

constexpr int64_t longest = 64;

ClozeLanguage cloze_language(const TransformerContext& at) { return at.chinese() ? ClozeLanguage::chinese : ClozeLanguage::english; }

class MaskTask : public TransformerTask {
public:
    const char* id() const override { return "mask"; }
    Text label() const override { return Text::transformer_task_mask; }
    TransformerAnswer answers() const override { return TransformerAnswer::blanks; }
    bool has_field(std::string_view name, const Context&) const override { return name == "language"; }

    Text read_title() const override { return Text::transformer_read_blank; }
    Text read_hint() const override { return Text::transformer_hint_blank; }
    std::vector<TransformerText> texts() const override {
        return {{"blank_english", "the keys to the old cabinet _ on the table"}, {"blank_chinese", "他买了一_旧书"}};
    }
    const char* text_name(const Context& at) const override { return at.chinese() ? "blank_chinese" : "blank_english"; }
    void read(const Context& at, TransformerReading& into) const override {
        read_words(cloze_tokens(cloze_language(at), at.input.texts.at(text_name(at))), *vocabulary(at), longest, into.source);
    }

    std::string network(const Context& at) const override { return at.chinese() ? "zh" : "en"; }
    TransformerPlan plan(const Context& at) const override {
        TransformerPlan plan;
        plan.vocabulary = vocabulary(at)->size();
        plan.layer = {48, 4, 12, 192};
        plan.layer.norm = TransformerLayerSettings::Norm::pre;
        plan.positions = Positions::learned;
        plan.max_length = longest;
        return plan;
    }
    const Vocabulary* vocabulary(const Context& at) const override { return &cloze_vocabulary(cloze_language(at)); }

    std::shared_ptr<const DataSet> data(const Context& at) const override {
        return std::make_shared<ClozeSentences>(cloze_language(at), at.settings.samples, static_cast<uint64_t>(at.settings.seed));
    }
    std::string data_key(const Context& at) const override { return network(at); }

    // Of the filler in each blank.
    std::optional<Value> loss(const Context& at, Graph& graph, const Value& scores, const TransformerReading& reading,
                              const TokenRow&) const override {
        std::vector<int32_t> labels(static_cast<size_t>(rows(scores.tensor())), -1);
        for (const int64_t place : blanks(at, reading.source)) labels[static_cast<size_t>(place)] = winner(scores.tensor(), place);
        return class_loss(graph, scores, labels);
    }
    std::vector<int64_t> blanks(const Context& at, const TokenRow& source) const override {
        std::vector<int64_t> places;
        const int32_t blank = cloze_blank(cloze_language(at));
        for (size_t i = 0; i < source.numbers.size(); ++i)
            if (source.numbers[i] == blank) places.push_back(static_cast<int64_t>(i));
        return places;
    }
    // The sentence with its blanks filled.
    std::string answer(const Context& at, const Tensor& probabilities, const TokenRow& source) const override {
        const std::vector<std::string> names = classes(at);
        const std::vector<int64_t> places = blanks(at, source);
        std::string text;
        for (int64_t i = 0; i < source.size(); ++i) {
            const bool blank = std::ranges::find(places, i) != places.end();
            const std::string word =
                blank ? "[" + names[static_cast<size_t>(winner(probabilities, i))] + "]" : source.labels[static_cast<size_t>(i)];
            text += (text.empty() || at.chinese() ? "" : " ") + word;
        }
        return text;
    }
};

}  // namespace

const TransformerTask& transformer_mask_task() {
    static const MaskTask task;
    return task;
}

}  // namespace trilens

// What a network writes is its own answer: the loss is that of having written it.
#include "demos/transformer/tasks/writing_task.h"

namespace trilens {

std::optional<Value> WritingTask::loss(const Context&, Graph& graph, const Value& scores, const TransformerReading& reading,
                                       const TokenRow& target) const {
    const int64_t count = rows(scores.tensor()), given = static_cast<int64_t>(reading.prompt.size());
    std::vector<int32_t> labels(static_cast<size_t>(count), -1);
    for (int64_t row = given - 1; row + 1 < count; ++row) labels[static_cast<size_t>(row)] = target.numbers[static_cast<size_t>(row) + 1];
    labels.back() = winner(scores.tensor(), count - 1);
    return class_loss(graph, scores, labels);
}

std::string WritingTask::written_text(const Context& at, std::span<const int32_t> tokens) const {
    const Vocabulary* all = target_vocabulary(at);
    std::string text;
    for (const int32_t number : tokens)
        if (number != ending()) text += number == Vocabulary::unknown ? std::string("\xef\xbf\xbd") : all->token(number);
    return text;
}

}  // namespace trilens

// What tasks have in common.
#include "demos/transformer/tasks/task.h"

#include <algorithm>

#include "demos/transformer/shipped_transformers.h"
#include "engine/autograd/loss.h"
#include "engine/errors.h"

namespace trilens {

bool TransformerContext::chinese() const {
    if (settings.text_language == TransformerSettings::TextLanguage::page) return language() == Language::chinese;
    return settings.text_language == TransformerSettings::TextLanguage::chinese;
}

const TransformerFile* TransformerTask::shipped() const { return weights() ? &shipped_transformer(weights()) : nullptr; }

TransformerPlan TransformerTask::plan(const Context&) const {
    if (const TransformerFile* file = shipped()) return file->model->plan();
    throw ValueError(std::string("the task ") + id() + " has no plan of a network");
}

std::vector<std::string> TransformerTask::classes(const Context& at) const {
    std::vector<std::string> names;
    if (const Vocabulary* all = target_vocabulary(at))
        for (int64_t i = 0; i < all->size(); ++i) names.push_back(token_label(static_cast<int32_t>(i), *all));
    return names;
}

std::shared_ptr<const DataSet> TransformerTask::data(const Context&) const { throw ValueError(say(Text::transformer_shipped_not_trained)); }

std::optional<int64_t> TransformerTask::followed(const Context& at, const TokenRow& source) const {
    const std::vector<int64_t> asked = blanks(at, source);
    return asked.empty() ? std::nullopt : std::optional(asked.front());
}

int32_t TransformerTask::winner(const Tensor& scores, int64_t row) {
    const int64_t width = scores.extent(-1);
    const float* at = scores.data() + row * width;
    return static_cast<int32_t>(std::max_element(at, at + width) - at);
}

int64_t TransformerTask::rows(const Tensor& scores) { return scores.elements() / scores.extent(-1); }

std::optional<Value> TransformerTask::class_loss(Graph& graph, const Value& scores, std::span<const int32_t> labels) {
    if (std::ranges::all_of(labels, [](int32_t label) { return label < 0; })) return std::nullopt;
    return graph.tap(cross_entropy(scores, labels), "loss");
}

}  // namespace trilens

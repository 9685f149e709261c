// WritingTask: a task whose network writes a text, token after token.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "demos/transformer/tasks/task.h"

namespace trilens {

class WritingTask : public TransformerTask {
public:
    TransformerAnswer answers() const override { return TransformerAnswer::text; }
    // Of each token that was written and the one that would come next.
    std::optional<Value> loss(const Context&, Graph& graph, const Value& scores, const TransformerReading& reading,
                              const TokenRow& target) const override;
    std::string written_text(const Context& at, std::span<const int32_t> tokens) const override;
};

}  // namespace trilens

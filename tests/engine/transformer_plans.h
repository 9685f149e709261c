// Small Transformers with weights large enough that nothing is nearly uniform, for the tests of the model and of decoding.
#pragma once

#include <memory>

#include "engine/models/transformer.h"

namespace trilens::checks {

// Two layers of two heads over a vocabulary of 9; key_size is not d_model / num_heads.
inline TransformerPlan plan_of(TransformerPlan::Kind kind, Positions positions) {
    TransformerPlan plan;
    plan.kind = kind;
    plan.vocabulary = 9;
    plan.layer = {8, 2, 6, 12};
    plan.positions = positions;
    return plan;
}

inline std::unique_ptr<Transformer> made(const TransformerPlan& plan, Random& random, float size = 0.6f) {
    auto model = std::make_unique<Transformer>(plan, random);
    for (Parameter* parameter : model->parameters())
        for (float& value : parameter->value.values()) value += size * random.normal();
    return model;
}

inline Tensor random_tokens(const Shape& shape, Random& random) {
    Tensor tokens(shape);
    for (float& token : tokens.values()) token = static_cast<float>(random.below(9));
    return tokens;
}

}  // namespace trilens::checks

// Normalisation layers: gamma starts at 1, beta at 0, as in their papers.
#pragma once

#include "engine/autograd/normalization.h"
#include "engine/nn/layer.h"

namespace trilens {

class BatchNorm : public Layer {
public:
    BatchNorm(std::string name, int64_t channels, float epsilon = 1e-5f, float momentum = 0.1f);

    std::string_view kind() const override { return "batch_norm"; }
    Value forward(Value x) override;
    std::vector<Parameter*> parameters() override { return {&gamma_, &beta_}; }
    std::vector<Buffer> buffers() override {
        return {{name() + ".running_mean", &running_.mean}, {name() + ".running_var", &running_.variance}};
    }
    Shape output_shape(const Shape& input) const override;

private:
    Parameter gamma_, beta_;
    RunningStatistics running_;
    float epsilon_;
};

class LayerNorm : public Layer {
public:
    LayerNorm(std::string name, int64_t features, float epsilon = 1e-5f);

    std::string_view kind() const override { return "layer_norm"; }
    Value forward(Value x) override;
    std::vector<Parameter*> parameters() override { return {&gamma_, &beta_}; }
    Shape output_shape(const Shape& input) const override;

private:
    Parameter gamma_, beta_;
    float epsilon_;
};

}  // namespace trilens

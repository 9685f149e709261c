// A convolution layer: weight [O, C/groups, KH, KW] and bias [O], started as PyTorch does.
#pragma once

#include "engine/autograd/conv.h"
#include "engine/nn/layer.h"

namespace trilens {

struct Conv2dSettings {
    int64_t in_channels = 1, out_channels = 1;
    int64_t kernel_height = 3, kernel_width = 3;
    Conv2dOptions options;
};

class Conv2d : public Layer {
public:
    // Throws ValueError for settings that make no sense.
    Conv2d(std::string name, const Conv2dSettings& settings, Random& random);

    std::string_view kind() const override { return "conv2d"; }
    Value forward(Value x) override;
    std::vector<Parameter*> parameters() override { return {&weight_, &bias_}; }
    Shape output_shape(const Shape& input) const override;
    int64_t multiply_adds(const Shape& input) const override;
    const Conv2dSettings& settings() const { return settings_; }

private:
    Conv2dSettings settings_;
    Parameter weight_, bias_;
};

}  // namespace trilens

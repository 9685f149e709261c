// A fully connected layer: y = x W^T + b with weight [F_out, F_in] and bias [F_out], started as PyTorch's Linear.
#pragma once

#include "engine/nn/layer.h"

namespace trilens {

class Dense : public Layer {
public:
    // Throws ValueError for fewer than one input or output.
    Dense(std::string name, int64_t inputs, int64_t outputs, Random& random);

    std::string_view kind() const override { return "dense"; }
    // x [.., F_in] -> [.., F_out]; a picture [N, C, H, W] is flattened first.
    Value forward(Value x) override;
    std::vector<Parameter*> parameters() override { return {&weight_, &bias_}; }
    Shape output_shape(const Shape& input) const override;
    int64_t multiply_adds(const Shape& input) const override;

private:
    int64_t inputs_, outputs_;
    Parameter weight_, bias_;
};

}  // namespace trilens

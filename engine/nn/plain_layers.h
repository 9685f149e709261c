// Layers without parameters: activations, pooling, dropout.
#pragma once

#include "engine/autograd/pool.h"
#include "engine/nn/layer.h"

namespace trilens {

class Activation : public Layer {
public:
    enum class Function { relu, leaky_relu, gelu, tanh, sigmoid };
    Activation(std::string name, Function function) : Layer(std::move(name)), function_(function) {}

    std::string_view kind() const override;
    Value forward(Value x) override;

private:
    Function function_;
};

class Pool2d : public Layer {
public:
    enum class Function { max, average };
    Pool2d(std::string name, Function function, const Pool2dOptions& options = {})
        : Layer(std::move(name)), function_(function), options_(options) {}

    std::string_view kind() const override { return function_ == Function::max ? "max_pool2d" : "average_pool2d"; }
    Value forward(Value x) override;
    Shape output_shape(const Shape& input) const override;

private:
    Function function_;
    Pool2dOptions options_;
};

class GlobalAveragePool2d : public Layer {
public:
    using Layer::Layer;
    std::string_view kind() const override { return "global_average_pool2d"; }
    Value forward(Value x) override;
    Shape output_shape(const Shape& input) const override;
};

class Dropout : public Layer {
public:
    Dropout(std::string name, float probability) : Layer(std::move(name)), probability_(probability) {}
    std::string_view kind() const override { return "dropout"; }
    Value forward(Value x) override;

private:
    float probability_;
};

}  // namespace trilens

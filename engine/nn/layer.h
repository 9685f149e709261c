// Layer: parameters and a forward over a graph. A layer knows its shapes and its cost before anything is computed, so that a network can be
// checked while a learner still edits it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens {

// A tensor that belongs to the weights but is not trained: batch norm's running statistics.
struct Buffer {
    std::string name;
    Tensor* value;
};

class Layer {
public:
    explicit Layer(std::string name) : name_(std::move(name)) {}
    virtual ~Layer() = default;
    Layer(const Layer&) = delete;  // graphs refer to parameters by address
    Layer& operator=(const Layer&) = delete;

    const std::string& name() const { return name_; }  // "conv1": its tap, and the beginning of its parameters' names
    virtual std::string_view kind() const = 0;  // "conv2d"

    virtual Value forward(Value x) = 0;
    virtual std::vector<Parameter*> parameters() { return {}; }
    virtual std::vector<Buffer> buffers() { return {}; }

    // The shape that forward gives for this shape; throws ShapeError naming the layer.
    virtual Shape output_shape(const Shape& input) const { return input; }
    // Multiplications followed by an addition in one forward pass.
    virtual int64_t multiply_adds(const Shape&) const { return 0; }

private:
    std::string name_;
};

// Number of trained values.
int64_t parameter_count(Layer& layer);

}  // namespace trilens

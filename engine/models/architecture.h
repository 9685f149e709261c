// Architecture: a feed-forward classifier written as a line of text, so that a learner, a link and a test name the same network:
//
//     conv 8 3, relu, max 2, conv 16 3, relu, max 2, dense 64, relu
//
// Layers stand in the order of computation; the last dense layer, "logits", follows from the number of classes and is not written.
//
//     conv CHANNELS KERNEL [stride S] [padding P] [dilation D]   padding: as wide as keeps the size at stride 1, unless given
//     max K [stride S] | average K [stride S]                    stride: K unless given
//     relu | leaky | tanh | sigmoid | gelu
//     norm                                                       batch norm
//     dense FEATURES
//     dropout PERCENT
//
// On a curve ([C, 1, W]) kernels and windows are 1 x K.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/nn/sequential.h"

namespace trilens {

struct LayerPlan {
    enum class Kind { conv, max, average, relu, leaky, tanh, sigmoid, gelu, norm, dense, dropout };
    Kind kind = Kind::relu;
    int64_t size = 0;        // conv: channels; dense: features; dropout: percent
    int64_t kernel = 0;      // conv, max, average
    int64_t stride = 0;      // 0: 1 for conv, the window for pooling
    int64_t padding = -1;    // -1: keeps the size
    int64_t dilation = 1;
    bool operator==(const LayerPlan&) const = default;
};

// Throws FormatError naming the layer that makes no sense and what may stand there.
std::vector<LayerPlan> parse_architecture(std::string_view text);
// The line that parse_architecture reads back; what is the default is left out.
std::string architecture_text(std::span<const LayerPlan> plans);

// The network for inputs [N, C, H, W] (`input` without N). Layers are named by kind and number: conv1, relu1, pool1, norm1, dense1,
// dropout1, and at the end logits. Throws ShapeError or ValueError naming the first layer that does not fit.
Sequential make_classifier(std::span<const LayerPlan> plans, const Shape& input, int64_t classes, Random& random);

// The number of trained values of such a network.
int64_t parameter_count(const Sequential& network);

// One hidden layer as wide as makes a fully connected network (784 -> h -> classes) of about as many parameters as `parameters`; at least
// 1.
std::vector<LayerPlan> dense_of_equal_size(const Shape& input, int64_t classes, int64_t parameters);

}  // namespace trilens

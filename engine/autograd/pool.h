// Pooling: down-sampling by the maximum or the mean of a window. Goodfellow, Bengio, Courville 2016, section 9.3.
#pragma once

#include <cstdint>

#include "engine/autograd/graph.h"

namespace trilens {

struct Pool2dOptions {
    int64_t kernel_height = 2, kernel_width = 2;
    int64_t stride_height = 2, stride_width = 2;
    int64_t padding_height = 0, padding_width = 0;   // at most half the kernel
};

// x [N, C, H, W] -> [N, C, OH, OW]. Throw ShapeError for other ranks or a window that does not fit, ValueError for options that make no
// sense.
Value max_pool2d(Value x, const Pool2dOptions& options = {});  // of equal elements the first wins (row-major)
Value average_pool2d(Value x, const Pool2dOptions& options = {});  // padding counts as zeros, as PyTorch's default
Value global_average_pool2d(Value x);  // [N, C, H, W] -> [N, C]; throws ShapeError for an empty area

}  // namespace trilens

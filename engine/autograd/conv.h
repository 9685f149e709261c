// Two-dimensional convolution as deep learning means it (cross-correlation). Goodfellow, Bengio, Courville 2016, equation 9.6.
#pragma once

#include <cstdint>

#include "engine/autograd/graph.h"

namespace trilens {

struct Conv2dOptions {
    int64_t stride_height = 1, stride_width = 1;
    int64_t padding_height = 0, padding_width = 0;
    int64_t dilation_height = 1, dilation_width = 1;
    int64_t groups = 1;
};

// x [N, C, H, W], weight [O, C/groups, KH, KW], bias [O] -> [N, O, OH, OW]
// y[n,o,i,j] = sum over c, m, n of x[n, c, i*stride - padding + m*dilation, ...] w[o,c,m,n] + b[o].
// Throws ShapeError if shapes do not fit or the kernel does not fit into the padded picture once, ValueError for options < 1 (padding < 0).
Value conv2d(Value x, Value weight, Value bias, const Conv2dOptions& options = {});
Value conv2d(Value x, Value weight, const Conv2dOptions& options = {});  // without bias

}  // namespace trilens

// Products of matrices and the fully connected layer. Goodfellow, Bengio, Courville 2016, sections 2.2 and 6.
#pragma once

#include "engine/autograd/graph.h"

namespace trilens {

// op(a) op(b): [M, K] and [K, N] -> [M, N]; with transpose_a a is [K, M], with transpose_b b is [N, K].
// With leading axes (the same in both, up to rank 6) one product for each: [.., M, K] and [.., K, N] -> [.., M, N].
// Throws ShapeError if they do not fit.
Value matmul(Value a, Value b, bool transpose_a = false, bool transpose_b = false);

// x [.., F_in], weight [F_out, F_in], bias [F_out] -> [.., F_out]: y = x W^T + b, as torch.nn.Linear. Throws ShapeError.
Value dense(Value x, Value weight, Value bias);
Value dense(Value x, Value weight);

}  // namespace trilens

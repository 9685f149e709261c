// What attention needs besides products: softmax over the keys that a query may see, and the rotation of pairs by position.
#pragma once

#include <cstdint>

namespace trilens::kernels {

// Scores [sequences, heads, queries, keys]. `mask` holds 1 where a query may see a key and else 0, [queries, keys] for each sequence,
// `mask_stride` elements apart (0: the same for all); null: every key is seen. `uniform` marks heads (null: none) whose weights are 1 /
// seen keys, whatever the scores.
struct MaskedSoftmax {
    int64_t sequences = 1, heads = 1, queries = 1, keys = 1;
    const float* mask = nullptr;
    int64_t mask_stride = 0;
    const bool* uniform = nullptr;
};

// y = e^(x - max) / sum e^(x - max) over the seen keys, exactly 0 elsewhere; all 0 where no key is seen. What stands at unseen keys is
// never read as a number, and keys after the last seen one change no bit (a lane's sum keeps its order, and adding 0 keeps it). x and y may
// be the same memory.
void masked_softmax_forward(const MaskedSoftmax& sizes, const float* x, float* y);
// dx = y (dy - sum y dy), 0 for heads that are uniform. dx may be dy.
void masked_softmax_backward(const MaskedSoftmax& sizes, const float* y, const float* dy, float* dx);

// x [outer, positions, columns]; cosines and sines [positions, columns / 2]. Each pair (x[2i], x[2i+1]) is turned:
// (x[2i] cos - x[2i+1] sin, x[2i+1] cos + x[2i] sin). With `back` the other way round, which is the gradient. y may be x.
void rotate_pairs(int64_t outer, int64_t positions, int64_t columns, const float* cosines, const float* sines, bool back, const float* x,
                  float* y);

}  // namespace trilens::kernels

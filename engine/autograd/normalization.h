// Normalisation. Batch norm: Ioffe and Szegedy 2015, algorithm 1. Layer norm: Ba, Kiros, Hinton 2016, equation 3.
#pragma once

#include "engine/autograd/graph.h"

namespace trilens {

// The statistics that batch norm keeps for inference: running = (1 - momentum) running + momentum * batch, the variance unbiased, as
// PyTorch.
struct RunningStatistics {
    Tensor mean, variance;  // [C]
    float momentum = 0.1f;
};

// x [N, C, H, W] or [N, C], gamma [C], beta [C]: (x - mean) / sqrt(variance + epsilon) * gamma + beta, for each channel. While the graph
// trains mean and variance are the batch's (and `running` follows them), else they are `running`'s. Throws ShapeError if shapes do not fit
// or a training batch has fewer than two values a channel.
Value batch_norm(Value x, Value gamma, Value beta, RunningStatistics& running, float epsilon = 1e-5f);

// The same over the last axis of any shape; gamma and beta [F]. Throws ShapeError.
Value layer_norm(Value x, Value gamma, Value beta, float epsilon = 1e-5f);

}  // namespace trilens

// Functions of one element at a time: activations and arithmetic, forward and backward beside each other.
// Outputs may be the same memory as an input (not overlap it otherwise).
#pragma once

#include <cstdint>

namespace trilens::kernels {

void fill(int64_t count, float value, float* y);
void scale(int64_t count, float factor, const float* x, float* y);             // y = factor x
void add_scaled(int64_t count, float factor, const float* x, float* y);        // y += factor x (one multiplication, one addition)
void add_into(int64_t count, const float* x, float* y);                        // y += x

void relu_forward(int64_t count, const float* x, float* y);                    // x where x > 0, NaN stays, else +0
void relu_backward(int64_t count, const float* x, const float* dy, float* dx); // dy where x > 0, else 0; x may also be relu's output
void leaky_relu_forward(int64_t count, float slope, const float* x, float* y); // x where x > 0, else slope x
void leaky_relu_backward(int64_t count, float slope, const float* x, const float* dy, float* dx);
void gelu_forward(int64_t count, const float* x, float* y);
void gelu_backward(int64_t count, const float* x, const float* dy, float* dx);
void tanh_forward(int64_t count, const float* x, float* y);
void tanh_backward(int64_t count, const float* y, const float* dy, float* dx);     // dy (1 - y y); y is tanh's output
void sigmoid_forward(int64_t count, const float* x, float* y);
void sigmoid_backward(int64_t count, const float* y, const float* dy, float* dx);  // dy y (1 - y); y is sigmoid's output
void exp_forward(int64_t count, const float* x, float* y);                         // backward: multiply by y
void log_forward(int64_t count, const float* x, float* y);                         // backward: divide by x
void sqrt_forward(int64_t count, const float* x, float* y);
void sqrt_backward(int64_t count, const float* y, const float* dy, float* dx);     // dy / (2 y)
void sin_forward(int64_t count, const float* x, float* y);
void cos_forward(int64_t count, const float* x, float* y);

// Two operands that broadcast to one shape of up to 6 axes: strides in elements, 0 along an axis that is repeated.
struct Broadcast {
    int rank = 0;
    int64_t extents[6] = {};
    int64_t a_strides[6] = {}, b_strides[6] = {};
};
enum class Binary { add, subtract, multiply, divide, maximum };   // maximum: a where a >= b or a is NaN, else b

// y[i] = a[...] op b[...], y contiguous in the shape of `extents`.
void binary(Binary operation, const Broadcast& shape, const float* a, const float* b, float* y);
// The same for operands of one shape.
void binary(Binary operation, int64_t count, const float* a, const float* b, float* y);

}  // namespace trilens::kernels

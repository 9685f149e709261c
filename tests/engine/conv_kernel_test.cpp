// The convolution kernels against their definition, bit for bit: forward and input gradient are one float sum per element in the order
// that conv.h states; weight gradients sum an image's positions first and go over images by 16 lanes.
#include "engine/kernels/conv.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "engine/parallel.h"
#include "engine/random.h"

using namespace trilens;
using kernels::Conv2d;

namespace {

using Floats = std::vector<float>;

Floats noise(int64_t count, uint64_t stream) {
    Random random(11, stream);
    Floats values(static_cast<size_t>(count));
    for (float& value : values) value = random.normal();
    return values;
}

bool same_bits(const Floats& a, const Floats& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

struct Definition {
    const Conv2d& s;
    int64_t oh = s.out_height(), ow = s.out_width(), ci = s.in_channels / s.groups, co = s.out_channels / s.groups;

    int64_t inputs() const { return s.batch * s.in_channels * s.height * s.width; }
    int64_t outputs() const { return s.batch * s.out_channels * oh * ow; }
    int64_t weights() const { return s.out_channels * ci * s.kernel_height * s.kernel_width; }
    size_t y_at(int64_t n, int64_t o, int64_t i, int64_t j) const {
        return static_cast<size_t>(((n * s.out_channels + o) * oh + i) * ow + j);
    }
    size_t w_at(int64_t o, int64_t c, int64_t m, int64_t k) const {
        return static_cast<size_t>(((o * ci + c) * s.kernel_height + m) * s.kernel_width + k);
    }
    // The input under a tap, or -1 in the padding.
    int64_t x_at(int64_t n, int64_t o, int64_t c, int64_t i, int64_t j, int64_t m, int64_t k) const {
        const int64_t y = i * s.stride_height - s.padding_height + m * s.dilation_height;
        const int64_t x = j * s.stride_width - s.padding_width + k * s.dilation_width;
        if (y < 0 || y >= s.height || x < 0 || x >= s.width) return -1;
        return ((n * s.in_channels + o / co * ci + c) * s.height + y) * s.width + x;
    }
    template <class F>
    void for_outputs(F f) const {
        for (int64_t n = 0; n < s.batch; ++n)
            for (int64_t o = 0; o < s.out_channels; ++o)
                for (int64_t i = 0; i < oh; ++i)
                    for (int64_t j = 0; j < ow; ++j) f(n, o, i, j);
    }
    template <class F>
    void for_weights(F f) const {
        for (int64_t c = 0; c < ci; ++c)
            for (int64_t m = 0; m < s.kernel_height; ++m)
                for (int64_t k = 0; k < s.kernel_width; ++k) f(c, m, k);
    }

    Floats forward(const Floats& x, const Floats& w, const Floats& bias) const {
        Floats y(static_cast<size_t>(outputs()));
        for_outputs([&](int64_t n, int64_t o, int64_t i, int64_t j) {
            float sum = 0;
            for_weights([&](int64_t c, int64_t m, int64_t k) {
                const int64_t at = x_at(n, o, c, i, j, m, k);
                if (at >= 0) sum += x[static_cast<size_t>(at)] * w[w_at(o, c, m, k)];
            });
            y[y_at(n, o, i, j)] = sum + bias[static_cast<size_t>(o)];
        });
        return y;
    }
    // An input's gradient takes o, m, k in order; for each there is at most one output position.
    Floats backward_input(const Floats& dy, const Floats& w) const {
        Floats dx(static_cast<size_t>(inputs()));
        for (int64_t o = 0; o < s.out_channels; ++o)
            for (int64_t m = 0; m < s.kernel_height; ++m)
                for (int64_t k = 0; k < s.kernel_width; ++k)
                    for (int64_t n = 0; n < s.batch; ++n)
                        for (int64_t i = 0; i < oh; ++i)
                            for (int64_t j = 0; j < ow; ++j)
                                for (int64_t c = 0; c < ci; ++c) {
                                    const int64_t at = x_at(n, o, c, i, j, m, k);
                                    if (at >= 0) dx[static_cast<size_t>(at)] += dy[y_at(n, o, i, j)] * w[w_at(o, c, m, k)];
                                }
        return dx;
    }
    Floats backward_weight(const Floats& x, const Floats& dy) const {
        Floats lanes(static_cast<size_t>(16 * weights()));
        for (int64_t n = 0; n < s.batch; ++n) {
            for (int64_t o = 0; o < s.out_channels; ++o) {
                for_weights([&](int64_t c, int64_t m, int64_t k) {
                    float sum = 0;
                    for (int64_t i = 0; i < oh; ++i)
                        for (int64_t j = 0; j < ow; ++j) {
                            const int64_t at = x_at(n, o, c, i, j, m, k);
                            if (at >= 0) sum += x[static_cast<size_t>(at)] * dy[y_at(n, o, i, j)];
                        }
                    lanes[static_cast<size_t>(n % 16 * weights()) + w_at(o, c, m, k)] += sum;
                });
            }
        }
        for (size_t half = 8; half > 0; half /= 2) {
            for (size_t i = 0; i < half * static_cast<size_t>(weights()); ++i) lanes[i] += lanes[i + half * static_cast<size_t>(weights())];
        }
        lanes.resize(static_cast<size_t>(weights()));
        return lanes;
    }
};

void check(const Conv2d& s) {
    const Definition definition{s};
    const auto x = noise(definition.inputs(), 1), w = noise(definition.weights(), 2), bias = noise(s.out_channels, 3),
               dy = noise(definition.outputs(), 4);
    const Floats y = definition.forward(x, w, bias), dx = definition.backward_input(dy, w), dw = definition.backward_weight(x, dy);
    INFO("x [", s.batch, ", ", s.in_channels, ", ", s.height, ", ", s.width, "], ", s.out_channels, " kernels ", s.kernel_height, " x ",
         s.kernel_width, ", stride ", s.stride_height, " ", s.stride_width, ", padding ", s.padding_height, " ", s.padding_width,
         ", dilation ", s.dilation_height, " ", s.dilation_width, ", groups ", s.groups);
    for (const int count : {1, 2, 3}) {
        set_threads(count);
        INFO("threads ", count);
        Floats actual(y.size(), 99.0f);
        kernels::conv2d_forward(s, x.data(), w.data(), bias.data(), actual.data());
        CHECK_MESSAGE(same_bits(actual, y), "forward");
        actual.assign(dx.size(), 99.0f);
        kernels::conv2d_backward_input(s, dy.data(), w.data(), actual.data());
        CHECK_MESSAGE(same_bits(actual, dx), "input gradient");
        actual.assign(dw.size(), 99.0f);
        kernels::conv2d_backward_weight(s, x.data(), dy.data(), actual.data());
        CHECK_MESSAGE(same_bits(actual, dw), "weight gradient");
    }
    set_threads(1);
}

Conv2d shape(int64_t batch, int64_t in, int64_t out, int64_t height, int64_t width, int64_t kernel, int64_t stride, int64_t padding,
             int64_t dilation, int64_t groups = 1) {
    return {batch, in, height, width, out, kernel, kernel, stride, stride, padding, padding, dilation, dilation, groups};
}

}  // namespace

TEST_CASE("convolution and its gradients have the bits of their definition for every geometry and number of threads") {
    check(shape(3, 1, 8, 28, 28, 3, 1, 1, 1));     // the digits network
    check(shape(18, 8, 16, 14, 14, 3, 1, 1, 1));   // more images than lanes
    check(shape(1, 40, 9, 9, 11, 3, 1, 1, 1));     // several blocks of depth
    check(shape(2, 3, 5, 7, 5, 1, 1, 0, 1));       // a matrix product
    check(shape(2, 3, 5, 7, 5, 1, 2, 1, 1));       // 1 x 1 that is none
    check(shape(2, 2, 3, 9, 8, 3, 2, 1, 1));
    check(shape(2, 2, 3, 11, 12, 3, 3, 2, 2));
    check(shape(1, 2, 33, 12, 12, 2, 1, 0, 3));
    check(shape(2, 6, 4, 6, 7, 3, 1, 1, 1, 2));
    check(shape(2, 4, 4, 6, 7, 3, 1, 1, 1, 4));    // depthwise
    check(shape(1, 1, 1, 1, 1, 1, 1, 0, 1));
    check(shape(1, 1, 1, 2, 2, 3, 1, 3, 1));       // windows that see only padding
    check(shape(2, 2, 20, 3, 3, 5, 1, 4, 1));
    check(shape(1, 2, 2, 8, 8, 3, 4, 0, 1));       // inputs that no window sees
    check({2, 3, 6, 10, 5, 2, 4, 2, 1, 1, 3, 2, 1, 1});   // different along the two axes
}

TEST_CASE("convolution of nothing is nothing, and of no channels its bias") {
    const float bias[2] = {3, 4};
    float y[2] = {9, 9}, dw[18];
    kernels::conv2d_forward(shape(0, 1, 2, 3, 3, 3, 1, 0, 1), nullptr, nullptr, bias, nullptr);
    kernels::conv2d_forward(shape(1, 1, 2, 2, 2, 3, 1, 0, 1), nullptr, nullptr, bias, nullptr);   // the kernel does not fit once
    kernels::conv2d_forward(shape(1, 0, 2, 3, 3, 3, 1, 0, 1), nullptr, nullptr, bias, y);
    CHECK(y[0] == 3);
    CHECK(y[1] == 4);
    kernels::conv2d_backward_input(shape(0, 1, 2, 3, 3, 3, 1, 0, 1), nullptr, nullptr, nullptr);
    kernels::conv2d_backward_weight(shape(0, 1, 2, 3, 3, 3, 1, 0, 1), nullptr, nullptr, dw);
    for (const float value : dw) CHECK(value == 0);
}

TEST_CASE("the bias gradient is the sum of its channel's gradients") {
    const Conv2d s = shape(5, 1, 3, 6, 6, 3, 1, 1, 1);
    const auto dy = noise(5 * 3 * 36, 9);
    float db[3];
    kernels::conv2d_backward_bias(s, dy.data(), db);
    for (size_t o = 0; o < 3; ++o) {
        double sum = 0;
        for (size_t n = 0; n < 5; ++n) {
            for (size_t i = 0; i < 36; ++i) sum += static_cast<double>(dy[(n * 3 + o) * 36 + i]);
        }
        CHECK(static_cast<double>(db[o]) == doctest::Approx(sum).epsilon(1e-5));
    }
}

// The Sandbox's kernels, typed or named, its counts of windows and of what a layer costs: by hand, and against the engine's own layers.
#include "demos/cnn/kernels.h"

#include <doctest/doctest.h>

#include "demos/cnn/layer_cost.h"
#include "demos/cnn/sandbox.h"
#include "engine/errors.h"
#include "engine/nn/conv2d.h"
#include "engine/nn/dense.h"

using namespace trilens;

namespace {

std::vector<float> values(const Tensor& x) { return {x.values().begin(), x.values().end()}; }

}  // namespace

TEST_CASE("the named kernels of size 3 are the textbook's") {
    const auto kernel = [](KernelKind kind) { return values(named_kernel(kind, 3, false)); };
    CHECK(kernel(KernelKind::identity) == std::vector<float>{0, 0, 0, 0, 1, 0, 0, 0, 0});
    CHECK(kernel(KernelKind::edge) == std::vector<float>{-1, -1, -1, -1, 8, -1, -1, -1, -1});
    CHECK(kernel(KernelKind::sobel_x) == std::vector<float>{-1, 0, 1, -2, 0, 2, -1, 0, 1});
    CHECK(kernel(KernelKind::sobel_y) == std::vector<float>{-1, -2, -1, 0, 0, 0, 1, 2, 1});
    CHECK(kernel(KernelKind::blur) ==
          std::vector<float>{1 / 16.0f, 2 / 16.0f, 1 / 16.0f, 2 / 16.0f, 4 / 16.0f, 2 / 16.0f, 1 / 16.0f, 2 / 16.0f, 1 / 16.0f});
    CHECK(kernel(KernelKind::sharpen) == std::vector<float>{0, -1, 0, -1, 5, -1, 0, -1, 0});
    CHECK(kernel(KernelKind::emboss) == std::vector<float>{-2, -1, 0, -1, 1, 1, 0, 1, 2});
    CHECK(values(named_kernel(KernelKind::sobel_x, 5, true)) == std::vector<float>{-1, -2, 0, 2, 1});
}

TEST_CASE("of any size, differences sum to 0, and what keeps the brightness sums to 1") {
    for (int64_t size = 1; size <= largest_kernel; ++size)
        for (const bool curve : {false, true}) {
            const auto sum = [&](KernelKind kind) {
                const Tensor kernel = named_kernel(kind, size, curve);
                CHECK(kernel.shape() == Shape{1, 1, curve ? 1 : size, size});
                double total = 0;
                for (const float value : kernel.values()) total += static_cast<double>(value);
                return total;
            };
            for (const KernelKind kind : {KernelKind::edge, KernelKind::sobel_x, KernelKind::sobel_y}) CHECK(sum(kind) == 0);
            for (const KernelKind kind : {KernelKind::identity, KernelKind::sharpen}) CHECK(sum(kind) == 1);
            CHECK(sum(KernelKind::blur) == doctest::Approx(1).epsilon(1e-6));
            if (curve) continue;
            const Tensor x = named_kernel(KernelKind::sobel_x, size, false), y = named_kernel(KernelKind::sobel_y, size, false);
            for (int64_t i = 0; i < size * size; ++i) CHECK(x.data()[i] == y.data()[i % size * size + i / size]);
        }
    CHECK_THROWS_AS(named_kernel(KernelKind::blur, 0, false), ValueError);
    CHECK_THROWS_AS(named_kernel(KernelKind::typed, 3, false), ValueError);
}

TEST_CASE("typed numbers are read row by row, kept to the bit, and refused with what is wrong") {
    const Tensor kernel = parse_kernel(" 0 -1,0;\n-1 5.25 -1; 1e-3 -1 .5;");
    CHECK(kernel.shape() == Shape{3, 3});
    CHECK(values(kernel) == std::vector<float>{0, -1, 0, -1, 5.25f, -1, 1e-3f, -1, 0.5f});
    Tensor odd(Shape{1, 1, 2, 2}, {0.1f, 1.0f / 3, -7.0f / 9, 999.9999f});
    CHECK(values(parse_kernel(kernel_text(odd))) == values(odd));
    const auto refusal = [](const char* text) -> std::string {
        try {
            parse_kernel(text);
        } catch (const ValueError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(refusal("1 x 2") == "\"x\" is no number.");
    CHECK(refusal("1 inf 2") == "\"inf\" is no number.");
    CHECK(refusal("1 1e9") == "1e9 is too large: weights go from -1000 to 1000.");
    CHECK(refusal(" ; ") == say(Text::kernel_empty));
    CHECK(refusal("1 2; 3") == "Row 2 has 1 numbers, the first row has 2.");
    CHECK(refusal("1 2; 3 4; 5 6") == "A kernel has as many rows as columns, or one row; this one is 3 x 2.");
    CHECK(refusal("1 2 3 4 5 6 7 8") == "A kernel of 1 x 8 is too large: at most 7 x 7.");
}

TEST_CASE("a typed kernel is cut around its middle, or gets zeros around it") {
    const Tensor kernel = parse_kernel("1 2 3; 4 5 6; 7 8 9");
    CHECK(values(fitted_kernel(kernel, 1, false)) == std::vector<float>{5});
    CHECK(values(fitted_kernel(kernel, 2, false)) == std::vector<float>{5, 6, 8, 9});
    CHECK(values(fitted_kernel(kernel, 3, false)) == values(kernel));
    CHECK(values(fitted_kernel(kernel, 4, false)) == std::vector<float>{1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0});
    CHECK(values(fitted_kernel(kernel, 5, true)) == std::vector<float>{0, 4, 5, 6, 0});
    CHECK(values(fitted_kernel(parse_kernel("1 2 3"), 3, false)) == std::vector<float>{0, 0, 0, 1, 2, 3, 0, 0, 0});
}

TEST_CASE("what a layer costs is what the network's own layers say") {
    Random random(1);
    Conv2dSettings settings{3, 5, 3, 3, {}};
    settings.options.stride_height = settings.options.stride_width = 2;
    Conv2d conv("conv", settings, random);
    const Shape in{1, 3, 9, 8}, out = conv.output_shape(in);
    const LayerCost ours = convolution_cost(Shape{5, 3, 3, 3}, out);
    CHECK(ours.parameters() == parameter_count(conv));
    CHECK(ours.multiply_adds == conv.multiply_adds(in));
    Dense dense("dense", in.elements(), out.elements(), random);
    CHECK(dense_cost(in, out).parameters() == parameter_count(dense));
    CHECK(dense_cost(in, out).multiply_adds == dense.multiply_adds(Shape{1, in.elements()}));
    // The digits' picture, one kernel of 3 x 3, the size kept.
    const LayerCost kept = convolution_cost(Shape{1, 1, 3, 3}, Shape{1, 1, 28, 28}),
                    full = dense_cost(Shape{1, 1, 28, 28}, Shape{1, 1, 28, 28});
    CHECK(kept.parameters() == 10);
    CHECK(kept.multiply_adds == 7056);
    CHECK(full.parameters() == 615440);
    CHECK(full.multiply_adds == 614656);
}

TEST_CASE("windows are counted as they lie, one by one") {
    for (int64_t in = 1; in < 12; ++in)
        for (int64_t kernel = 1; kernel < 5; ++kernel)
            for (int64_t stride = 1; stride < 5; ++stride)
                for (int64_t padding = 0; padding < 4; ++padding)
                    for (int64_t dilation = 1; dilation < 4; ++dilation) {
                        const WindowCount window{in, kernel, stride, padding, dilation};
                        int64_t count = 0, end = -padding;
                        for (int64_t at = -padding; at + dilation * (kernel - 1) < in + padding; at += stride) {
                            ++count;
                            end = at + dilation * (kernel - 1) + 1;
                        }
                        REQUIRE(window.out() == count);
                        if (count > 0) REQUIRE(window.unreached() == in + padding - end);
                    }
}

// Elementwise, reduction, movement, softmax and norm kernels against definitions computed in double, or exactly where sums are exact.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

#include "engine/kernels/elementwise.h"
#include "engine/kernels/movement.h"
#include "engine/kernels/norm.h"
#include "engine/kernels/reduction.h"
#include "engine/kernels/softmax.h"
#include "engine/parallel.h"
#include "engine/random.h"

using namespace trilens;

namespace {

using Floats = std::vector<float>;
constexpr float nan_value = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

Floats noise(int64_t count, uint64_t stream = 0) {
    Random random(31, stream);
    Floats values(static_cast<size_t>(count));
    for (float& value : values) value = random.normal();
    return values;
}

Floats counting(int64_t count) {
    Floats values(static_cast<size_t>(count));
    std::iota(values.begin(), values.end(), 1.0f);
    return values;
}

void check_close(const Floats& actual, const std::vector<double>& expected, double tolerance) {
    REQUIRE(actual.size() == expected.size());
    for (size_t i = 0; i < actual.size(); ++i)
        CHECK(static_cast<double>(actual[i]) == doctest::Approx(expected[i]).epsilon(tolerance).scale(0.1));
}

// A sum in the order that lanes.h promises, written another way.
float lane_order_sum(const Floats& x) {
    float lanes[16] = {};
    for (size_t i = 0; i < x.size(); ++i) lanes[i % 16] += x[i];
    float eight[8], four[4];
    for (size_t l = 0; l < 8; ++l) eight[l] = lanes[l] + lanes[l + 8];
    for (size_t l = 0; l < 4; ++l) four[l] = eight[l] + eight[l + 4];
    return (four[0] + four[2]) + (four[1] + four[3]);
}

}  // namespace

TEST_CASE("a sum goes over 16 lanes wherever its axis lies in memory and whoever computes it") {
    for (const int threads : {1, 3}) {
        set_threads(threads);
        for (const int64_t count : {0, 1, 5, 16, 17, 100, 1000}) {
            for (const int64_t inner : {1, 2, 63, 64, 130}) {
                const int64_t outer = 3;
                const Floats x = noise(outer * count * inner);
                Floats y(static_cast<size_t>(outer * inner));
                kernels::sum_axis(outer, count, inner, x.data(), y.data());
                for (int64_t o = 0; o < outer; ++o) {
                    for (int64_t j = 0; j < inner; ++j) {
                        Floats column;
                        for (int64_t i = 0; i < count; ++i) column.push_back(x[static_cast<size_t>((o * count + i) * inner + j)]);
                        REQUIRE(y[static_cast<size_t>(o * inner + j)] == lane_order_sum(column));
                    }
                }
            }
        }
    }
    set_threads(1);
}

TEST_CASE("sums over several axes keep the others") {
    const Floats x = counting(2 * 3 * 4 * 5);
    kernels::Reduction shape{4, {2, 3, 4, 5}, {true, false, true, false}};
    Floats y(15);
    kernels::sum_axes(shape, x.data(), y.data());
    for (size_t i = 0; i < 15; ++i) {
        float sum = 0;   // whole numbers: exact in any order
        for (size_t a = 0; a < 2; ++a) {
            for (size_t b = 0; b < 4; ++b) sum += x[((a * 3 + i / 5) * 4 + b) * 5 + i % 5];
        }
        CHECK(y[i] == sum);
    }
    kernels::sum_axes({2, {2, 3}, {true, true}}, x.data(), y.data());
    CHECK(y[0] == 21.0f);
    kernels::sum_axes({2, {2, 3}, {false, false}}, x.data(), y.data());
    CHECK(y[5] == 6.0f);
    kernels::sum_axes({2, {0, 3}, {true, false}}, x.data(), y.data());
    CHECK(y[2] == 0.0f);
}

TEST_CASE("a maximum is the first of the largest, and NaN is larger than all") {
    const Floats x{1, 5, 5, 2, nan_value, 9, -1, -infinity, -1};
    Floats y(3);
    int32_t places[3];
    kernels::max_axis(3, 3, 1, x.data(), y.data(), places);
    CHECK(y[0] == 5.0f);
    CHECK(places[0] == 1);
    CHECK(std::isnan(y[1]));
    CHECK(places[1] == 1);
    CHECK(places[2] == 0);
    kernels::max_axis(1, 3, 3, x.data(), y.data(), nullptr);
    CHECK(y[0] == 2.0f);
    CHECK(std::isnan(y[1]));
    CHECK(y[2] == 9.0f);
    CHECK(kernels::maximum(0, nullptr) == -infinity);
    for (int64_t count : {1, 15, 16, 40}) {
        Floats values = noise(count);
        const float largest = *std::max_element(values.begin(), values.end());
        CHECK(kernels::maximum(count, values.data()) == largest);
        values.back() = nan_value;
        CHECK(std::isnan(kernels::maximum(count, values.data())));
    }
}

TEST_CASE("what is not finite is found wherever it is") {
    Floats x = noise(50);
    CHECK(kernels::all_finite(50, x.data()));
    CHECK(kernels::all_finite(0, nullptr));
    for (const float bad : {infinity, -infinity, nan_value}) {
        for (size_t place : {0u, 20u, 49u}) {
            Floats y = x;
            y[place] = bad;
            CHECK_FALSE(kernels::all_finite(50, y.data()));
        }
    }
}

TEST_CASE("activations and their gradients, also in place and past the last whole vector") {
    const Floats x{-2, -0.0f, 0, 1.5f, nan_value, -infinity, 3, -1, 2}, dy(9, 2.0f);
    Floats y = x;
    kernels::relu_forward(9, y.data(), y.data());
    CHECK(std::isnan(y[4]));
    CHECK(std::signbit(y[1]) == false);
    y[4] = 0;
    CHECK(y == Floats{0, 0, 0, 1.5f, 0, 0, 3, 0, 2});
    Floats dx = dy;
    kernels::relu_backward(9, x.data(), dx.data(), dx.data());
    CHECK(dx == Floats{0, 0, 0, 2, 0, 0, 2, 0, 2});
    const Floats v{-2, 4};
    kernels::leaky_relu_forward(2, 0.25f, v.data(), y.data());
    kernels::leaky_relu_backward(2, 0.25f, v.data(), dy.data(), dx.data());
    CHECK(y[0] == -0.5f);
    CHECK(y[1] == 4.0f);
    CHECK(dx[0] == 0.5f);
    CHECK(dx[1] == 2.0f);
    const float half = 0.5f, one = 1.0f;
    float out;
    kernels::tanh_backward(1, &half, &one, &out);
    CHECK(out == 0.75f);
    kernels::sigmoid_backward(1, &half, &one, &out);
    CHECK(out == 0.25f);
    kernels::sqrt_backward(1, &half, &one, &out);
    CHECK(out == 1.0f);
    const Floats many = noise(300);
    Floats gelu(300), slope(300), ones(300, 1.0f);
    kernels::gelu_forward(300, many.data(), gelu.data());
    kernels::gelu_backward(300, many.data(), ones.data(), slope.data());
    for (size_t i = 0; i < 300; ++i) {
        const double t = static_cast<double>(many[i]), integral = 0.5 * std::erfc(-t / std::sqrt(2.0));
        CHECK(static_cast<double>(gelu[i]) == doctest::Approx(t * integral).epsilon(1e-6).scale(0.1));
        CHECK(static_cast<double>(slope[i]) ==
              doctest::Approx(integral + t * std::exp(-t * t / 2) / std::sqrt(2 * 3.14159265358979)).epsilon(1e-6).scale(0.1));
    }
}

TEST_CASE("operands broadcast along any axes") {
    using kernels::Binary;
    const Floats a = counting(2 * 3 * 20), b = counting(20), c = counting(3);
    Floats y(120);
    kernels::binary(Binary::add, {3, {2, 3, 20}, {60, 20, 1}, {0, 0, 1}}, a.data(), b.data(), y.data());
    for (size_t i = 0; i < 120; ++i) CHECK(y[i] == a[i] + b[i % 20]);
    kernels::binary(Binary::subtract, {3, {2, 3, 20}, {0, 1, 0}, {60, 20, 1}}, c.data(), a.data(), y.data());
    for (size_t i = 0; i < 120; ++i) CHECK(y[i] == c[i / 20 % 3] - a[i]);
    kernels::binary(Binary::multiply, {3, {2, 3, 20}, {60, 20, 1}, {0, 1, 0}}, a.data(), c.data(), y.data());
    for (size_t i = 0; i < 120; ++i) CHECK(y[i] == a[i] * c[i / 20 % 3]);
    kernels::binary(Binary::divide, {2, {20, 3}, {1, 20}, {1, 0}}, a.data(), b.data(), y.data());   // a read column by column
    for (size_t i = 0; i < 60; ++i) CHECK(y[i] == a[i / 3 + i % 3 * 20] / b[i / 3]);
    const Floats p{1, nan_value, 3, -0.0f}, q{2, 0, nan_value, -1};
    kernels::binary(Binary::maximum, 4, p.data(), q.data(), y.data());
    CHECK(y[0] == 2.0f);
    CHECK(std::isnan(y[1]));
    CHECK(std::isnan(y[2]));
    CHECK(y[3] == 0.0f);
    kernels::binary(Binary::add, {0, {}, {}, {}}, a.data(), b.data(), y.data());   // scalars
    CHECK(y[0] == 2.0f);
    kernels::binary(Binary::add, {2, {0, 5}, {5, 1}, {5, 1}}, nullptr, nullptr, nullptr);
}

TEST_CASE("values move without change: permutations, slices, rows by number") {
    const Floats x = counting(2 * 3 * 4);
    Floats y(24), z(24);
    kernels::copy_strided({3, {4, 2, 3}, {1, 12, 4}, {6, 3, 1}}, x.data(), y.data());   // axes (2, 0, 1)
    for (size_t i = 0; i < 24; ++i) CHECK(y[i] == x[i % 6 / 3 * 12 + i % 3 * 4 + i / 6]);
    kernels::copy_strided({3, {4, 2, 3}, {6, 3, 1}, {1, 12, 4}}, y.data(), z.data());
    CHECK(z == x);
    kernels::add_strided({2, {2, 3}, {0, 1}, {12, 1}}, x.data(), z.data());
    CHECK(z[2] == 6.0f);
    CHECK(z[14] == 18.0f);
    CHECK(z[3] == x[3]);
    const int32_t rows[3] = {1, 0, 1};
    kernels::gather_rows(3, 4, x.data(), rows, y.data());
    CHECK(y[0] == 5.0f);
    CHECK(y[4] == 1.0f);
    Floats table(8);
    kernels::scatter_add_rows(3, 4, x.data(), rows, table.data());
    CHECK(table == Floats{5, 6, 7, 8, 10, 12, 14, 16});
}

TEST_CASE("softmax, its logarithm and cross entropy agree with their definitions and gradients") {
    const int64_t rows = 5, columns = 37;
    const Floats x = noise(rows * columns), dy = noise(rows * columns, 1);
    Floats y(x.size()), log_y(x.size()), dx(x.size()), log_dx(x.size()), losses(5), probabilities(x.size()), loss_dx(x.size());
    const int32_t targets[5] = {0, 36, 7, -1, 12};
    const Floats dlosses{1, 2, 0.5f, 3, 1};
    kernels::softmax_forward(rows, columns, x.data(), y.data());
    kernels::softmax_backward(rows, columns, y.data(), dy.data(), dx.data());
    kernels::log_softmax_forward(rows, columns, x.data(), log_y.data());
    kernels::log_softmax_backward(rows, columns, log_y.data(), dy.data(), log_dx.data());
    kernels::cross_entropy_forward(rows, columns, x.data(), targets, losses.data(), probabilities.data());
    kernels::cross_entropy_backward(rows, columns, probabilities.data(), targets, dlosses.data(), loss_dx.data());
    std::vector<double> p(x.size()), from_softmax(x.size()), from_log(x.size()), log_p(x.size()), loss(5), from_loss(x.size());
    for (size_t r = 0; r < 5; ++r) {
        double total = 0, inner = 0, sum = 0;
        for (size_t j = r * 37; j < r * 37 + 37; ++j) total += std::exp(static_cast<double>(x[j]));
        for (size_t j = r * 37; j < r * 37 + 37; ++j) {
            p[j] = std::exp(static_cast<double>(x[j])) / total;
            log_p[j] = static_cast<double>(x[j]) - std::log(total);
            inner += p[j] * static_cast<double>(dy[j]);
            sum += static_cast<double>(dy[j]);
        }
        for (size_t j = r * 37; j < r * 37 + 37; ++j) {
            from_softmax[j] = p[j] * (static_cast<double>(dy[j]) - inner);
            from_log[j] = static_cast<double>(dy[j]) - p[j] * sum;
            const double onehot = static_cast<int32_t>(j - r * 37) == targets[r] ? 1 : 0;
            from_loss[j] = targets[r] < 0 ? 0 : (p[j] - onehot) * static_cast<double>(dlosses[r]);
        }
        loss[r] = targets[r] < 0 ? 0 : -log_p[r * 37 + static_cast<size_t>(targets[r])];
    }
    check_close(y, p, 1e-6);
    check_close(log_y, log_p, 1e-6);
    check_close(dx, from_softmax, 1e-5);
    check_close(log_dx, from_log, 1e-5);
    check_close(losses, loss, 1e-6);
    check_close(probabilities, p, 1e-6);
    check_close(loss_dx, from_loss, 1e-5);
}

TEST_CASE("softmax of huge, single and missing values stays a distribution") {
    Floats y(2);
    const Floats huge{3e38f, -3e38f};
    kernels::softmax_forward(1, 2, huge.data(), y.data());
    CHECK(y == Floats{1, 0});
    kernels::softmax_forward(2, 1, huge.data(), y.data());
    CHECK(y == Floats{1, 1});
    const Floats masked{0, -infinity};
    kernels::softmax_forward(1, 2, masked.data(), y.data());
    CHECK(y == Floats{1, 0});
    kernels::softmax_forward(3, 0, nullptr, nullptr);
}

TEST_CASE("batch norm and layer norm agree with their definitions") {
    const kernels::BatchNorm batch{3, 4, 10, 1e-5f};
    const Floats x = noise(120), gamma = noise(4, 1), beta = noise(4, 2);
    Floats mean(4), variance(4), y(120);
    kernels::batch_norm_statistics(batch, x.data(), mean.data(), variance.data());
    kernels::batch_norm_forward(batch, x.data(), mean.data(), variance.data(), gamma.data(), beta.data(), y.data());
    for (size_t c = 0; c < 4; ++c) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < 30; ++i) sum += static_cast<double>(x[(i / 10 * 4 + c) * 10 + i % 10]);
        for (size_t i = 0; i < 30; ++i) squares += std::pow(static_cast<double>(x[(i / 10 * 4 + c) * 10 + i % 10]) - sum / 30, 2);
        CHECK(static_cast<double>(mean[c]) == doctest::Approx(sum / 30).epsilon(1e-5));
        CHECK(static_cast<double>(variance[c]) == doctest::Approx(squares / 30).epsilon(1e-5));
        const double expected =
            (static_cast<double>(x[c * 10]) - sum / 30) / std::sqrt(squares / 30 + 1e-5) * static_cast<double>(gamma[c]);
        CHECK(static_cast<double>(y[c * 10] - beta[c]) == doctest::Approx(expected).epsilon(1e-4));
    }
    const kernels::LayerNorm layer{2, 3, 0.0f};
    const Floats rows{1, 2, 3, 10, 10, 40}, ones(3, 1.0f), zeros(3, 0.0f);
    Floats out(6), center(2), inverse(2);
    kernels::layer_norm_forward(layer, rows.data(), ones.data(), zeros.data(), out.data(), center.data(), inverse.data());
    CHECK(center == Floats{2, 20});
    CHECK(out[2] == doctest::Approx(std::sqrt(1.5)));
    CHECK(out[5] == doctest::Approx(std::sqrt(2.0)));
}

TEST_CASE("the gradients of the norms are their slopes") {
    const kernels::BatchNorm batch{2, 2, 3, 1e-3f};
    const kernels::LayerNorm layer{4, 3, 1e-3f};
    const Floats x = noise(12), gamma{0.5f, 1.5f, -1.0f}, beta{0.1f, 0.2f, 0.3f}, dy = noise(12, 3);
    const auto loss = [&](const Floats& at, bool batches) {
        Floats y(12), a(4), b(4);
        if (batches) {
            kernels::batch_norm_statistics(batch, at.data(), a.data(), b.data());
            kernels::batch_norm_forward(batch, at.data(), a.data(), b.data(), gamma.data(), beta.data(), y.data());
        } else {
            kernels::layer_norm_forward(layer, at.data(), gamma.data(), beta.data(), y.data(), a.data(), b.data());
        }
        double sum = 0;
        for (size_t i = 0; i < 12; ++i) sum += static_cast<double>(y[i]) * static_cast<double>(dy[i]);
        return sum;
    };
    for (const bool batches : {true, false}) {
        Floats a(4), b(4), y(12), dx(12), dgamma(3), dbeta(3);
        if (batches) {
            kernels::batch_norm_statistics(batch, x.data(), a.data(), b.data());
            kernels::batch_norm_backward(batch, true, x.data(), a.data(), b.data(), gamma.data(), dy.data(), dx.data(), dgamma.data(),
                                         dbeta.data());
        } else {
            kernels::layer_norm_forward(layer, x.data(), gamma.data(), beta.data(), y.data(), a.data(), b.data());
            kernels::layer_norm_backward(layer, x.data(), a.data(), b.data(), gamma.data(), dy.data(), dx.data(), dgamma.data(),
                                         dbeta.data());
        }
        for (size_t i = 0; i < 12; ++i) {
            Floats more = x, less = x;
            more[i] += 0.01f;
            less[i] -= 0.01f;
            const double slope = (loss(more, batches) - loss(less, batches)) / static_cast<double>(more[i] - less[i]);
            CHECK(static_cast<double>(dx[i]) == doctest::Approx(slope).epsilon(0.01).scale(0.1));
        }
    }
}

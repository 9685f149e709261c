// Matrix products against their definition, bit for bit: one float accumulator per element, k ascending, the bias last.
#include "engine/kernels/gemm.h"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "engine/parallel.h"
#include "engine/random.h"

using namespace trilens;
using kernels::Gemm;
using kernels::GemmBatch;

namespace {

std::vector<float> noise(int64_t count, uint64_t stream) {
    Random random(7, stream);
    std::vector<float> values(static_cast<size_t>(count));
    for (float& value : values) value = random.normal();
    return values;
}

void by_definition(const Gemm& g, const float* a, const float* b, float* c) {
    const int64_t lda = g.lda           ? g.lda
                        : g.transpose_a ? g.m
                                        : g.k,
                  ldb = g.ldb           ? g.ldb
                        : g.transpose_b ? g.k
                                        : g.n,
                  ldc = g.ldc ? g.ldc : g.n;
    for (int64_t i = 0; i < g.m; ++i) {
        for (int64_t j = 0; j < g.n; ++j) {
            float sum = g.accumulate ? c[i * ldc + j] : 0.0f;
            for (int64_t k = 0; k < g.k; ++k) {
                sum += (g.transpose_a ? a[k * lda + i] : a[i * lda + k]) * (g.transpose_b ? b[j * ldb + k] : b[k * ldb + j]);
            }
            if (g.row_bias) sum += g.row_bias[i];
            if (g.column_bias) sum += g.column_bias[j];
            c[i * ldc + j] = sum;
        }
    }
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

// Runs one problem in a frame of canaries: gaps between rows and what lies behind must stay as they were.
void check(Gemm g, int64_t gap) {
    g.lda = (g.transpose_a ? g.m : g.k) + gap;
    g.ldb = (g.transpose_b ? g.k : g.n) + gap;
    g.ldc = g.n + gap;
    const auto a = noise((g.transpose_a ? g.k : g.m) * g.lda, 1), b = noise((g.transpose_b ? g.n : g.k) * g.ldb, 2);
    auto expected = noise(g.m * g.ldc + 3, 3);
    auto actual = expected;
    by_definition(g, a.data(), b.data(), expected.data());
    kernels::gemm(g, a.data(), b.data(), actual.data());
    const std::string shape =
        std::to_string(g.m) + " x " + std::to_string(g.n) + " x " + std::to_string(g.k) + " gap " + std::to_string(gap);
    INFO(shape, " transposes ", g.transpose_a, g.transpose_b, " threads ", threads());
    CHECK(same_bits(actual, expected));
}

void check_all_forms(int64_t m, int64_t n, int64_t k) {
    const auto row_bias = noise(m, 4), column_bias = noise(n, 5);
    for (int form = 0; form < 4; ++form) {
        Gemm g{m, n, k, (form & 1) != 0, (form & 2) != 0};
        check(g, 0);
        g.accumulate = true;
        g.row_bias = row_bias.data();
        check(g, 5);
        g.row_bias = nullptr;
        g.column_bias = column_bias.data();
        check(g, 1);
    }
}

}  // namespace

TEST_CASE("a matrix product has the bits of its definition for every size, transpose and number of threads") {
    for (const int count : {1, 2, 3}) {
        set_threads(count);
        for (const int64_t m : {1, 3, 8, 17, 33}) {
            for (const int64_t n : {1, 2, 10, 16, 37, 64, 65}) {
                for (const int64_t k : {0, 1, 7, 64}) check_all_forms(m, n, k);
            }
        }
        check_all_forms(130, 70, 600);    // several blocks of k
        check_all_forms(210, 33, 257);    // several blocks of rows
        check_all_forms(20, 1100, 260);   // several blocks of columns
        check_all_forms(1, 1100, 300);
        check_all_forms(1100, 1, 300);
    }
    set_threads(1);
}

TEST_CASE("a matrix product with nothing to sum is zero or what was there") {
    std::vector<float> c{5, 6};
    kernels::gemm({1, 2, 0}, nullptr, nullptr, c.data());
    CHECK(c == std::vector<float>{0, 0});
    c = {5, 6};
    Gemm g{1, 2, 0};
    g.accumulate = true;
    kernels::gemm(g, nullptr, nullptr, c.data());
    CHECK(c == std::vector<float>{5, 6});
    kernels::gemm({0, 2, 3}, nullptr, nullptr, nullptr);
    kernels::gemm({2, 0, 3}, nullptr, nullptr, nullptr);
}

TEST_CASE("infinity and NaN reach the elements they belong to and no other") {
    std::vector<float> a(6 * 5, 1.0f), b(5 * 7, 1.0f), c(6 * 7);
    a[2 * 5 + 3] = std::numeric_limits<float>::infinity();
    b[1 * 7 + 4] = std::numeric_limits<float>::quiet_NaN();
    kernels::gemm({6, 7, 5}, a.data(), b.data(), c.data());
    for (int i = 0; i < 6; ++i) {
        for (int j = 0; j < 7; ++j) {
            const float value = c[static_cast<size_t>(i * 7 + j)];
            if (j == 4) CHECK(value != value);
            else CHECK(value == (i == 2 ? std::numeric_limits<float>::infinity() : 5.0f));
        }
    }
}

TEST_CASE("a batch of products equals the products one by one, also with a shared operand") {
    for (const int count : {1, 2, 3}) {
        set_threads(count);
        const int64_t batch = 5, m = 9, n = 21, k = 33;
        const auto a = noise(batch * m * k, 1), b = noise(k * n, 2);
        std::vector<float> one(static_cast<size_t>(batch * m * n)), all(one.size());
        for (int64_t i = 0; i < batch; ++i) by_definition({m, n, k}, a.data() + i * m * k, b.data(), one.data() + i * m * n);
        kernels::gemm({m, n, k}, GemmBatch{batch, m * k, 0, m * n}, a.data(), b.data(), all.data());
        CHECK(same_bits(one, all));
    }
    set_threads(1);
}

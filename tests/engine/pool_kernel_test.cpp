// The pooling kernels against their definition in plain loops.
#include "engine/kernels/pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/parallel.h"
#include "engine/random.h"

using namespace trilens;
using kernels::Pool2d;

namespace {

using Floats = std::vector<float>;

// Few different values, so that equal ones meet in a window.
Floats coarse_noise(int64_t count) {
    Random random(21);
    Floats values(static_cast<size_t>(count));
    for (float& value : values) value = static_cast<float>(random.below(9)) - 4.0f;
    return values;
}

struct Reference {
    Floats maximum, average, average_inside, from_maximum, from_average;
    std::vector<int32_t> places;

    Reference(const Pool2d& s, const Floats& x, const Floats& dy) : from_maximum(x.size()), from_average(x.size()) {
        for (int64_t p = 0; p < s.planes; ++p) {
            for (int64_t i = 0; i < s.out_height(); ++i) {
                for (int64_t j = 0; j < s.out_width(); ++j) add_window(s, x, dy, p * s.height * s.width, i, j);
            }
        }
    }
    void add_window(const Pool2d& s, const Floats& x, const Floats& dy, int64_t plane, int64_t i, int64_t j) {
        float best = -std::numeric_limits<float>::infinity(), sum = 0;
        std::vector<int64_t> inside;
        int32_t place = -1;
        for (int64_t m = 0; m < s.kernel_height; ++m) {
            for (int64_t n = 0; n < s.kernel_width; ++n) {
                const int64_t row = i * s.stride_height - s.padding_height + m * s.dilation_height;
                const int64_t column = j * s.stride_width - s.padding_width + n * s.dilation_width;
                if (row < 0 || row >= s.height || column < 0 || column >= s.width) continue;
                const int64_t at = row * s.width + column;
                const float value = x[static_cast<size_t>(plane + at)];
                inside.push_back(plane + at);
                sum += value;
                if (place < 0 || value > best) {
                    best = value;
                    place = static_cast<int32_t>(at);
                }
            }
        }
        const float gradient = dy[maximum.size()], whole = static_cast<float>(s.kernel_height * s.kernel_width);
        maximum.push_back(best);
        places.push_back(place);
        average.push_back(sum / whole);
        average_inside.push_back(sum / static_cast<float>(std::max<size_t>(1, inside.size())));
        if (place >= 0) from_maximum[static_cast<size_t>(plane + place)] += gradient;
        for (const int64_t at : inside) from_average[static_cast<size_t>(at)] += gradient / whole;
    }
};

void check(const Pool2d& s) {
    const auto x = coarse_noise(s.planes * s.height * s.width), dy = coarse_noise(s.planes * s.out_height() * s.out_width());
    const Reference expected(s, x, dy);
    for (const int count : {1, 3}) {
        set_threads(count);
        Floats y(dy.size()), dx(x.size(), 7.0f);
        std::vector<int32_t> places(dy.size());
        kernels::max_pool_forward(s, x.data(), y.data(), places.data());
        CHECK(y == expected.maximum);
        CHECK(places == expected.places);
        y.assign(dy.size(), 7.0f);
        kernels::max_pool_forward(s, x.data(), y.data(), nullptr);
        CHECK(y == expected.maximum);
        kernels::max_pool_backward(s, dy.data(), places.data(), dx.data());
        CHECK(dx == expected.from_maximum);
        kernels::average_pool_forward(s, true, x.data(), y.data());
        CHECK(y == expected.average);
        kernels::average_pool_forward(s, false, x.data(), y.data());
        CHECK(y == expected.average_inside);
        kernels::average_pool_backward(s, true, dy.data(), dx.data());
        CHECK(dx == expected.from_average);
    }
    set_threads(1);
}

}  // namespace

TEST_CASE("pooling and its gradients follow their definition for every geometry") {
    check({512, 28, 28});                            // the digits network
    check({3, 14, 14});
    check({2, 7, 9});                                // a row and a column left over
    check({2, 4, 3});                                // too narrow for vectors
    check({2, 9, 8, 3, 3, 2, 2, 1, 1, 1, 1});        // overlapping, padded
    check({2, 9, 11, 2, 3, 1, 2, 1, 0, 2, 2});       // dilated
    check({1, 3, 3, 2, 2, 2, 2, 2, 2, 1, 1});        // windows of padding alone
    check({1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1});
    check({0, 4, 4});
    check({2, 1, 4});                                // the window does not fit once
}

TEST_CASE("the maximum of a window with NaN is NaN") {
    for (size_t place = 0; place < 4; ++place) {
        Floats x(16, 1.0f), y(4);
        std::vector<int32_t> places(4);
        x[place / 2 * 4 + place % 2] = std::nanf("");
        kernels::max_pool_forward({1, 4, 4}, x.data(), y.data(), places.data());
        CHECK(std::isnan(y[0]));
        CHECK(places[0] == static_cast<int32_t>(place / 2 * 4 + place % 2));
        CHECK(y[3] == 1.0f);
        Floats wide(32, 1.0f);   // four windows side by side: the path of vectors
        wide[place / 2 * 8 + place % 2] = std::nanf("");
        kernels::max_pool_forward({1, 2, 8}, wide.data() + 0, y.data(), places.data());
        CHECK(std::isnan(y[0]));
        CHECK(y[1] == 1.0f);
    }
}

TEST_CASE("global average pooling is the mean, and shares its gradient out") {
    const Floats x{1, 2, 3, 6, -1, 1};
    Floats y(2), dx(6);
    kernels::global_average_pool_forward(2, 3, x.data(), y.data());
    CHECK(y == Floats{2, 2});
    const Floats dy{3, 6};
    kernels::global_average_pool_backward(2, 3, dy.data(), dx.data());
    CHECK(dx == Floats{1, 1, 1, 2, 2, 2});
}

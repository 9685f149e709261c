// Maximum and average pooling over planes. Planes are independent; within one the windows are visited row by row, and where windows
// overlap a gradient is added in that order. The window of every digit network, 2 x 2 without overlap, has a path of its own.
#include "engine/kernels/pool.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/kernels/conv.h"
#include "engine/kernels/reduction.h"
#include "engine/parallel.h"
#include "engine/simd.h"

namespace trilens::kernels {
namespace {

int64_t planes_per_range(const Pool2d& sizes) { return std::max<int64_t>(1, 8192 / std::max<int64_t>(1, sizes.height * sizes.width)); }

template <class F>
void for_planes(const Pool2d& sizes, F plane) {
    parallel_for(sizes.planes, planes_per_range(sizes), [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; ++p) plane(p);
    });
}

// The taps of a window along one axis that lie inside [0, size): positions first, first + step, ... of which there are `count`.
struct Taps {
    int64_t first, count;
};
Taps taps(int64_t out, int64_t size, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation) {
    const int64_t start = out * stride - padding;
    const int64_t skipped = start < 0 ? (-start + dilation - 1) / dilation : 0;
    const int64_t first = start + skipped * dilation;
    const int64_t inside = first >= size ? 0 : (size - 1 - first) / dilation + 1;
    return {first, std::max<int64_t>(0, std::min(kernel - skipped, inside))};
}

// Calls window(output position, row taps, column taps) for the windows of a plane.
template <class F>
inline void for_windows(const Pool2d& s, F window) {
    const int64_t rows = s.out_height(), columns = s.out_width();
    for (int64_t i = 0; i < rows; ++i) {
        const Taps down = taps(i, s.height, s.kernel_height, s.stride_height, s.padding_height, s.dilation_height);
        for (int64_t j = 0; j < columns; ++j) {
            window(i * columns + j, down, taps(j, s.width, s.kernel_width, s.stride_width, s.padding_width, s.dilation_width));
        }
    }
}

bool is_two_by_two(const Pool2d& s) {
    return s.out_width() >= 4 && s.kernel_height == 2 && s.kernel_width == 2 && s.stride_height == 2 && s.stride_width == 2 &&
           s.padding_height == 0 && s.padding_width == 0 && s.dilation_height == 1 && s.dilation_width == 1;
}

inline bool beats(float candidate, float best) { return candidate > best || candidate != candidate; }

using Four = simd::FloatsOf<4>;
using Places = simd::IntsOf<4>;
inline void keep_larger(Four value, Places place, Four& best, Places& best_place) {
    const Places better = ((value > best) | (value != value)) & (best == best);
    best = simd::select(better, value, best);
    best_place = simd::select(better, place, best_place);
}

// Four 2 x 2 windows side by side: `first` is the position in the plane of the first one's upper left element.
inline void max_of_four_windows(const float* upper, const float* lower, int32_t first, int32_t width, float* y, int32_t* argmax) {
    Four even, odd, even_below, odd_below;
    simd::part(simd::load<4>(upper), simd::load<4>(upper + 4), even, odd);
    simd::part(simd::load<4>(lower), simd::load<4>(lower + 4), even_below, odd_below);
    const Places corner = Places{0, 2, 4, 6} + first;
    Four best = even;
    Places place = corner;
    keep_larger(odd, corner + 1, best, place);
    keep_larger(even_below, corner + width, best, place);
    keep_larger(odd_below, corner + width + 1, best, place);
    simd::store(y, best);
    std::memcpy(argmax, &place, sizeof place);
}

// One row of at least four 2 x 2 windows; the last four may overlap the ones before, with the same results.
[[gnu::noinline]] void max_row_of_two(int64_t columns, const float* upper, const float* lower, int32_t first, int32_t width, float* y,
                                      int32_t* argmax) {
    for (int64_t j = 0; j < columns; j += 4) {
        const int64_t at = std::min(j, columns - 4);
        max_of_four_windows(upper + 2 * at, lower + 2 * at, first + static_cast<int32_t>(2 * at), width, y + at, argmax + at);
    }
}

void max_plane_of_two(const Pool2d& s, const float* x, float* y, int32_t* argmax) {
    const int64_t rows = s.out_height(), columns = s.out_width();
    for (int64_t i = 0; i < rows; ++i) {
        const float* upper = x + 2 * i * s.width;
        max_row_of_two(columns, upper, upper + s.width, static_cast<int32_t>(2 * i * s.width), static_cast<int32_t>(s.width),
                       y + i * columns, argmax + i * columns);
    }
}

void max_plane(const Pool2d& s, const float* x, float* y, int32_t* argmax) {
    for_windows(s, [&](int64_t out, Taps down, Taps across) {
        float best = -INFINITY;
        int32_t place = -1;
        for (int64_t m = 0; m < down.count; ++m) {
            for (int64_t n = 0; n < across.count; ++n) {
                const int64_t at = (down.first + m * s.dilation_height) * s.width + across.first + n * s.dilation_width;
                if (place < 0 || (beats(x[at], best) && best == best)) {
                    best = x[at];
                    place = static_cast<int32_t>(at);
                }
            }
        }
        y[out] = best;
        if (argmax != nullptr) argmax[out] = place;
    });
}

float divisor(const Pool2d& s, bool count_padding, Taps down, Taps across) {
    return static_cast<float>(count_padding ? s.kernel_height * s.kernel_width : std::max<int64_t>(1, down.count * across.count));
}

}  // namespace

int64_t Pool2d::out_height() const { return Conv2d::extent(height, kernel_height, stride_height, padding_height, dilation_height); }
int64_t Pool2d::out_width() const { return Conv2d::extent(width, kernel_width, stride_width, padding_width, dilation_width); }

void max_pool_forward(const Pool2d& sizes, const float* x, float* y, int32_t* argmax) {
    const int64_t area = sizes.height * sizes.width, out_area = sizes.out_height() * sizes.out_width();
    const bool two = is_two_by_two(sizes) && argmax != nullptr;
    for_planes(sizes, [&](int64_t p) {
        int32_t* places = argmax == nullptr ? nullptr : argmax + p * out_area;
        (two ? max_plane_of_two : max_plane)(sizes, x + p * area, y + p * out_area, places);
    });
}

void max_pool_backward(const Pool2d& sizes, const float* dy, const int32_t* argmax, float* dx) {
    const int64_t area = sizes.height * sizes.width, out_area = sizes.out_height() * sizes.out_width();
    for_planes(sizes, [&](int64_t p) {
        float* plane = dx + p * area;
        std::fill_n(plane, area, 0.0f);
        for (int64_t i = p * out_area; i < (p + 1) * out_area; ++i) {
            if (argmax[i] >= 0) plane[argmax[i]] += dy[i];
        }
    });
}

void average_pool_forward(const Pool2d& sizes, bool count_padding, const float* x, float* y) {
    const int64_t area = sizes.height * sizes.width, out_area = sizes.out_height() * sizes.out_width();
    for_planes(sizes, [&](int64_t p) {
        for_windows(sizes, [&](int64_t out, Taps down, Taps across) {
            float sum = 0;
            for (int64_t m = 0; m < down.count; ++m) {
                const float* row = x + p * area + (down.first + m * sizes.dilation_height) * sizes.width + across.first;
                for (int64_t n = 0; n < across.count; ++n) sum += row[n * sizes.dilation_width];
            }
            y[p * out_area + out] = sum / divisor(sizes, count_padding, down, across);
        });
    });
}

void average_pool_backward(const Pool2d& sizes, bool count_padding, const float* dy, float* dx) {
    const int64_t area = sizes.height * sizes.width, out_area = sizes.out_height() * sizes.out_width();
    for_planes(sizes, [&](int64_t p) {
        std::fill_n(dx + p * area, area, 0.0f);
        for_windows(sizes, [&](int64_t out, Taps down, Taps across) {
            const float share = dy[p * out_area + out] / divisor(sizes, count_padding, down, across);
            for (int64_t m = 0; m < down.count; ++m) {
                float* row = dx + p * area + (down.first + m * sizes.dilation_height) * sizes.width + across.first;
                for (int64_t n = 0; n < across.count; ++n) row[n * sizes.dilation_width] += share;
            }
        });
    });
}

void global_average_pool_forward(int64_t planes, int64_t area, const float* x, float* y) {
    sum_axis(planes, area, 1, x, y);
    for (int64_t p = 0; p < planes; ++p) y[p] /= static_cast<float>(std::max<int64_t>(1, area));
}

void global_average_pool_backward(int64_t planes, int64_t area, const float* dy, float* dx) {
    for (int64_t p = 0; p < planes; ++p) std::fill_n(dx + p * area, area, dy[p] / static_cast<float>(area));
}

}  // namespace trilens::kernels

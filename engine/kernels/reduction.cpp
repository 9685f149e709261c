// Sums and maxima along axes, in the order of lanes.h wherever the axis lies in memory.
#include "engine/kernels/reduction.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/lanes.h"
#include "engine/parallel.h"

namespace trilens::kernels {
namespace {

constexpr int64_t grain_elements = 16384;
constexpr int64_t strip = 64;   // columns whose lanes are kept at once: 4 KB

int64_t rows_per_range(int64_t row_elements) { return std::max<int64_t>(1, grain_elements / std::max<int64_t>(1, row_elements)); }

// Sums `count` rows, `stride` apart, of `columns` <= strip values.
void sum_strip(int64_t count, int64_t stride, int64_t columns, const float* x, float* y) {
    float lanes[lane_count][strip] = {};
    for (int64_t i = 0; i < count; ++i) {
        float* lane = lanes[i % lane_count];
        const float* row = x + i * stride;
        for (int64_t j = 0; j < columns; ++j) lane[j] += row[j];
    }
    for (int half = lane_count / 2; half > 0; half /= 2) {
        for (int l = 0; l < half; ++l) {
            for (int64_t j = 0; j < columns; ++j) lanes[l][j] += lanes[l + half][j];
        }
    }
    std::copy_n(lanes[0], columns, y);
}

inline bool beats(float candidate, float best) { return candidate > best || candidate != candidate; }

}  // namespace

float sum(int64_t count, const float* x) {
    return lane_sum(count, [=](int64_t i) { return x[i]; });
}

float dot(int64_t count, const float* a, const float* b) {
    return lane_sum(count, [=](int64_t i) { return a[i] * b[i]; });
}

float maximum(int64_t count, const float* x) {
    float lanes[lane_count];
    std::fill_n(lanes, lane_count, -INFINITY);
    int64_t i = 0;
    for (; i + lane_count <= count; i += lane_count) {
        for (int l = 0; l < lane_count; ++l) lanes[l] = beats(x[i + l], lanes[l]) ? x[i + l] : lanes[l];
    }
    for (int l = 0; i + l < count; ++l) lanes[l] = beats(x[i + l], lanes[l]) ? x[i + l] : lanes[l];
    for (int l = 1; l < lane_count; ++l) lanes[0] = beats(lanes[l], lanes[0]) && lanes[0] == lanes[0] ? lanes[l] : lanes[0];
    return lanes[0];
}

bool all_finite(int64_t count, const float* x) {
    // x - x is 0 for finite x, else NaN, and a sum keeps NaN.
    return lane_sum(count, [=](int64_t i) { return x[i] - x[i]; }) == 0.0f;
}

void sum_axis(int64_t outer, int64_t count, int64_t inner, const float* x, float* y) {
    if (count == 0) {
        std::fill_n(y, outer * inner, 0.0f);
        return;
    }
    if (inner == 1) {
        parallel_for(outer, rows_per_range(count), [&](int64_t begin, int64_t end) {
            for (int64_t o = begin; o < end; ++o) y[o] = sum(count, x + o * count);
        });
        return;
    }
    const int64_t strips = (inner + strip - 1) / strip;
    parallel_for(outer * strips, rows_per_range(count * std::min(inner, strip)), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t o = i / strips, first = i % strips * strip;
            sum_strip(count, inner, std::min(strip, inner - first), x + o * count * inner + first, y + o * inner + first);
        }
    });
}

void max_axis(int64_t outer, int64_t count, int64_t inner, const float* x, float* y, int32_t* argmax) {
    parallel_for(outer, rows_per_range(count * inner), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin * inner; i < end * inner; ++i) {
            const float* column = x + i / inner * count * inner + i % inner;
            int64_t best = 0;
            for (int64_t k = 1; k < count; ++k) {
                if (beats(column[k * inner], column[best * inner]) && column[best * inner] == column[best * inner]) best = k;
            }
            y[i] = column[best * inner];
            if (argmax != nullptr) argmax[i] = static_cast<int32_t>(best);
        }
    });
}

void sum_axes(const Reduction& shape, const float* x, float* y) {
    struct Group {
        int64_t extent;
        bool reduced;
    };
    std::vector<Group> groups;
    for (int axis = 0; axis < shape.rank; ++axis) {
        if (!groups.empty() && groups.back().reduced == shape.reduced[axis]) groups.back().extent *= shape.extents[axis];
        else groups.push_back({shape.extents[axis], shape.reduced[axis]});
    }
    int left = 0;
    int64_t elements = 1;
    for (const Group& group : groups) {
        left += group.reduced;
        elements *= group.extent;
    }
    if (left == 0) {
        std::copy_n(x, elements, y);
        return;
    }
    std::vector<float> source, target;
    int64_t inner = 1;
    for (size_t g = groups.size(); g-- > 0;) {
        if (!groups[g].reduced) {
            inner *= groups[g].extent;
            continue;
        }
        int64_t outer = 1;
        for (size_t o = 0; o < g; ++o) outer *= groups[o].extent;
        const bool last = --left == 0;
        if (!last) target.resize(static_cast<size_t>(outer * inner));
        sum_axis(outer, groups[g].extent, inner, x, last ? y : target.data());
        source.swap(target);
        x = source.data();
    }
}

}  // namespace trilens::kernels

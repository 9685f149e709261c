// Gradients of a convolution's weights and bias. An image's share sums over its positions in row-major order; images go over 16
// virtual lanes (image n into lane n % 16, in order), which are folded by the tree of lanes.h. Lanes are what threads share out.
// Within an image the taps of the kernel are rows, the output channels columns, the positions k.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "engine/kernels/conv.h"
#include "engine/kernels/lanes.h"
#include "engine/kernels/pack.h"
#include "engine/kernels/patches.h"
#include "engine/kernels/reduction.h"
#include "engine/kernels/scratch.h"
#include "engine/parallel.h"
#include "engine/simd.h"

namespace trilens::kernels {
namespace {

constexpr int most_taps = 8;   // rows of a tile
constexpr int64_t serial_products = 1 << 16;

// What a tile walks: `height` x `width` positions. `taps` point at the first position's value under each tap.
struct Walk {
    int64_t height, width, row_step, column_step;
    const float* taps[most_taps];
    const float* gradients;   // packed [position][lanes of the tile]
    float* sums;              // [tap][...], added to
    int64_t sums_step;
};

template <int rows, int vectors, int W>
[[gnu::noinline]] void weight_tile(const Walk& walk) {
    using V = simd::FloatsOf<W>;
    V sums[rows][vectors] = {};
    const float* g = walk.gradients;
    for (int64_t i = 0; i < walk.height; ++i) {
        const float* x[rows];
        for (int r = 0; r < rows; ++r) x[r] = walk.taps[r] + i * walk.row_step;
        for (int64_t j = 0, at = 0; j < walk.width; ++j, at += walk.column_step) {
            V column[vectors];
            for (int v = 0; v < vectors; ++v) column[v] = simd::load<W>(g + v * W);
            for (int r = 0; r < rows; ++r) {
                const V factor = simd::splat<W>(x[r][at]);
                for (int v = 0; v < vectors; ++v) sums[r][v] += factor * column[v];
            }
            g += vectors * W;
        }
    }
    for (int r = 0; r < rows; ++r) {
        for (int v = 0; v < vectors; ++v) {
            float* to = walk.sums + r * walk.sums_step + v * W;
            simd::store(to, simd::load<W>(to) + sums[r][v]);
        }
    }
}

using WeightTile = void (*)(const Walk&);
template <int vectors, int W, int... counts>
constexpr auto all_tiles(std::integer_sequence<int, counts...>) {
    return std::array<WeightTile, sizeof...(counts)>{weight_tile<counts + 1, vectors, W>...};
}

// A width of tile in lanes of output channels: two vectors where there are that many channels, else one, of half the width for few.
struct Shape {
    int64_t lanes, rows;
    const WeightTile* tiles;
};
Shape shape_for(int64_t channels) {
    constexpr int W = simd::width, half = W > 4 ? W / 2 : 4;
    static constexpr auto two = all_tiles<2, W>(std::make_integer_sequence<int, W == 16 ? 8 : 4>());
    static constexpr auto one = all_tiles<1, W>(std::make_integer_sequence<int, most_taps>());
    static constexpr auto narrow = all_tiles<1, half>(std::make_integer_sequence<int, most_taps>());
    if (channels > W) return {2 * W, static_cast<int64_t>(two.size()), two.data()};
    if (channels > half) return {W, most_taps, one.data()};
    return {half, most_taps, narrow.data()};
}

struct Problem {
    const Conv2d& s;
    int64_t channels, outputs, depth, area;   // of one group: inputs, outputs, taps; positions of an image
    Shape shape;
    int64_t padded_outputs;                   // outputs rounded up to whole tiles

    explicit Problem(const Conv2d& sizes)
        : s(sizes),
          channels(s.in_channels / s.groups),
          outputs(s.out_channels / s.groups),
          depth(channels * s.kernel_height * s.kernel_width),
          area(s.out_height() * s.out_width()),
          shape(shape_for(outputs)),
          padded_outputs((outputs + shape.lanes - 1) / shape.lanes * shape.lanes) {}
};

// Adds the share of one image and group, for the tap tiles [first, last) of `tiles`, to sums [depth][padded outputs].
void add_image(const Problem& p, const float* x, const float* dy, int64_t first, int64_t last, int64_t tiles, float* sums) {
    static thread_local Scratch padded, gradients;
    const Conv2d& s = p.s;
    Patches patches(p.channels, {s.height, 1, s.padding_height, s.out_height(), s.stride_height, s.kernel_height, 0, s.dilation_height},
                    {s.width, 1, s.padding_width, s.out_width(), s.stride_width, s.kernel_width, 0, s.dilation_width});
    patches.fill(x, 0, s.out_height(), padded.floats(patches.scratch_size(s.out_height())));
    float* columns = gradients.floats(p.padded_outputs * p.area);
    for (int64_t o = 0; o < p.outputs; o += p.shape.lanes) {
        pack_transposed(std::min(p.shape.lanes, p.outputs - o), p.shape.lanes, p.area, dy + o * p.area, p.area, columns + o * p.area);
    }
    for (int64_t tile = first; tile < last; ++tile) {
        const int64_t tap = tile * p.depth / tiles, rows = (tile + 1) * p.depth / tiles - tap;
        Walk walk{s.out_height(), s.out_width(), patches.row_step(), patches.column_step(), {}, nullptr, nullptr, p.padded_outputs};
        int32_t offsets[most_taps];
        patches.tap_offsets(tap, rows, offsets);
        for (int64_t r = 0; r < rows; ++r) walk.taps[r] = patches.window(0, 0) + offsets[r];
        for (int64_t o = 0; o < p.outputs; o += p.shape.lanes) {
            walk.gradients = columns + o * p.area;
            walk.sums = sums + tap * p.padded_outputs + o;
            p.shape.tiles[rows - 1](walk);
        }
    }
}

// dw[o][tap] from the lanes' [tap][o], folded; `each` is from lane to lane.
void fold_lanes(const Problem& p, int64_t lanes, int64_t each, float* sums, float* dw) {
    for (int64_t half = lane_count / 2; half > 0; half /= 2) {
        for (int64_t l = 0; l < half && l + half < lanes; ++l) {
            float *to = sums + l * each, *from = sums + (l + half) * each;
            for (int64_t i = 0; i < each; ++i) to[i] += from[i];
        }
    }
    for (int64_t g = 0; g < p.s.groups; ++g) {
        for (int64_t o = 0; o < p.outputs; ++o) {
            for (int64_t k = 0; k < p.depth; ++k) *dw++ = sums[(g * p.depth + k) * p.padded_outputs + o];
        }
    }
}

}  // namespace

void conv2d_backward_weight(const Conv2d& s, const float* x, const float* dy, float* dw) {
    const int64_t count = s.out_channels * (s.in_channels / s.groups) * s.kernel_height * s.kernel_width;
    if (count == 0) return;
    const Problem p(s);
    if (s.batch * p.area == 0) {
        std::fill_n(dw, count, 0.0f);
        return;
    }
    static thread_local Scratch lane_sums;
    const int64_t lanes = std::min<int64_t>(lane_count, s.batch), each = s.groups * p.depth * p.padded_outputs;
    float* sums = lane_sums.floats(lanes * each);
    const bool serial = s.batch * p.area * count < serial_products || threads() == 1;
    const int64_t tiles = (p.depth + p.shape.rows - 1) / p.shape.rows;
    const int64_t parts = serial ? 1 : std::clamp<int64_t>(4 * threads() / (lanes * s.groups), 1, tiles);
    const int64_t items = lanes * s.groups * parts;
    parallel_for(items, serial ? items : 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t lane = i / (s.groups * parts), group = i / parts % s.groups, part = i % parts;
            const int64_t first = part * tiles / parts, last = (part + 1) * tiles / parts;
            const int64_t tap = first * p.depth / tiles, end_tap = last * p.depth / tiles;
            float* own = sums + lane * each + group * p.depth * p.padded_outputs;
            std::fill(own + tap * p.padded_outputs, own + end_tap * p.padded_outputs, 0.0f);
            for (int64_t n = lane; n < s.batch; n += lane_count) {
                add_image(p, x + (n * s.groups + group) * p.channels * s.height * s.width, dy + (n * s.groups + group) * p.outputs * p.area,
                          first, last, tiles, own);
            }
        }
    });
    fold_lanes(p, lanes, each, sums, dw);
}

void conv2d_backward_bias(const Conv2d& s, const float* dy, float* db) {
    std::vector<float> planes(static_cast<size_t>(s.batch * s.out_channels));
    sum_axis(s.batch * s.out_channels, s.out_height() * s.out_width(), 1, dy, planes.data());
    sum_axis(1, s.batch, s.out_channels, planes.data(), db);
}

}  // namespace trilens::kernels

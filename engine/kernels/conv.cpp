// Convolution forward, and backward to its input, as one correlation: the way back reads the gradients, spread by the stride and
// padded by what is left of the kernel, with the taps in reverse. The sums are gemm's: weights are rows, windows are columns.
#include "engine/kernels/conv.h"

#include <algorithm>
#include <vector>

#include "engine/kernels/gemm.h"
#include "engine/kernels/pack.h"
#include "engine/kernels/patches.h"
#include "engine/kernels/scratch.h"
#include "engine/kernels/tile.h"
#include "engine/parallel.h"

namespace trilens::kernels {
namespace {

constexpr int64_t block_depth = 1024;
constexpr int64_t strip_floats = 48 * 1024;      // of padded picture: what a second-level cache keeps beside the weights
constexpr int64_t serial_products = 1 << 16;

// y[n, g, o, window] = sum over k of weights[g, o, k] * patches[n, g][k, window] for groups of `rows` outputs each.
struct Correlation {
    int64_t batch, groups;
    int64_t channels, rows;   // of one group
    Axis down, across;

    int64_t depth() const { return channels * down.taps * across.taps; }
    int64_t windows() const { return down.out * across.out; }
};

// One run of at most tile_columns windows in one row of outputs, against all rows of weights. Tiles of weights lie one behind the
// other, the tile from row r on at r * depth, each [k][rows of the tile].
// `exact`: nothing may be written past the run; else what a whole tile writes there is written again by later runs.
template <class Steps>
void correlate_run(const Correlation& s, const float* weights, int64_t first, int64_t count, const float* columns, Steps steps,
                   int64_t width, bool exact, float* y) {
    const int64_t whole = width > narrow_columns ? tile_columns : narrow_columns;
    exact = exact && width != whole;
    for (int64_t r = 0; r < s.rows; r += tile_rows) {
        const int64_t height = std::min<int64_t>(tile_rows, s.rows - r);
        const Tile tile{height,   exact ? width : whole, count, weights + r * s.depth() + first * height, y + r * s.windows(), s.windows(),
                        first > 0};
        if (exact) multiply_edge(tile, columns, steps);
        else multiply_tile(tile, columns, steps);
    }
}

// The columns of windows that a stride sets apart.
[[gnu::noinline]] void pack_windows(int64_t width, int64_t stride, int64_t count, const float* window, const int32_t* offsets,
                                    float* columns) {
    for (int64_t k = 0; k < count; ++k) {
        for (int64_t j = 0; j < width; ++j) columns[k * tile_columns + j] = window[offsets[k] + j * stride];
    }
}

void correlate_strip(const Correlation& s, const float* weights, const float* picture, int64_t row, int64_t rows, float* y) {
    static thread_local Scratch padded, panel;
    static thread_local std::vector<int32_t> offsets;
    Patches patches(s.channels, s.down, s.across);
    patches.fill(picture, row, rows, padded.floats(patches.scratch_size(rows)));
    const int64_t depth = s.depth();
    offsets.resize(static_cast<size_t>(std::min(depth, block_depth)));
    for (int64_t first = 0; first == 0 || first < depth; first += block_depth) {   // once even for a depth of 0: empty sums are 0
        const int64_t count = std::min(block_depth, depth - first);
        patches.tap_offsets(first, count, offsets.data());
        for (int64_t i = 0; i < rows; ++i) {
            for (int64_t j = 0; j < s.across.out;) {
                const int64_t left = s.across.out - j;
                const int64_t width = std::min<int64_t>(left, left > narrow_columns ? tile_columns : narrow_columns);
                const bool exact = depth > block_depth || i * s.across.out + j + tile_columns > rows * s.across.out;
                float* out = y + (row + i) * s.across.out + j;
                if (s.across.stride == 1) {
                    correlate_run(s, weights, first, count, patches.window(i, j), offsets.data(), width, exact, out);
                } else {
                    float* columns = panel.floats(count * tile_columns);
                    pack_windows(width, s.across.stride, count, patches.window(i, j), offsets.data(), columns);
                    correlate_run(s, weights, first, count, columns, int64_t{tile_columns}, width, exact, out);
                }
                j += width;
            }
        }
    }
}

[[gnu::noinline]] void add_to_row(int64_t count, float value, float* row) {
    for (int64_t i = 0; i < count; ++i) row[i] += value;
}

// Shares out strips of output rows of each picture and group. `weights` holds the packed tiles of all groups.
void correlate(const Correlation& s, const float* weights, const float* bias, const float* x, float* y) {
    const int64_t pictures = s.batch * s.groups, products = pictures * s.rows * s.windows() * s.depth();
    const bool serial = products < serial_products || threads() == 1;
    const int64_t wanted = serial ? 1 : (4 * threads() + pictures - 1) / pictures;
    const int64_t row_floats = std::max<int64_t>(1, s.channels * s.across.padded(s.across.out) * s.down.stride);
    const int64_t rows = std::clamp<int64_t>(std::min((s.down.out + wanted - 1) / wanted, strip_floats / row_floats), 1, s.down.out);
    const int64_t strips = (s.down.out + rows - 1) / rows;
    parallel_for(pictures * strips, serial ? pictures * strips : 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t picture = i / strips, group = picture % s.groups, row = i % strips * rows;
            const int64_t count = std::min(rows, s.down.out - row);
            float* out = y + picture * s.rows * s.windows();
            correlate_strip(s, weights + group * s.rows * s.depth(), x + picture * s.channels * s.down.source * s.across.source, row, count,
                            out);
            for (int64_t r = 0; bias != nullptr && r < s.rows; ++r) {
                add_to_row(count * s.across.out, bias[group * s.rows + r], out + r * s.windows() + row * s.across.out);
            }
        }
    });
}

bool is_matrix_product(const Conv2d& s) {
    return s.kernel_height == 1 && s.kernel_width == 1 && s.stride_height == 1 && s.stride_width == 1 && s.padding_height == 0 &&
           s.padding_width == 0 && s.groups == 1;
}

Axis back_axis(int64_t size, int64_t out, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation) {
    const int64_t before = std::max<int64_t>(0, dilation * (kernel - 1) - padding);
    return {out, stride, before, size, 1, kernel, padding + before, -dilation};
}

}  // namespace

void conv2d_forward(const Conv2d& s, const float* x, const float* w, const float* bias, float* y) {
    const int64_t area = s.out_height() * s.out_width();
    if (is_matrix_product(s)) {
        Gemm product{s.out_channels, area, s.in_channels};
        product.row_bias = bias;
        return gemm(product, GemmBatch{s.batch, 0, s.in_channels * area, s.out_channels * area}, w, x, y);
    }
    if (s.batch * s.out_channels * area == 0) return;
    static thread_local Scratch packed;
    const Correlation problem{s.batch,
                              s.groups,
                              s.in_channels / s.groups,
                              s.out_channels / s.groups,
                              {s.height, 1, s.padding_height, s.out_height(), s.stride_height, s.kernel_height, 0, s.dilation_height},
                              {s.width, 1, s.padding_width, s.out_width(), s.stride_width, s.kernel_width, 0, s.dilation_width}};
    const int64_t depth = problem.depth();
    float* tiles = packed.floats(s.out_channels * depth);
    for (int64_t g = 0; g < s.groups; ++g) {
        for (int64_t r = 0; r < problem.rows; r += tile_rows) {
            const int64_t height = std::min<int64_t>(tile_rows, problem.rows - r), first = (g * problem.rows + r) * depth;
            pack_transposed(height, height, depth, w + first, depth, tiles + first);
        }
    }
    correlate(problem, tiles, bias, x, y);
}

void conv2d_backward_input(const Conv2d& s, const float* dy, const float* w, float* dx) {
    const int64_t area = s.height * s.width;
    if (is_matrix_product(s)) {
        return gemm({s.in_channels, area, s.out_channels, true, false}, GemmBatch{s.batch, 0, s.out_channels * area, s.in_channels * area},
                    w, dy, dx);
    }
    if (s.batch * s.in_channels * area == 0) return;
    static thread_local Scratch packed;
    const Correlation problem{s.batch,
                              s.groups,
                              s.out_channels / s.groups,
                              s.in_channels / s.groups,
                              back_axis(s.height, s.out_height(), s.kernel_height, s.stride_height, s.padding_height, s.dilation_height),
                              back_axis(s.width, s.out_width(), s.kernel_width, s.stride_width, s.padding_width, s.dilation_width)};
    const int64_t taps = s.kernel_height * s.kernel_width, depth = problem.depth();
    float* tiles = packed.floats(s.in_channels * depth);
    for (int64_t g = 0; g < s.groups; ++g) {
        for (int64_t r = 0; r < problem.rows; r += tile_rows) {
            const int64_t height = std::min<int64_t>(tile_rows, problem.rows - r);
            for (int64_t o = 0; o < problem.channels; ++o) {
                pack_transposed(height, height, taps, w + ((g * problem.channels + o) * problem.rows + r) * taps, taps,
                                tiles + (g * problem.rows + r) * depth + o * taps * height);
            }
        }
    }
    correlate(problem, tiles, nullptr, dy, dx);
}

}  // namespace trilens::kernels

// Goto and van de Geijn's loops around the register tile: blocks of K so that a panel of B stays in the first cache, B packed once
// and shared by all threads, A packed by whoever computes those rows. Between blocks of K the sums rest in C and are taken up again.
#include "engine/kernels/gemm.h"

#include <algorithm>
#include <utility>

#include "engine/kernels/pack.h"
#include "engine/kernels/scratch.h"
#include "engine/kernels/tile.h"
#include "engine/parallel.h"

namespace trilens::kernels {
namespace {

constexpr int64_t block_depth = 256;             // a panel of B: 16 KB on the web
constexpr int64_t block_rows = 96;               // with block_depth: 96 KB of A
constexpr int64_t block_columns = 1024;          // with block_depth: 1 MB of B
constexpr int64_t few_rows = 2 * tile_rows;      // up to so many a packed B would be used too seldom to pay
constexpr int64_t serial_products = 1 << 16;     // a product of fewer multiplications is not worth waking anybody

int64_t divided_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t rounded_up(int64_t a, int64_t b) { return divided_up(a, b) * b; }

// An operand as steps from one element to the next along the outer extent (m or n) and along k; one of the two is 1.
struct Operand {
    const float* data;
    int64_t outer_step, k_step;

    const float* at(int64_t outer, int64_t k) const { return data + outer * outer_step + k * k_step; }

    void pack(int64_t outer, int64_t count, int64_t width, int64_t k, int64_t depth, float* target) const {
        if (depth == 0) return;
        if (outer_step == 1) pack_straight(count, width, depth, at(outer, k), k_step, target);
        else pack_transposed(count, width, depth, at(outer, k), outer_step, target);
    }
};

struct Problem {
    int64_t m, n, k;
    Operand a, b;
    float* c;
    int64_t row_step, column_step;
    bool accumulate;
    const float *row_bias, *column_bias;

    // The transposed problem: the same sums, so the same bits.
    Problem transposed() const { return {n, m, k, b, a, c, column_step, row_step, accumulate, column_bias, row_bias}; }
};

// One block of K and of columns: B packed at `panels` (null: taken where it lies).
struct Block {
    int64_t k, depth, column, columns;
    const float* panels;
    bool from_c, last;
};

void add_bias(const Problem& p, int64_t row, int64_t rows, int64_t column, int64_t columns) {
    for (int64_t i = row; i < row + rows; ++i) {
        for (int64_t j = column; j < column + columns; ++j) {
            float& element = p.c[i * p.row_step + j * p.column_step];
            if (p.row_bias != nullptr) element += p.row_bias[i];
            if (p.column_bias != nullptr) element += p.column_bias[j];
        }
    }
}

// One tile of a C whose columns do not lie side by side: through a copy of it.
void multiply_turned(const Problem& p, Tile tile, int64_t row, int64_t column, const float* b, int64_t b_step) {
    alignas(64) float copy[tile_rows * tile_columns];
    const auto element = [&](int64_t r, int64_t j) -> float& { return p.c[(row + r) * p.row_step + (column + j) * p.column_step]; };
    for (int64_t r = 0; tile.from_c && r < tile.rows; ++r) {
        for (int64_t j = 0; j < tile.columns; ++j) copy[r * tile_columns + j] = element(r, j);
    }
    tile.c = copy;
    tile.c_step = tile_columns;
    multiply_edge(tile, b, b_step);
    for (int64_t r = 0; r < tile.rows; ++r) {
        for (int64_t j = 0; j < tile.columns; ++j) element(r, j) = copy[r * tile_columns + j];
    }
}

// One panel of columns against all packed rows.
void multiply_panel(const Problem& p, const Block& block, int64_t row, int64_t rows, const float* a, const float* b, int64_t b_step,
                    int64_t column, int64_t columns) {
    for (int64_t r = 0; r < rows; r += tile_rows) {
        const Tile tile{std::min<int64_t>(tile_rows, rows - r), columns,    block.depth, a + r * block.depth,
                        p.c + (row + r) * p.row_step + column,  p.row_step, block.from_c};
        if (p.column_step != 1) multiply_turned(p, tile, row + r, column, b, b_step);
        else if (columns == tile_columns) multiply_tile(tile, b, b_step);
        else multiply_edge(tile, b, b_step);
    }
}

// Rows [row, row + rows) and columns [first, last) of the block, counted in panels.
void multiply_rows(const Problem& p, const Block& block, int64_t row, int64_t rows, int64_t first, int64_t last) {
    static thread_local Scratch packed_rows, packed_panel;
    float* a = packed_rows.floats(rows * block.depth);
    for (int64_t r = 0; r < rows; r += tile_rows) {
        const int64_t height = std::min<int64_t>(tile_rows, rows - r);
        p.a.pack(row + r, height, height, block.k, block.depth, a + r * block.depth);
    }
    for (int64_t panel = first; panel < last; ++panel) {
        const int64_t column = block.column + panel * tile_columns;
        const int64_t columns = std::min<int64_t>(tile_columns, p.n - column);
        const float* b = nullptr;
        int64_t b_step = tile_columns;
        if (block.panels != nullptr) {
            b = block.panels + panel * tile_columns * block.depth;
        } else if (columns == tile_columns && p.b.outer_step == 1 && block.depth > 0) {
            b = p.b.at(column, block.k);
            b_step = p.b.k_step;
        } else {
            float* target = packed_panel.floats(tile_columns * block.depth);
            p.b.pack(column, columns, tile_columns, block.k, block.depth, target);
            b = target;
        }
        multiply_panel(p, block, row, rows, a, b, b_step, column, columns);
        if (block.last && (p.row_bias != nullptr || p.column_bias != nullptr)) add_bias(p, row, rows, column, columns);
    }
}

const float* pack_block(const Problem& p, const Block& block, float* target) {
    const int64_t panels = divided_up(block.columns, tile_columns), panel_size = tile_columns * block.depth;
    parallel_for(panels, std::max<int64_t>(1, 16384 / std::max<int64_t>(1, panel_size)), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t column = block.column + i * tile_columns;
            p.b.pack(column, std::min<int64_t>(tile_columns, p.n - column), tile_columns, block.k, block.depth, target + i * panel_size);
        }
    });
    return target;
}

// Shares the block out as a grid of (rows, panels), rows first: columns are cut only where there are too few rows for all threads.
void multiply_block(const Problem& p, const Block& block) {
    const int64_t panels = divided_up(block.columns, tile_columns);
    const bool serial = p.m * block.columns * block.depth < serial_products || threads() == 1;
    const int64_t wanted = serial ? 1 : 4 * threads();
    const int64_t rows = std::min(block_rows, rounded_up(divided_up(p.m, wanted), serial ? tile_rows : 4 * tile_rows));
    const int64_t row_blocks = divided_up(p.m, rows);
    const int64_t column_blocks = std::clamp<int64_t>(divided_up(wanted, row_blocks), 1, panels);
    const int64_t panels_each = divided_up(panels, column_blocks);
    parallel_for(row_blocks * column_blocks, serial ? row_blocks * column_blocks : 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
            const int64_t row = i / column_blocks * rows, first = i % column_blocks * panels_each;
            multiply_rows(p, block, row, std::min(rows, p.m - row), first, std::min(first + panels_each, panels));
        }
    });
}

void multiply(const Problem& p) {
    static thread_local Scratch packed_block;
    const bool pack = p.m > few_rows;
    for (int64_t column = 0; column < p.n; column += block_columns) {
        for (int64_t k = 0; k < std::max<int64_t>(p.k, 1); k += block_depth) {
            Block block{k,
                        std::clamp<int64_t>(p.k - k, 0, block_depth),
                        column,
                        std::min(block_columns, p.n - column),
                        nullptr,
                        p.accumulate || k > 0,
                        k + block_depth >= p.k};
            if (pack) block.panels = pack_block(p, block, packed_block.floats(rounded_up(block.columns, tile_columns) * block.depth));
            multiply_block(p, block);
        }
    }
}

}  // namespace

void gemm(const Gemm& sizes, const float* a, const float* b, float* c) {
    if (sizes.m <= 0 || sizes.n <= 0) return;
    const int64_t lda = sizes.lda != 0 ? sizes.lda : sizes.transpose_a ? sizes.m : sizes.k;
    const int64_t ldb = sizes.ldb != 0 ? sizes.ldb : sizes.transpose_b ? sizes.k : sizes.n;
    const int64_t ldc = sizes.ldc != 0 ? sizes.ldc : sizes.n;
    const Operand rows = sizes.transpose_a ? Operand{a, 1, lda} : Operand{a, lda, 1};
    const Operand columns = sizes.transpose_b ? Operand{b, ldb, 1} : Operand{b, 1, ldb};
    const Problem problem{sizes.m, sizes.n, sizes.k, rows, columns, c, ldc, 1, sizes.accumulate, sizes.row_bias, sizes.column_bias};
    // Vectors lie along n; where that wastes more lanes than along m, the transposed product is computed.
    const bool turn = sizes.m * rounded_up(sizes.n, tile_columns) > sizes.n * rounded_up(sizes.m, tile_columns) && sizes.n < tile_columns;
    multiply(turn ? problem.transposed() : problem);
}

void gemm(const Gemm& sizes, const GemmBatch& batch, const float* a, const float* b, float* c) {
    const auto one = [&](int64_t i) { gemm(sizes, a + i * batch.stride_a, b + i * batch.stride_b, c + i * batch.stride_c); };
    const int64_t products = std::max<int64_t>(1, sizes.m * sizes.n * sizes.k);
    if (batch.count < 2 * threads() && products > serial_products) {
        for (int64_t i = 0; i < batch.count; ++i) one(i);
        return;
    }
    parallel_for(batch.count, std::max<int64_t>(1, serial_products / products), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) one(i);
    });
}

}  // namespace trilens::kernels

// Filling the padded strip, and packing panels from it: whole vectors where windows lie side by side, single values where they do not.
#include "engine/kernels/patches.h"

#include <algorithm>
#include <cstring>

#include "engine/simd.h"

namespace trilens::kernels {
namespace {

// Windows that lie side by side in one row of outputs: lanes from `lane` on read from `offset` on.
struct Run {
    int64_t lane, offset;
};

// One tap for all lanes: each run copies a whole panel row, and the next overwrites what it does not own. The last run may write
// past its row, into the next tap's row, which follows; the panel has room for that at its end.
inline void copy_runs(const Run* runs, int64_t count, const float* source, float* target) {
    for (int64_t i = 0; i < count; ++i) {
        for (int v = 0; v < tile_vectors; ++v) {
            simd::store(target + runs[i].lane + v * simd::width, simd::load(source + runs[i].offset + v * simd::width));
        }
    }
}

[[gnu::noinline]] void pack_single_run(const float* source, int64_t taps, int64_t tap_step, float* target) {
    for (int64_t t = 0; t < taps; ++t) {
        for (int v = 0; v < tile_vectors; ++v) simd::store(target + v * simd::width, simd::load(source + v * simd::width));
        source += tap_step;
        target += tile_columns;
    }
}

}  // namespace

int64_t Patches::scratch_size(int64_t rows) const {
    return channels_ * down_.padded(rows) * across_.padded(across_.out) + tile_columns;   // vectors may read past the last row
}

void Patches::fill(const float* picture, int64_t row, int64_t rows, float* scratch) {
    const int64_t height = down_.padded(rows);
    pitch_ = across_.padded(across_.out);
    plane_ = height * pitch_;
    scratch_ = scratch;
    const int64_t columns = std::clamp<int64_t>((pitch_ - across_.before + across_.spread - 1) / across_.spread, 0, across_.source);
    for (int64_t c = 0; c < channels_; ++c) {
        for (int64_t i = 0; i < height; ++i) {
            float* target = scratch + c * plane_ + i * pitch_;
            const int64_t spread_row = row * down_.stride + i - down_.before;
            const int64_t y = spread_row / down_.spread;
            if (spread_row < 0 || spread_row % down_.spread != 0 || y >= down_.source) {
                std::fill_n(target, pitch_, 0.0f);
                continue;
            }
            const float* source = picture + (c * down_.source + y) * across_.source;
            if (across_.spread == 1) {
                std::fill_n(target, std::min(across_.before, pitch_), 0.0f);
                std::copy_n(source, columns, target + across_.before);
                for (int64_t x = across_.before + columns; x < pitch_; ++x) target[x] = 0;
            } else {
                std::fill_n(target, pitch_, 0.0f);
                for (int64_t x = 0; x < columns; ++x) target[across_.before + x * across_.spread] = source[x];
            }
        }
    }
    std::fill_n(scratch + channels_ * plane_, tile_columns, 0.0f);
}

void Patches::pack(int64_t window, int64_t count, int64_t first, int64_t last, float* target) const {
    Run runs[tile_columns];
    int64_t run_count = 0;
    const bool adjacent = across_.stride == 1;
    for (int64_t lane = 0; lane < count;) {
        const int64_t i = (window + lane) / across_.out, j = (window + lane) % across_.out;
        runs[run_count++] = {lane, i * row_step() + j * across_.stride};
        lane += adjacent ? across_.out - j : 1;
    }
    const int64_t across_taps = across_.taps, area = down_.taps * across_taps;
    for (int64_t k = first; k < last;) {
        const int64_t n = k % across_taps, taps = std::min(across_taps - n, last - k);
        const float* source = scratch_ + k / area * plane_ + down_.tap(k % area / across_taps) * pitch_ + across_.tap(n);
        if (adjacent && run_count == 1) {
            pack_single_run(source + runs[0].offset, taps, across_.tap_step, target);
        } else {
            for (int64_t t = 0; t < taps; ++t) {
                float* row = target + t * tile_columns;
                if (adjacent) copy_runs(runs, run_count, source + t * across_.tap_step, row);
                else for (int64_t lane = 0; lane < count; ++lane) row[lane] = source[t * across_.tap_step + runs[lane].offset];
            }
        }
        k += taps;
        target += taps * tile_columns;
    }
}

const float* Patches::tap(int64_t k) const {
    const int64_t area = down_.taps * across_.taps;
    return scratch_ + k / area * plane_ + down_.tap(k % area / across_.taps) * pitch_ + across_.tap(k % across_.taps);
}

}  // namespace trilens::kernels

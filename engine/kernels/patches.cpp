// Filling the padded strip: each row of it is zeros, a row of the picture (spread by zeros on the way back through a stride), zeros.
#include "engine/kernels/patches.h"

#include <algorithm>

#include "engine/kernels/tile.h"

namespace trilens::kernels {

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

void Patches::tap_offsets(int64_t first, int64_t count, int32_t* offsets) const {
    int64_t n = first % across_.taps, m = first / across_.taps % down_.taps, c = first / across_.taps / down_.taps;
    for (int64_t i = 0; i < count; ++i) {
        offsets[i] = static_cast<int32_t>(c * plane_ + down_.tap(m) * pitch_ + across_.tap(n));
        if (++n < across_.taps) continue;
        n = 0;
        if (++m < down_.taps) continue;
        m = 0;
        ++c;
    }
}

}  // namespace trilens::kernels

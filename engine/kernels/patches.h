// The picture under a convolution as matrix columns that are never written out (im2col: Chellapilla, Puri, Simard 2006). A strip of
// rows of the picture is copied with its padding once; then every window starts at one address, every tap of the kernel is one
// distance from it, and side by side windows are side by side values.
#pragma once

#include <cstdint>

namespace trilens::kernels {

// Along one axis of a correlation: out[i] = sum over taps t of padded[i * stride + tap(t)] * kernel[t], where
// padded[before + s * spread] = source[s] and 0 elsewhere.
struct Axis {
    int64_t source = 1;              // extent of the picture
    int64_t spread = 1, before = 0;  // zeros between its elements (spread - 1) and in front of it
    int64_t out = 1, stride = 1;
    int64_t taps = 1, first_tap = 0, tap_step = 1;

    int64_t tap(int64_t t) const { return first_tap + t * tap_step; }
    int64_t reach() const { return (tap_step > 0 ? tap(taps - 1) : first_tap) + 1; }       // of one window
    int64_t padded(int64_t outs) const { return outs > 0 ? (outs - 1) * stride + reach() : 0; }   // of so many windows
};

// Of one picture with `channels` planes: the windows whose output rows are [row, row + rows).
class Patches {
public:
    Patches(int64_t channels, const Axis& down, const Axis& across) : channels_(channels), down_(down), across_(across) {}

    int64_t depth() const { return channels_ * down_.taps * across_.taps; }
    int64_t scratch_size(int64_t rows) const;                                            // floats that fill() needs
    void fill(const float* picture, int64_t row, int64_t rows, float* scratch);          // scratch stays in use
    // Distances of the taps [first, first + count), in the order channel, kernel row, kernel column, from the start of a window.
    void tap_offsets(int64_t first, int64_t count, int32_t* offsets) const;
    // Where the window of output (row, column) starts; rows count from the first one filled.
    const float* window(int64_t row, int64_t column) const { return scratch_ + row * row_step() + column * column_step(); }
    int64_t row_step() const { return down_.stride * pitch_; }
    int64_t column_step() const { return across_.stride; }  // at 1, the windows of a row are columns side by side: nothing needs packing

private:
    int64_t channels_;
    Axis down_, across_;
    int64_t pitch_ = 0, plane_ = 0;  // from row to row and from channel to channel in scratch
    const float* scratch_ = nullptr;
};

}  // namespace trilens::kernels

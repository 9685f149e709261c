// Pictures of any size to the size a network reads, by the area filter: every target pixel is the mean of the source over its own
// rectangle. It needs no choice of sharpness, keeps constants and means exactly, and is the same code, hence the same bits, in every
// browser, whose own scalers differ. Values are those stored in the file (sRGB), as networks are trained on.
#pragma once

#include <cstdint>
#include <span>

#include "engine/tensor.h"

namespace trilens {

inline constexpr int64_t most_pixels = 24'000'000;  // of an uploaded picture; the page learns it from Api::info()

// A rectangle of the source in pixels; edges may lie between pixels and outside the picture, where everything is 0.
struct Region {
    double left = 0, top = 0, width = 0, height = 0;
};

struct PictureSize {
    int64_t width = 0, height = 0;
};

// The largest size of the same aspect whose longer side is at most `longest`; never larger than the picture, never less than 1 x 1.
PictureSize fit_within(PictureSize picture, int64_t longest);

// picture [1, C, H, W] -> [1, C, height, width], of the whole picture or of a region. Throw ShapeError for another shape or an empty
// picture, ValueError for a size below 1 or a region without area.
Tensor resample(const Tensor& picture, int64_t height, int64_t width);
Tensor resample(const Tensor& picture, const Region& region, int64_t height, int64_t width);

enum class Channels {
    grey,
    rgb,
};

// RGBA bytes, row by row as a browser's ImageData, -> [1, 1, height, width] or [1, 3, height, width] in [0, 1]: transparency over white,
// grey by Rec. 601 (0.299 R + 0.587 G + 0.114 B). Needs one row of memory beside the result. Throws ValueError for no or more than 24
// million pixels, for a span that does not have 4 bytes for each, or a target size below 1.
Tensor resample_rgba(std::span<const uint8_t> rgba, PictureSize size, Channels channels, int64_t height, int64_t width);

}  // namespace trilens

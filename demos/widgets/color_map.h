// Colour maps: viridis, magma and cividis (Smith, van der Walt, Nunez: perceptually uniform), grey, and a diverging
// blue-white-red one for signed values (after Moreland 2009). Sampled control points, linear between them.
#pragma once

#include <cstdint>

namespace trilens {

enum class ColorMap { viridis, magma, cividis, grey, diverging };

// The colour for t in [0, 1] (clamped; NaN gives the map's bad-value colour, magenta) as 0xAABBGGRR, like ImU32.
uint32_t map_color(ColorMap map, float t);

// The values that the ends of a colour scale stand for.
struct ColorScale {
    ColorMap map = ColorMap::viridis;
    float low = 0, high = 1;

    // From the least to the greatest of the values; a diverging map is centred on 0. Equal values give a range of width 1.
    static ColorScale of(ColorMap map, const float* values, int64_t count);
    uint32_t color(float value) const;
};

}  // namespace trilens

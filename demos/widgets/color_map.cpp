// Colour maps as control points, linear between them. The points of viridis, magma (Smith and van der Walt 2015) and cividis
// (Nunez et al. 2018) are entries of the published 256-entry tables (CC0), chosen so that no entry is missed by more than 1.3 of 255.
#include "demos/widgets/color_map.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace trilens {

namespace {

// Each point is 0xIIRRGGBB: the entry I of the published table, and its colour.
constexpr uint32_t viridis[] = {
    0x00440154, 0x12481b6d, 0x2346307e, 0x35404688, 0x4d34608d, 0x7f21908d, 0x8d1e9d89, 0x9922a884,
    0xa62fb47c, 0xb446c06f, 0xc365cb5e, 0xd590d743, 0xeac8e020, 0xf2dde318, 0xf9efe51c, 0xfffde725,
};

constexpr uint32_t magma[] = {
    0x00000004, 0x0703030f, 0x140e0b2b, 0x2220114b, 0x2d311165, 0x36400f74, 0x4254137d, 0x54701f81, 0x69912b81,
    0x81b83779, 0x93d5446d, 0x9fe55064, 0xaaf1605d, 0xb9f97b5d, 0xc5fd9266, 0xd5feb078, 0xecfdda9c, 0xfffcfdbf,
};

constexpr uint32_t cividis[] = {
    0x0000224e, 0x10002e6a, 0x14003070, 0x17013271, 0x1c123570, 0x25233c6e, 0x3335456c, 0x56585e6d, 0x77757575,
    0x817e7c78, 0x98938e78, 0xb7b3a670, 0xcfccba64, 0xe5e4ce53, 0xf4f5dc41, 0xfbfde334, 0xfffee838,
};

constexpr uint32_t grey[] = {0x00000000, 0xffffffff};

// Moreland's cool to warm has a grey middle; ours is white, so that 0 reads as "nothing". 128 of 255 stands for 0.
constexpr uint32_t diverging[] = {0x0016326e, 0x20215cb5, 0x48639fd8, 0x68b4d3ec, 0x80f7f7f7,
                                  0x98f6cdb5, 0xb8e4876b, 0xe0be2f3b, 0xff7a0f23};

constexpr uint32_t bad_value = 0xffff00ff;

std::span<const uint32_t> points(ColorMap map) {
    switch (map) {
    case ColorMap::viridis: return viridis;
    case ColorMap::magma: return magma;
    case ColorMap::cividis: return cividis;
    case ColorMap::grey: return grey;
    case ColorMap::diverging: break;
    }
    return diverging;
}

}  // namespace

uint32_t map_color(ColorMap map, float t) {
    if (std::isnan(t)) return bad_value;
    const std::span<const uint32_t> table = points(map);
    const float at = std::clamp(t, 0.0f, 1.0f) * 255;
    size_t next = 1;
    while (next + 1 < table.size() && at > static_cast<float>(table[next] >> 24)) ++next;
    const uint32_t a = table[next - 1], b = table[next];
    const float from = static_cast<float>(a >> 24), to = static_cast<float>(b >> 24), weight = (at - from) / (to - from);
    uint32_t color = 0xff000000;
    for (int shift = 0; shift <= 16; shift += 8) {
        const float low = static_cast<float>(a >> shift & 255), high = static_cast<float>(b >> shift & 255);
        color |= static_cast<uint32_t>(low + (high - low) * weight + 0.5f) << (16 - shift);
    }
    return color;
}

ColorScale ColorScale::of(ColorMap map, const float* values, int64_t count) {
    float low = INFINITY, high = -INFINITY;
    for (int64_t i = 0; i < count; ++i) {
        if (!std::isfinite(values[i])) continue;
        low = std::min(low, values[i]);
        high = std::max(high, values[i]);
    }
    if (!(low <= high)) low = high = 0;
    if (map == ColorMap::diverging) {
        high = std::max(std::fabs(low), std::fabs(high));
        low = -high;
    }
    if (low == high) {
        if (map == ColorMap::diverging) low -= 0.5f;
        high = low + 1;
    }
    return {map, low, high};
}

uint32_t ColorScale::color(float value) const { return map_color(map, (value - low) / (high - low)); }

}  // namespace trilens

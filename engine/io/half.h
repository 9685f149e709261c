// Sixteen-bit floats widened to float32: exact, for every bit pattern. IEEE 754-2019 binary16, and bfloat16, the upper half of a float32.
#pragma once

#include <bit>
#include <cstdint>

namespace trilens {

inline float from_bfloat16(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

inline float from_float16(uint16_t bits) {
    const uint32_t sign = static_cast<uint32_t>(bits & 0x8000u) << 16;
    const uint32_t exponent = (bits >> 10) & 31u, fraction = bits & 1023u;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
    if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;   // zero or subnormal
    return sign ? -magnitude : magnitude;
}

}  // namespace trilens

// The weights that are shipped: the bytes of demos/assets/*.safetensors, built into the program.
#pragma once

#include <cstdint>
#include <span>

namespace trilens {

std::span<const uint8_t> digits_weights();
std::span<const uint8_t> waves_weights();

}  // namespace trilens

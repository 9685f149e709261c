// The weights of the digits network as shipped: the bytes of demos/assets/digits.safetensors, built into the program.
#pragma once

#include <cstdint>
#include <span>

namespace trilens {

std::span<const uint8_t> digits_weights();

}  // namespace trilens

// Weights of the shipped networks: built into native programs, on the web a file each beside the program, handed over by the page before it
// starts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trilens {

// The bytes of demos/assets/NAME.safetensors; they stay where they are. Throws FormatError, a sentence for the learner, where the page did
// not get them.
std::span<const uint8_t> weights(std::string_view name);
bool has_weights(std::string_view name);

// Weights that were downloaded; a name given again replaces nothing.
void give_weights(std::string name, std::vector<uint8_t> bytes);

}  // namespace trilens

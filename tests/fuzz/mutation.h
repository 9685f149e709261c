// Mutations of a valid file: what damaged downloads, other programs and ill will make of it.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/random.h"

namespace trilens::fuzz {

using Bytes = std::vector<uint8_t>;

// One to four changes anywhere: bits, bytes, pieces cut out, doubled or moved, the end cut or grown.
Bytes mutate(Bytes file, Random& random);

// The same for safetensors, mostly in the header, as JSON: numbers, types, names, brackets; its length then mended or left wrong.
Bytes mutate_safetensors(Bytes file, Random& random);

}  // namespace trilens::fuzz

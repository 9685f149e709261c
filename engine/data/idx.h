// idx: the format of MNIST. Two zero bytes, the type, the number of axes, each extent as a big-endian 32-bit number, then the values.
// LeCun, Cortes, Burges: "The MNIST database of handwritten digits". Only unsigned bytes (type 8), which is what digit sets use.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor.h"

namespace trilens {

// A view of the bytes it was read from.
struct IdxArray {
    Shape shape;
    std::span<const uint8_t> values;
};

// Throws FormatError for anything but a whole file of unsigned bytes with 1 to 6 axes; the message says what was found.
IdxArray read_idx(std::span<const uint8_t> bytes);

}  // namespace trilens

// The door for files of weights: knows the formats and hands out named tensors, whatever the file was. A format is a reader in this folder
// and a row of the table in weight_formats.cpp; rooms and the page learn of it from here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/io/safetensors.h"

namespace trilens {

struct WeightFormat {
    std::string_view ending;  // of its files' names, in small letters and without the dot
    bool (*recognises)(std::span<const uint8_t> bytes);  // by how the file begins: names may be wrong or lost
    WeightFile (*read)(std::span<const uint8_t> bytes);  // throws FormatError saying what is wrong and where
};

std::span<const WeightFormat> weight_formats();

// Reads by the first format that recognises the bytes, else by the one whose ending the name has, else by the first: its reader then says
// what is wrong. Throws FormatError.
WeightFile read_weight_file(std::span<const uint8_t> bytes, std::string_view filename,
                            std::span<const WeightFormat> formats = weight_formats());

}  // namespace trilens

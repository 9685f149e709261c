// safetensors: a file of named tensors. 8 bytes header length, a JSON header, then the values, all little-endian.
// Format: github.com/huggingface/safetensors, "Format" of its README. Every offset is checked before it is used: the file is
// whatever somebody dropped on the page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor.h"

namespace trilens {

struct WeightFile {
    std::map<std::string, Tensor> tensors;
    std::map<std::string, std::string> metadata;   // `__metadata__`
    std::map<std::string, std::string> unread;  // tensors of a type that no network here computes with (I64 counters, ...): name to dtype
};

inline constexpr size_t most_safetensors_header = 1000000;  // bytes; the reference allows 100 MB, no network here comes near

// Reads F32, F16 and BF16, the latter two widened to float32. Data may lie at any address. Throws FormatError saying what is wrong and
// where:
// a header that is too long, not JSON, not UTF-8 or names a tensor twice; offsets outside the file, that overlap or leave holes; a length
// that is not shape times dtype; a shape of more than 6 axes or 2^31 elements.
WeightFile read_safetensors(std::span<const uint8_t> bytes);

// Whether a file begins as one of this format: the length of a header that it can hold, and the brace that opens it. Reads nothing more.
bool is_safetensors(std::span<const uint8_t> bytes);

// How values are written: float16 halves the file and rounds to 11 significant bits (Inf and NaN as they are, beyond 65504 infinity).
enum class Storage { float32, float16 };

// Names sorted, header padded by spaces to 8 bytes: equal bytes for equal contents. Writes no `unread`. Throws ValueError for a name
// or metadata that is not UTF-8, a tensor called "__metadata__" or a header over the limit.
std::vector<uint8_t> write_safetensors(const WeightFile& file, Storage storage = Storage::float32);

}  // namespace trilens

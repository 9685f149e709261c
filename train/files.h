// Files, which the engine knows nothing of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace trilens {

// The bytes of a file; of `path`.gz, decompressed, if `path` itself is not there. Throws FormatError for a damaged or missing file.
std::vector<uint8_t> read_file(const std::filesystem::path& path);
// Replaces the file as a whole. Throws FormatError if it cannot be written.
void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes);

}  // namespace trilens

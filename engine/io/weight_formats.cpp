// The table of formats, and the choice of one for a file.
#include "engine/io/weight_formats.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace trilens {

namespace {

constexpr WeightFormat formats_here[] = {
    {"safetensors", is_safetensors, read_safetensors},
};

bool has_ending(std::string_view filename, std::string_view ending) {
    if (filename.size() <= ending.size() || filename[filename.size() - ending.size() - 1] != '.') return false;
    return std::equal(ending.begin(), ending.end(), filename.end() - std::ssize(ending),
                      [](char small, char any) { return small == std::tolower(static_cast<unsigned char>(any)); });
}

}  // namespace

std::span<const WeightFormat> weight_formats() { return formats_here; }

WeightFile read_weight_file(std::span<const uint8_t> bytes, std::string_view filename, std::span<const WeightFormat> formats) {
    auto format = std::ranges::find_if(formats, [&](const WeightFormat& each) { return each.recognises(bytes); });
    if (format == formats.end())
        format = std::ranges::find_if(formats, [&](const WeightFormat& each) { return has_ending(filename, each.ending); });
    return (format == formats.end() ? formats.front() : *format).read(bytes);
}

}  // namespace trilens

// Reading idx files.
#include "engine/data/idx.h"

#include <string>

namespace trilens {
namespace {

constexpr uint8_t unsigned_bytes = 8;

[[noreturn]] void refuse(const std::string& what) { throw FormatError("idx: " + what); }

}  // namespace

IdxArray read_idx(std::span<const uint8_t> bytes) {
    if (bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b) refuse("the file is still compressed (gzip)");
    if (bytes.size() < 4 || bytes[0] != 0 || bytes[1] != 0)
        refuse("the file does not begin with two zero bytes, a type and a number of axes");
    if (bytes[2] != unsigned_bytes) refuse("values of type " + std::to_string(bytes[2]) + ", expected 8 (unsigned bytes)");
    const size_t axes = bytes[3];
    if (axes < 1 || axes > Shape::max_rank) refuse(std::to_string(axes) + " axes, expected 1 to " + std::to_string(Shape::max_rank));
    const size_t header = 4 + 4 * axes;
    if (bytes.size() < header)
        refuse("the file ends in its header, after " + std::to_string(bytes.size()) + " bytes of " + std::to_string(header));

    std::vector<int64_t> extents;
    for (size_t at = 4; at < header; at += 4)
        extents.push_back(static_cast<int64_t>(bytes[at]) << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]);
    Shape shape;
    try {
        shape = Shape(std::span<const int64_t>(extents));
    } catch (const ShapeError& error) {
        refuse(error.what());
    }
    const auto values = bytes.subspan(header);
    if (static_cast<uint64_t>(shape.elements()) != values.size())
        refuse("shape " + shape.text() + " needs " + std::to_string(shape.elements()) + " values, the file has " +
               std::to_string(values.size()));
    return {shape, values};
}

}  // namespace trilens

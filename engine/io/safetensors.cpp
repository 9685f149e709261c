// Reading and writing safetensors. The header is checked as a whole before any value is touched.
#include "engine/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "engine/io/half.h"

namespace trilens {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian, and so is every machine this runs on");

constexpr size_t length_bytes = 8;
constexpr const char* metadata_name = "__metadata__";

struct Entry {
    std::string name, dtype;
    std::vector<int64_t> shape;
    uint64_t begin = 0, end = 0;   // within the data
};

[[noreturn]] void refuse(const std::string& what) { throw FormatError("safetensors: " + what); }

// Bytes of one element, or 0 for a type that the format does not know.
uint64_t bytes_of(const std::string& dtype) {
    using Names = std::set<std::string_view>;
    if (Names{"BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3"}.contains(dtype)) return 1;
    if (Names{"U16", "I16", "F16", "BF16"}.contains(dtype)) return 2;
    if (Names{"U32", "I32", "F32"}.contains(dtype)) return 4;
    return Names{"U64", "I64", "F64"}.contains(dtype) ? 8 : 0;
}

// A name for a message: short, whatever the file calls its tensors.
std::string in_quotes(const std::string& name) { return "'" + (name.size() <= 80 ? name : name.substr(0, 80) + "...") + "'"; }

// nlohmann::json keeps the last of two equal keys; the format forbids them, so they are looked for while parsing. Depth 1 are names,
// 2 the fields of a tensor, 3 a shape.
json parse_header(std::span<const uint8_t> text) {
    std::set<std::string> names, fields;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
        if (depth > 3) refuse("the header is nested deeper than a tensor's shape");
        if (event == json::parse_event_t::object_start) (depth == 0 ? names : fields).clear();
        if (event == json::parse_event_t::key && !(depth == 1 ? names : fields).insert(parsed.get<std::string>()).second)
            refuse("the header names " + in_quotes(parsed.get<std::string>()) + " twice");
        return true;
    };
    try {
        return json::parse(text.begin(), text.end(), watch);
    } catch (const json::exception& error) {
        refuse(std::string("the header is not JSON: ") + error.what());
    }
}

uint64_t whole_number(const json& value, const std::string& what) {
    if (!value.is_number_unsigned()) refuse(what + " is " + value.dump().substr(0, 40) + ", expected a whole number");
    return value.get<uint64_t>();
}

const json& field(const json& tensor, const char* key, const std::string& name) {
    const auto found = tensor.find(key);
    if (found == tensor.end()) refuse("tensor " + name + " has no " + key);
    return *found;
}

Entry parse_entry(const std::string& key, const json& tensor) {
    const std::string name = in_quotes(key);
    if (!tensor.is_object()) refuse("tensor " + name + " is described by " + tensor.type_name() + ", expected an object");
    Entry entry;
    entry.name = key;
    const json& dtype = field(tensor, "dtype", name);
    if (!dtype.is_string()) refuse("the dtype of " + name + " is not a string");
    entry.dtype = dtype.get<std::string>();
    const uint64_t element = bytes_of(entry.dtype);
    if (element == 0) refuse("tensor " + name + " has the unknown dtype " + in_quotes(entry.dtype));

    const json& shape = field(tensor, "shape", name);
    if (!shape.is_array()) refuse("the shape of " + name + " is not a list");
    uint64_t length = element;
    for (const json& extent : shape) {
        const uint64_t count = whole_number(extent, "an extent of " + name);
        if (count > uint64_t{1} << 31 || (count != 0 && length > std::numeric_limits<uint64_t>::max() / count))
            refuse("the shape of " + name + " overflows: " + shape.dump().substr(0, 80));
        length *= count;
        entry.shape.push_back(static_cast<int64_t>(count));
    }

    const json& offsets = field(tensor, "data_offsets", name);
    if (!offsets.is_array() || offsets.size() != 2) refuse("data_offsets of " + name + " is not a pair");
    entry.begin = whole_number(offsets[0], "the begin of " + name);
    entry.end = whole_number(offsets[1], "the end of " + name);
    if (entry.begin > entry.end)
        refuse("tensor " + name + " begins at " + std::to_string(entry.begin) + ", after its end at " + std::to_string(entry.end));
    if (entry.end - entry.begin != length)
        refuse("tensor " + name + " takes " + std::to_string(entry.end - entry.begin) + " bytes, but " + entry.dtype + " " +
               shape.dump().substr(0, 80) + " needs " + std::to_string(length));
    return entry;
}

// Every byte of the data belongs to exactly one tensor, as the reference demands.
void check_layout(std::vector<Entry>& entries, uint64_t data_size) {
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    uint64_t expected = 0;
    for (const Entry& entry : entries) {
        if (entry.end > data_size)
            refuse("tensor " + in_quotes(entry.name) + " ends at byte " + std::to_string(entry.end) + " of " + std::to_string(data_size));
        if (entry.begin != expected)
            refuse("tensor " + in_quotes(entry.name) + " begins at byte " + std::to_string(entry.begin) + ", " +
                   (entry.begin < expected ? "overlapping the one" : "leaving a hole after the one") + " that ends at " +
                   std::to_string(expected));
        expected = entry.end;
    }
    if (expected != data_size) refuse("the tensors end at byte " + std::to_string(expected) + ", the data at " + std::to_string(data_size));
}

Tensor read_values(const Entry& entry, std::span<const uint8_t> data) {
    Shape shape;
    try {
        shape = Shape(std::span<const int64_t>(entry.shape));
    } catch (const ShapeError& error) {
        refuse("tensor " + in_quotes(entry.name) + ": " + error.what());
    }
    Tensor tensor = Tensor::uninitialized(shape);
    if (tensor.empty()) return tensor;
    const uint8_t* from = data.data() + entry.begin;
    if (entry.dtype == "F32") {
        std::memcpy(tensor.data(), from, static_cast<size_t>(tensor.elements()) * sizeof(float));
        return tensor;
    }
    const bool brain = entry.dtype == "BF16";
    for (float& value : tensor.values()) {
        uint16_t bits;
        std::memcpy(&bits, from, sizeof bits);
        from += sizeof bits;
        value = brain ? from_bfloat16(bits) : from_float16(bits);
    }
    return tensor;
}

// Returns where the next tensor begins.
uint8_t* write_values(const Tensor& tensor, bool half, uint8_t* to) {
    if (!half) {
        const size_t size = static_cast<size_t>(tensor.elements()) * sizeof(float);
        if (size) std::memcpy(to, tensor.data(), size);
        return to + size;
    }
    for (const float value : tensor.values()) {
        const uint16_t bits = to_float16(value);
        std::memcpy(to, &bits, sizeof bits);
        to += sizeof bits;
    }
    return to;
}

std::map<std::string, std::string> read_metadata(const json& value) {
    if (!value.is_object()) refuse("__metadata__ is not an object");
    std::map<std::string, std::string> metadata;
    for (const auto& [key, text] : value.items()) {
        if (!text.is_string()) refuse("__metadata__ " + in_quotes(key) + " is not a string");
        metadata.emplace(key, text.get<std::string>());
    }
    return metadata;
}

uint64_t header_length(std::span<const uint8_t> bytes) {
    uint64_t length;
    std::memcpy(&length, bytes.data(), length_bytes);
    return length;
}

}  // namespace

bool is_safetensors(std::span<const uint8_t> bytes) {
    return bytes.size() > length_bytes && header_length(bytes) <= most_safetensors_header && bytes[length_bytes] == '{';
}

WeightFile read_safetensors(std::span<const uint8_t> bytes) {
    if (bytes.size() < length_bytes) refuse("the file has " + std::to_string(bytes.size()) + " bytes, too few for the length of a header");
    const uint64_t header_size = header_length(bytes);
    if (header_size > most_safetensors_header)
        refuse("the header claims " + std::to_string(header_size) + " bytes, at most " + std::to_string(most_safetensors_header) +
               " are read");
    if (header_size > bytes.size() - length_bytes)
        refuse("the header claims " + std::to_string(header_size) + " bytes of a file of " + std::to_string(bytes.size()));
    const auto header = bytes.subspan(length_bytes, static_cast<size_t>(header_size));
    const auto data = bytes.subspan(length_bytes + static_cast<size_t>(header_size));
    if (header.empty() || header[0] != '{') refuse("the header does not begin with {");

    WeightFile file;
    std::vector<Entry> entries;
    const json parsed = parse_header(header);
    for (const auto& [name, value] : parsed.items()) {
        if (name == metadata_name) {
            file.metadata = read_metadata(value);
        } else {
            entries.push_back(parse_entry(name, value));
        }
    }
    check_layout(entries, data.size());
    for (const Entry& entry : entries) {
        if (entry.dtype == "F32" || entry.dtype == "F16" || entry.dtype == "BF16") {
            file.tensors.emplace(entry.name, read_values(entry, data));
        } else {
            file.unread.emplace(entry.name, entry.dtype);
        }
    }
    return file;
}

std::vector<uint8_t> write_safetensors(const WeightFile& file, Storage storage) {
    const bool half = storage == Storage::float16;
    json header = json::object();
    if (!file.metadata.empty()) header[metadata_name] = file.metadata;
    uint64_t end = 0;
    for (const auto& [name, tensor] : file.tensors) {
        if (name == metadata_name) throw ValueError("safetensors: a tensor cannot be called __metadata__");
        const uint64_t begin = end;
        end += static_cast<uint64_t>(tensor.elements()) * (half ? sizeof(uint16_t) : sizeof(float));
        const auto extents = tensor.shape().extents();
        header[name] = {{"dtype", half ? "F16" : "F32"},
                        {"shape", std::vector<int64_t>(extents.begin(), extents.end())},
                        {"data_offsets", {begin, end}}};
    }
    std::string text;
    try {
        text = header.dump();
    } catch (const json::exception& error) {
        throw ValueError(std::string("safetensors: a name or metadata is not UTF-8: ") + error.what());
    }
    text.resize((text.size() + 7) / 8 * 8, ' ');
    if (text.size() > most_safetensors_header)
        throw ValueError("safetensors: the header takes " + std::to_string(text.size()) + " bytes, at most " +
                         std::to_string(most_safetensors_header));

    const uint64_t header_size = text.size();
    std::vector<uint8_t> bytes(length_bytes + text.size() + static_cast<size_t>(end));
    std::memcpy(bytes.data(), &header_size, length_bytes);
    std::memcpy(bytes.data() + length_bytes, text.data(), text.size());
    uint8_t* to = bytes.data() + length_bytes + text.size();
    for (const auto& [name, tensor] : file.tensors) to = write_values(tensor, half, to);
    return bytes;
}

}  // namespace trilens

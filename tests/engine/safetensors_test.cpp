// safetensors: files made here byte by byte after the format's description, every refusal of the reader, and the way there and back.
#include "engine/io/safetensors.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "engine/errors.h"
#include "engine/io/half.h"

using namespace trilens;

namespace {

std::vector<uint8_t> file_of(const std::string& header, const std::vector<uint8_t>& data) {
    std::vector<uint8_t> bytes;
    for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<uint8_t>(static_cast<uint64_t>(header.size()) >> (8 * i)));
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

std::string refusal(const std::string& header, size_t data_bytes) {
    try {
        read_safetensors(file_of(header, std::vector<uint8_t>(data_bytes)));
    } catch (const FormatError& error) {
        return error.what();
    }
    return "accepted";
}

bool says(const std::string& message, const char* part) { return message.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a file written by hand is read: little-endian floats at an odd address, metadata, names in any order") {
    const std::string header = R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"__metadata__":{"seed":"7"},)"
                               R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}} )";
    const WeightFile file = read_safetensors(file_of(header, {0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f}));   // 1, -2, 0.5
    REQUIRE(file.tensors.size() == 2);
    CHECK(file.tensors.at("a").item() == 1.0f);
    CHECK(file.tensors.at("b").shape() == Shape{2});
    CHECK(file.tensors.at("b").data()[0] == -2.0f);
    CHECK(file.tensors.at("b").data()[1] == 0.5f);
    CHECK(file.metadata == std::map<std::string, std::string>{{"seed", "7"}});
}

TEST_CASE("half floats and bfloat16 are widened exactly, and other types are left out by name") {
    const std::string header =
        R"({"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"m":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]},)"
        R"("n":{"dtype":"I64","shape":[1],"data_offsets":[10,18]}})";
    const WeightFile file =
        read_safetensors(file_of(header, {0x00, 0x3c, 0x01, 0x00, 0xff, 0x7b, 0x00, 0xfc, 0x49, 0xc0, 1, 0, 0, 0, 0, 0, 0, 0}));
    const float* h = file.tensors.at("h").data();
    CHECK(h[0] == 1.0f);
    CHECK(h[1] == 0x1p-24f);
    CHECK(h[2] == 65504.0f);
    CHECK(h[3] == -INFINITY);
    CHECK(file.tensors.at("m").item() == -3.140625f);
    CHECK(file.unread == std::map<std::string, std::string>{{"n", "I64"}});
}

TEST_CASE("every one of the 65536 half floats widens to its definition") {
    for (uint32_t bits = 0; bits < 65536; ++bits) {
        const int exponent = static_cast<int>(bits >> 10) & 31, fraction = bits & 1023;
        const float magnitude = exponent == 31 ? (fraction ? NAN : INFINITY)
                                : exponent     ? std::ldexp(1024.0f + static_cast<float>(fraction), exponent - 25)
                                               : std::ldexp(static_cast<float>(fraction), -24);
        const float value = from_float16(static_cast<uint16_t>(bits));
        if (std::isnan(magnitude)) {
            REQUIRE(std::isnan(value));
        } else {
            REQUIRE(value == (bits & 0x8000 ? -magnitude : magnitude));
        }
        REQUIRE(std::signbit(value) == ((bits & 0x8000) != 0));
    }
}

TEST_CASE("what is written is read back bit for bit, and equal contents give equal bytes") {
    WeightFile file;
    file.tensors.emplace("conv1.weight", Tensor(Shape{2, 1, 3}, {1, -2.5f, 3e-40f, NAN, INFINITY, -0.0f}));
    file.tensors.emplace("empty", Tensor(Shape{0, 4}));
    file.tensors.emplace("Größe \"卷积\"\n", Tensor(Shape{}, {4}));
    file.metadata = {{"command", "train digits"}, {"", "空"}};
    const std::vector<uint8_t> bytes = write_safetensors(file);
    CHECK(bytes == write_safetensors(file));
    uint64_t header = 0;
    std::memcpy(&header, bytes.data(), 8);
    CHECK(header % 8 == 0);
    const WeightFile back = read_safetensors(bytes);
    CHECK(back.metadata == file.metadata);
    REQUIRE(back.tensors.size() == 3);
    for (const auto& [name, tensor] : file.tensors) CHECK(checksum(back.tensors.at(name)) == checksum(tensor));
    CHECK(read_safetensors(write_safetensors({})).tensors.empty());
}

TEST_CASE("the writer refuses what the format cannot say") {
    WeightFile file;
    file.tensors.emplace("__metadata__", Tensor(Shape{1}));
    CHECK_THROWS_AS(write_safetensors(file), ValueError);
    file.tensors.clear();
    file.tensors.emplace("bad \xff name", Tensor(Shape{1}));
    CHECK_THROWS_AS(write_safetensors(file), ValueError);
    file.tensors.clear();
    file.metadata["long"] = std::string(most_safetensors_header, 'x');
    CHECK_THROWS_AS(write_safetensors(file), ValueError);
}

TEST_CASE("a header that is too long for the file or for us is refused before it is read") {
    CHECK_THROWS_WITH_AS(read_safetensors(std::vector<uint8_t>(7)), "safetensors: the file has 7 bytes, too few for the length of a header",
                         FormatError);
    std::vector<uint8_t> bytes = file_of("{}", {});
    bytes[0] = 3;
    CHECK_THROWS_WITH_AS(read_safetensors(bytes), "safetensors: the header claims 3 bytes of a file of 10", FormatError);
    bytes[7] = 0xff;
    CHECK_THROWS_AS(read_safetensors(bytes), FormatError);
    CHECK(says(refusal("{" + std::string(most_safetensors_header, ' ') + "}", 0), "at most 1000000 are read"));
}

TEST_CASE("a header that is no JSON object of tensors is refused and the message says why") {
    CHECK(says(refusal("", 0), "does not begin with {"));
    CHECK(says(refusal(" {}", 0), "does not begin with {"));
    CHECK(says(refusal("{", 0), "not JSON"));
    CHECK(says(refusal("{\"a\xff\":1}", 0), "not JSON"));
    CHECK(says(refusal("{}x", 0), "not JSON"));
    CHECK(says(refusal("{\"a\":" + std::string(900000, '['), 0), "nested deeper"));
    CHECK(says(refusal(R"({"a":5})", 0), "'a' is described by number"));
    CHECK(says(refusal(R"({"a":{"shape":[],"data_offsets":[0,4]}})", 4), "'a' has no dtype"));
    CHECK(says(refusal(R"({"a":{"dtype":"F31","shape":[],"data_offsets":[0,4]}})", 4), "unknown dtype 'F31'"));
    CHECK(says(refusal(R"({"a":{"dtype":4,"shape":[],"data_offsets":[0,4]}})", 4), "not a string"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4), "whole number"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4), "whole number"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":4,"data_offsets":[0,4]}})", 4), "not a list"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 8), "not a pair"));
    CHECK(says(refusal(R"({"__metadata__":{"a":1}})", 0), "'a' is not a string"));
    CHECK(says(refusal(R"({"__metadata__":[]})", 0), "not an object"));
}

TEST_CASE("names given twice are refused, of tensors, fields and metadata") {
    const std::string a = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
    CHECK(says(refusal("{" + a + "," + a + "}", 4), "names 'a' twice"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4), "names 'dtype' twice"));
    CHECK(says(refusal(R"({"__metadata__":{"x":"1","x":"2"}})", 0), "names 'x' twice"));
    CHECK(says(refusal(R"({"__metadata__":{"x":"1"},"__metadata__":{"x":"1"}})", 0), "names '__metadata__' twice"));
}

TEST_CASE("offsets outside the file, overlaps, holes and lengths that do not fit are refused") {
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 4), "ends at byte 8 of 4"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4), "after its end"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", 8), "takes 8 bytes, but F32 [1] needs 4"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})", 6),
               "overlapping"));
    CHECK(
        says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})", 12),
             "leaving a hole"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8), "leaving a hole"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 5), "end at byte 4, the data at 5"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0), "overflows"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[2147483648,2147483648,4],"data_offsets":[0,0]}})", 0), "overflows"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1],"data_offsets":[0,4]}})", 4), "rank 7"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551616]}})", 4),
               "whole number"));
    CHECK(says(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551611,18446744073709551615]}})", 4), "of 4"));
}

TEST_CASE("rounding to float16: every half comes back, between two halves the nearer, ties to the even one, far out infinity") {
    for (uint32_t bits = 0; bits < 0x7c00; ++bits) {
        const auto half = static_cast<uint16_t>(bits), next = static_cast<uint16_t>(bits + 1);
        const float low = from_float16(half), high = next == 0x7c00 ? 65536.0f : from_float16(next), middle = low + (high - low) / 2;
        REQUIRE(to_float16(low) == half);
        REQUIRE(to_float16(-low) == (half | 0x8000));
        REQUIRE(to_float16(middle) == (half % 2 == 0 ? half : next));
        REQUIRE(to_float16(std::nextafter(middle, 0.0f)) == half);
        REQUIRE(to_float16(std::nextafter(middle, 1e9f)) == next);
        REQUIRE(to_float16(-std::nextafter(middle, 1e9f)) == (next | 0x8000));
    }
    CHECK(to_float16(INFINITY) == 0x7c00);
    CHECK(to_float16(-1e30f) == 0xfc00);
    CHECK(std::isnan(from_float16(to_float16(NAN))));
    CHECK(to_float16(std::numeric_limits<float>::denorm_min()) == 0);
}

TEST_CASE("a file of float16 takes half the bytes and reads as the rounded values; any other bytes are as before") {
    WeightFile file;
    file.tensors.emplace("a", Tensor(Shape{2, 2}, {1.0f, -0.1f, 3e-6f, 0.0f}));
    file.tensors.emplace("b", Tensor::full(Shape{300}, 0.2f));
    const std::vector<uint8_t> half = write_safetensors(file, Storage::float16), whole = write_safetensors(file);
    CHECK(whole.size() - half.size() >= 304 * 2 - 8);
    const WeightFile read = read_safetensors(half);
    for (const auto& [name, tensor] : file.tensors) {
        REQUIRE(read.tensors.at(name).shape() == tensor.shape());
        for (int64_t i = 0; i < tensor.elements(); ++i)
            REQUIRE(read.tensors.at(name).data()[i] == from_float16(to_float16(tensor.data()[i])));
    }
    CHECK(read.tensors.at("a").data()[1] != -0.1f);
    CHECK(read_safetensors(whole).tensors.at("a").data()[1] == -0.1f);
    CHECK(write_safetensors(read, Storage::float16) == half);
}

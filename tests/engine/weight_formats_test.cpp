// The door for files of weights: which format reads a file, by its bytes, its name, or neither. A second format stands in for those to
// come: like them it is a reader and a row.
#include "engine/io/weight_formats.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/errors.h"

using namespace trilens;

namespace {

// "one NAME": a file of one tensor, a zero.
bool is_one(std::span<const uint8_t> bytes) { return std::string(bytes.begin(), bytes.end()).starts_with("one "); }

WeightFile read_one(std::span<const uint8_t> bytes) {
    if (!is_one(bytes)) throw FormatError("one: the file does not begin with it");
    WeightFile file;
    file.tensors.emplace(std::string(bytes.begin() + 4, bytes.end()), Tensor(Shape{1}));
    return file;
}

std::vector<uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string refusal(std::string_view text, std::string_view filename, std::span<const WeightFormat> formats) {
    try {
        read_weight_file(bytes_of(text), filename, formats);
    } catch (const FormatError& error) {
        return error.what();
    }
    return "accepted";
}

std::vector<WeightFormat> with_one() {
    std::vector<WeightFormat> formats(weight_formats().begin(), weight_formats().end());
    formats.push_back({"one", is_one, read_one});
    return formats;
}

}  // namespace

TEST_CASE("a file is read by what it is, whatever it is called") {
    const auto formats = with_one();
    WeightFile file;
    file.tensors.emplace("a", Tensor(Shape{2, 3}));
    const std::vector<uint8_t> safetensors = write_safetensors(file);
    for (const char* name : {"", "x.safetensors", "x.one", "x"}) {
        CAPTURE(name);
        CHECK(read_weight_file(safetensors, name, formats).tensors.at("a").shape() == Shape{2, 3});
        CHECK(read_weight_file(bytes_of("one b"), name, formats).tensors.contains("b"));
    }
    CHECK(read_weight_file(safetensors, "x").tensors.contains("a"));
}

TEST_CASE("a file that no format recognises is refused by the format that its name says, else by safetensors") {
    const auto formats = with_one();
    const std::string by_safetensors = "safetensors: the file has 3 bytes, too few for the length of a header";
    CHECK(refusal("abc", "x.one", formats) == "one: the file does not begin with it");
    CHECK(refusal("abc", "x.ONE", formats) == "one: the file does not begin with it");
    for (const char* name : {"", "x.safetensors", "x.npz", "one", ".", "xone"}) {
        CAPTURE(name);
        CHECK(refusal("abc", name, formats) == by_safetensors);
    }
    CHECK(refusal("abc", "x.one", weight_formats()) == by_safetensors);
}

TEST_CASE("every format of the table has an ending in small letters and recognises no empty file") {
    for (const WeightFormat& format : weight_formats()) {
        CHECK(!format.ending.empty());
        CHECK(format.ending.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos);
        CHECK(!format.recognises({}));
    }
}

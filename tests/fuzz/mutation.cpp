// Drawn from Philox, so that a file that broke a reader can be made again from its number.
#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace trilens::fuzz {
namespace {

constexpr size_t length_bytes = 8;

size_t below(Random& random, size_t bound) { return bound ? random.below(static_cast<uint32_t>(bound)) : 0; }

template <size_t N>
std::string one_of(const std::array<const char*, N>& choices, Random& random) {
    return choices[below(random, N)];
}

// A piece [first, last) of at most `most`.
struct Piece {
    std::ptrdiff_t first, last;
};
Piece piece_of(size_t size, size_t most, Random& random) {
    const size_t first = below(random, size + 1), length = below(random, std::min(most, size - first) + 1);
    return {static_cast<std::ptrdiff_t>(first), static_cast<std::ptrdiff_t>(first + length)};
}

void change(Bytes& bytes, Random& random) {
    constexpr std::array<uint8_t, 8> telling = {0, 1, 0x7f, 0x80, 0xff, '"', '{', ']'};
    const Piece piece = piece_of(bytes.size(), 40, random);
    const auto first = bytes.begin() + piece.first, last = bytes.begin() + piece.last;
    const size_t at = below(random, bytes.size());
    switch (random.below(8)) {
    case 0:
        if (!bytes.empty()) bytes[at] ^= static_cast<uint8_t>(1u << random.below(8));
        break;
    case 1:
        if (!bytes.empty()) bytes[at] = telling[below(random, telling.size())];
        break;
    case 2:
        if (!bytes.empty()) bytes[at] = static_cast<uint8_t>(random.below(256));
        break;
    case 3: bytes.erase(first, last); break;
    case 4: {
        const Bytes copy(first, last);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(random, bytes.size() + 1)), copy.begin(), copy.end());
        break;
    }
    case 5: bytes.resize(below(random, bytes.size() + 1)); break;
    case 6: bytes.resize(bytes.size() + below(random, 64)); break;
    default: std::reverse(first, last); break;
    }
}

// Replaces what stands at a random number of the text, a run of digits, by another number.
void change_number(std::string& text, Random& random) {
    constexpr std::array<const char*, 16> numbers = {"0",
                                                     "1",
                                                     "2",
                                                     "3",
                                                     "4",
                                                     "8",
                                                     "12",
                                                     "24",
                                                     "-1",
                                                     "1.0",
                                                     "1e3",
                                                     "2147483648",
                                                     "4294967296",
                                                     "9223372036854775808",
                                                     "18446744073709551615",
                                                     "18446744073709551616"};
    const size_t from = below(random, text.size());
    const size_t first = text.find_first_of("0123456789", from);
    if (first == std::string::npos) return;
    const size_t last = std::min(text.find_first_not_of("0123456789", first), text.size());
    text.replace(first, last - first, one_of(numbers, random));
}

void change_word(std::string& text, Random& random) {
    constexpr std::array<const char*, 12> words = {"F32",   "F16",   "BF16",         "I64",          "U8",     "F64",
                                                   "dtype", "shape", "data_offsets", "__metadata__", "weight", "\\u0000"};
    const size_t open = text.find('"', below(random, text.size()));
    if (open == std::string::npos) return;
    const size_t close = text.find('"', open + 1);
    if (close != std::string::npos) text.replace(open + 1, close - open - 1, one_of(words, random));
}

void insert_text(std::string& text, Random& random) {
    constexpr std::array<const char*, 14> pieces = {"[",        "]",
                                                    "{",        "}",
                                                    ",",        ":",
                                                    "\"",       "null",
                                                    "true",     " ",
                                                    "\xff",     "\xed\xa0\x80",
                                                    "[[[[[[[[", R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"};
    text.insert(below(random, text.size() + 1), one_of(pieces, random));
}

void change_header(std::string& text, Random& random) {
    if (text.empty()) return;
    switch (random.below(6)) {
    case 0:
    case 1: change_number(text, random); break;
    case 2: change_word(text, random); break;
    case 3: insert_text(text, random); break;
    case 4: text.erase(below(random, text.size()), 1 + below(random, 6)); break;
    default: {   // a tensor twice, or in another's place
        const size_t from = below(random, text.size());
        const std::string copy = text.substr(from, 30 + below(random, 60));
        text.insert(below(random, text.size()), copy);
    }
    }
}

void set_length(Bytes& file, uint64_t length) { std::memcpy(file.data(), &length, length_bytes); }

}  // namespace

Bytes mutate(Bytes file, Random& random) {
    for (uint32_t count = 1 + random.below(4); count > 0; --count) change(file, random);
    return file;
}

Bytes mutate_safetensors(Bytes file, Random& random) {
    if (random.below(4) == 0) return mutate(std::move(file), random);
    uint64_t length = 0;
    std::memcpy(&length, file.data(), length_bytes);
    const auto header_end = file.begin() + static_cast<std::ptrdiff_t>(length_bytes + length);
    std::string text(file.begin() + length_bytes, header_end);
    Bytes data(header_end, file.end());
    for (uint32_t count = 1 + random.below(3); count > 0; --count) change_header(text, random);
    if (random.below(4) == 0) data.resize(below(random, 80));

    Bytes changed(length_bytes);
    changed.insert(changed.end(), text.begin(), text.end());
    changed.insert(changed.end(), data.begin(), data.end());
    set_length(changed, text.size());
    if (random.below(8) == 0) {
        constexpr std::array<uint64_t, 6> wrong = {0, 1, 1000000, 1000001, uint64_t{1} << 63, ~uint64_t{0}};
        set_length(changed, random.below(2) ? wrong[below(random, wrong.size())] : text.size() + random.below(9) - 4);
    }
    return changed;
}

}  // namespace trilens::fuzz

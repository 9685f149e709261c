// The sentences in the shipped networks' files, read from the files themselves.
#include "demos/text/file_sentence.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "demos/text/text.h"
#include "demos/weights.h"
#include "engine/io/safetensors.h"

using namespace trilens;

namespace {

struct InChinese {
    InChinese() { set_language(Language::chinese); }
    ~InChinese() { set_language(Language::english); }
};

std::string sorted_digits(const std::string& text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    std::ranges::sort(digits);
    return digits;
}

}  // namespace

TEST_CASE("what the RNN's and the Transformer's files say is said in Chinese with the same numbers") {
    const InChinese chinese;
    for (const char* name : {"sentiment_en", "sentiment_zh", "characters_en", "characters_zh", "translate", "vit"}) {
        const auto metadata = read_safetensors(weights(name)).metadata;
        for (const char* key : {"accuracy", "data"}) {
            const std::string english = metadata.at(key), said = say_file_sentence(english);
            CAPTURE(name);
            CAPTURE(said);
            CHECK(said != english);
            CHECK(std::ranges::any_of(said, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }));
            CHECK(sorted_digits(said) == sorted_digits(english));
        }
    }
}

TEST_CASE("in English, and where the kind is not known, a file's sentence stays as it is") {
    CHECK(say_file_sentence("78.52 % of 1066 reviews held back") == "78.52 % of 1066 reviews held back");
    const InChinese chinese;
    CHECK(say_file_sentence("78.52 % of 1066 reviews held back") == "留出的 1066 条评论中，78.52 % 判断正确");
    for (const char* other : {"", "78.52 % of many reviews held back", "78.52 % of 1066 reviews held back, or so", "another sentence"})
        CHECK(say_file_sentence(other) == other);
}

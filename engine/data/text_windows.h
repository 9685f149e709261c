// Windows of a text for a character model: at each step the next character is to be predicted.
#pragma once

#include <string_view>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/data/tokens.h"

namespace trilens {

// Every code point of the text, the most frequent `most` of them.
Vocabulary character_vocabulary(std::string_view text, int64_t most = 2000);

class TextWindows : public DataSet {
public:
    // Windows of `length` characters, each beginning `stride` after the one before. Throws ValueError for a text without room for one
    // window and the character after it, or a length or stride below 1.
    TextWindows(std::string_view text, const Vocabulary& vocabulary, int64_t length, int64_t stride = 3);

    // Windows of `length` characters that begin where a line does: what is generated from a prompt begins like a line, too. Throws as
    // above.
    static TextWindows at_line_starts(std::string_view text, const Vocabulary& vocabulary, int64_t length);

    int64_t size() const override { return static_cast<int64_t>(starts_.size()); }
    int64_t start(int64_t window) const { return starts_.at(static_cast<size_t>(window)); }  // in characters of the text
    // inputs [N, T] token numbers; labels [T * N] in the order of time, the next character's number.
    Batch batch(std::span<const int32_t> samples) const override;

private:
    TextWindows(std::vector<int32_t> numbers, int64_t length);

    std::vector<int32_t> numbers_;
    std::vector<int32_t> starts_;
    int64_t length_;
};

}  // namespace trilens

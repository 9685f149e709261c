// Windows overlap: they are cut out of the text when asked for.
#include "engine/data/text_windows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/errors.h"

namespace trilens {

Vocabulary character_vocabulary(std::string_view text, int64_t most) {
    VocabularyCount count;
    count.add(tokenize(text, TokenKind::characters));
    return count.vocabulary(1, most);
}

TextWindows::TextWindows(std::vector<int32_t> numbers, int64_t length) : numbers_(std::move(numbers)), length_(length) {
    if (length < 1 || static_cast<int64_t>(numbers_.size()) <= length)
        throw ValueError("text windows: a text of " + std::to_string(numbers_.size()) + " characters, windows of " +
                         std::to_string(length) + ", expected at least 1 and a longer text");
}

TextWindows::TextWindows(std::string_view text, const Vocabulary& vocabulary, int64_t length, int64_t stride)
    : TextWindows(vocabulary.numbers(tokenize(text, TokenKind::characters)), length) {
    if (stride < 1) throw ValueError("text windows: every " + std::to_string(stride) + " characters, expected at least 1");
    for (int64_t start = 0; start + length < static_cast<int64_t>(numbers_.size()); start += stride)
        starts_.push_back(static_cast<int32_t>(start));
}

TextWindows TextWindows::at_line_starts(std::string_view text, const Vocabulary& vocabulary, int64_t length) {
    const std::vector<Token> tokens = tokenize(text, TokenKind::characters);
    TextWindows out(vocabulary.numbers(tokens), length);
    for (size_t start = 0; static_cast<int64_t>(start) + length < static_cast<int64_t>(tokens.size()); ++start)
        if (start == 0 || tokens[start - 1].text == "\n") out.starts_.push_back(static_cast<int32_t>(start));
    return out;
}

Batch TextWindows::batch(std::span<const int32_t> samples) const {
    const auto count = static_cast<int64_t>(samples.size());
    Batch out;
    out.inputs = Tensor::uninitialized(Shape{count, length_});
    out.labels.resize(static_cast<size_t>(count * length_));
    for (int64_t n = 0; n < count; ++n) {
        const int32_t window = samples[static_cast<size_t>(n)];
        if (window < 0 || window >= size())
            throw ValueError("text windows: window " + std::to_string(window) + ", expected 0 to " + std::to_string(size() - 1));
        const int32_t* from = numbers_.data() + start(window);
        std::transform(from, from + length_, out.inputs.data() + n * length_, [](int32_t number) { return static_cast<float>(number); });
        for (int64_t t = 0; t < length_; ++t) out.labels[static_cast<size_t>(t * count + n)] = from[t + 1];
    }
    return out;
}

}  // namespace trilens

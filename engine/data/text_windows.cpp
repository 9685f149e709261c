// Windows overlap: they are cut out of the text when asked for.
#include "engine/data/text_windows.h"

#include <algorithm>
#include <string>

#include "engine/errors.h"

namespace trilens {

Vocabulary character_vocabulary(std::string_view text, int64_t most) {
    VocabularyCount count;
    count.add(tokenize(text, TokenKind::characters));
    return count.vocabulary(1, most);
}

TextWindows::TextWindows(std::string_view text, const Vocabulary& vocabulary, int64_t length, int64_t stride)
    : numbers_(vocabulary.numbers(tokenize(text, TokenKind::characters))), length_(length), stride_(stride) {
    if (length < 1 || stride < 1 || static_cast<int64_t>(numbers_.size()) <= length)
        throw ValueError("text windows: a text of " + std::to_string(numbers_.size()) + " characters, windows of " +
                         std::to_string(length) + " every " + std::to_string(stride) + ", expected at least 1 and a longer text");
}

int64_t TextWindows::size() const { return (static_cast<int64_t>(numbers_.size()) - length_ - 1) / stride_ + 1; }

Batch TextWindows::batch(std::span<const int32_t> samples) const {
    const auto count = static_cast<int64_t>(samples.size());
    Batch out;
    out.inputs = Tensor::uninitialized(Shape{count, length_});
    out.labels.resize(static_cast<size_t>(count * length_));
    for (int64_t n = 0; n < count; ++n) {
        const int32_t window = samples[static_cast<size_t>(n)];
        if (window < 0 || window >= size())
            throw ValueError("text windows: window " + std::to_string(window) + ", expected 0 to " + std::to_string(size() - 1));
        const int32_t* from = numbers_.data() + window * stride_;
        std::transform(from, from + length_, out.inputs.data() + n * length_, [](int32_t number) { return static_cast<float>(number); });
        for (int64_t t = 0; t < length_; ++t) out.labels[static_cast<size_t>(t * count + n)] = from[t + 1];
    }
    return out;
}

}  // namespace trilens

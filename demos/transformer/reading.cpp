// From words and numbers to rows of tokens, in the learner's order or in another.
#include "demos/transformer/reading.h"

#include <algorithm>
#include <numeric>

#include "demos/text/text.h"
#include "engine/data/text_pairs.h"
#include "engine/errors.h"
#include "engine/random.h"

namespace trilens {

namespace {

constexpr uint64_t order_stream = 1001;
constexpr size_t longest_label = 32;  // characters

}  // namespace

Tensor TokenRow::tensor() const {
    Tensor out(Shape{size()});
    std::ranges::transform(numbers, out.data(), [](int32_t number) { return static_cast<float>(number); });
    return out;
}

Tensor TransformerReading::encoder_input() const { return source.numbers.empty() ? vectors : source.tensor(); }

std::string shortened(const std::string& text, size_t most) {
    size_t characters = 0;
    for (size_t at = 0; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && ++characters > most) return text.substr(0, at) + "...";
    return text;
}

std::string token_label(int32_t number, const Vocabulary& vocabulary) {
    if (number == Vocabulary::unknown) return say(Text::transformer_token_unknown);
    const std::string& token = vocabulary.token(number);
    if (token == begin_token) return say(Text::transformer_token_begin);
    if (token == end_token) return say(Text::transformer_token_end);
    return shown_token(token);
}

TokenRow row_of(std::span<const int32_t> numbers, const Vocabulary& vocabulary) {
    TokenRow row;
    row.numbers.assign(numbers.begin(), numbers.end());
    for (const int32_t number : numbers) {
        row.labels.push_back(token_label(number, vocabulary));
        row.known.push_back(number != Vocabulary::unknown);
    }
    return row;
}

void read_words(std::span<const Token> tokens, const Vocabulary& vocabulary, int64_t most, TokenRow& into) {
    for (const Token& token : tokens) {
        into.labels.push_back(shortened(shown_token(token.text), longest_label));
        into.numbers.push_back(vocabulary.number(token.text));
        into.known.push_back(into.numbers.back() != Vocabulary::unknown);
    }
    if (into.size() == 0) throw ValueError(say(Text::transformer_source_empty));
    if (into.size() > most) throw ValueError(say(Text::transformer_too_long, {std::to_string(into.size()), std::to_string(most)}));
}

std::vector<int64_t> orderly(int64_t count) {
    std::vector<int64_t> order(static_cast<size_t>(count));
    std::iota(order.begin(), order.end(), int64_t{0});
    return order;
}

std::vector<int64_t> shuffle(TransformerReading& reading, int64_t count, uint64_t seed) {
    std::vector<int64_t> order = orderly(count);
    Random random(seed, order_stream);
    for (int64_t i = count - 1; i > 0; --i) std::swap(order[static_cast<size_t>(i)], order[random.below(static_cast<uint32_t>(i + 1))]);
    TokenRow& source = reading.source;
    const TokenRow before = source;
    const Tensor rows = reading.vectors;
    const bool vectors = source.numbers.empty();
    const int64_t first = source.size() - count;  // 1 with a class token
    if (vectors) reading.vectors = Tensor(rows.shape());
    for (int64_t i = 0; i < count; ++i) {
        const auto to = static_cast<size_t>(first + i), from = static_cast<size_t>(first + order[static_cast<size_t>(i)]);
        source.labels[to] = before.labels[from];
        source.known[to] = before.known[from];
        if (!vectors) source.numbers[to] = before.numbers[from];
        else
            std::copy_n(rows.data() + order[static_cast<size_t>(i)] * rows.extent(1), rows.extent(1),
                        reading.vectors.data() + i * rows.extent(1));
    }
    return order;
}

}  // namespace trilens

// Batches of equal length, and text from tokens.
#include "engine/data/text_pairs.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <tuple>

#include "engine/errors.h"
#include "engine/random.h"

namespace trilens {
namespace {

void check(const std::vector<TextPair>& pairs, const char* name) {
    for (size_t i = 0; i < pairs.size(); ++i)
        if (pairs[i].source.empty() || pairs[i].target.size() < 3)
            throw ValueError(std::string("text pairs: ") + name + " pair " + std::to_string(i) + " has " +
                             std::to_string(pairs[i].source.size()) + " source and " + std::to_string(pairs[i].target.size()) +
                             " target tokens, expected at least 1 and 3");
}

int64_t batches(size_t pairs, int64_t batch) { return (static_cast<int64_t>(pairs) + batch - 1) / batch; }

bool latin(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// What tokenize(.., TokenKind::chinese) reads as its ASCII twin.
std::string chinese_form(const std::string& token) {
    constexpr std::pair<const char*, const char*> forms[] = {{",", "，"}, {"?", "？"}, {"!", "！"}, {":", "："}, {";", "；"}};
    for (const auto& [from, to] : forms)
        if (token == from) return to;
    return token;
}

}  // namespace

Vocabulary target_vocabulary(const Vocabulary& counted) {
    std::vector<std::string> tokens{begin_token, end_token};
    for (int32_t number = 1; number < counted.size(); ++number) tokens.push_back(counted.token(number));
    return Vocabulary(tokens);
}

Tensor source_tokens(std::string_view text, const Vocabulary& vocabulary, int64_t longest) {
    std::vector<int32_t> numbers = vocabulary.numbers(tokenize(text, TokenKind::english));
    if (static_cast<int64_t>(numbers.size()) > longest) numbers.resize(static_cast<size_t>(std::max<int64_t>(longest, 0)));
    if (numbers.empty()) throw ValueError("source tokens: the text \"" + std::string(text) + "\" has none, expected at least one");
    Tensor out(Shape{static_cast<int64_t>(numbers.size())});
    std::ranges::transform(numbers, out.data(), [](int32_t number) { return static_cast<float>(number); });
    return out;
}

std::string target_text(std::span<const int32_t> tokens, const Vocabulary& vocabulary) {
    std::string out;
    for (const int32_t number : tokens) {
        const std::string& token = vocabulary.token(number);
        if (token == begin_token || token == end_token) continue;
        const std::string shown = number == Vocabulary::unknown ? "?" : chinese_form(token);
        if (!out.empty() && latin(out.back()) && latin(shown.front())) out += ' ';
        out += shown;
    }
    return out;
}

TextPairs::TextPairs(std::vector<TextPair> training, std::vector<TextPair> validation, const TextPairsSettings& settings)
    : training_(std::move(training)), validation_(std::move(validation)), settings_(settings) {
    if (training_.empty()) throw ValueError("text pairs: 0 to train on, expected at least 1");
    if (settings.batch < 1) throw ValueError("text pairs: batch " + std::to_string(settings.batch) + ", expected at least 1");
    for (const float share : {settings.word_dropout, settings.open})
        if (!(share >= 0 && share < 1)) throw ValueError("text pairs: a share of " + std::to_string(share) + ", expected 0 to below 1");
    check(training_, "training");
    check(validation_, "validation");
}

int64_t TextPairs::training_batches() const { return batches(training_.size(), settings_.batch); }

int64_t TextPairs::size() const { return training_batches() + batches(validation_.size(), settings_.batch); }

int32_t TextPairs::checked(std::span<const int32_t> samples) const {
    if (samples.size() != 1)
        throw ValueError("text pairs: " + std::to_string(samples.size()) + " samples, expected 1, which is a batch of pairs");
    if (samples[0] < 0 || samples[0] >= size())
        throw ValueError("text pairs: sample " + std::to_string(samples[0]) + ", expected 0 to " + std::to_string(size() - 1));
    return samples[0];
}

// Pairs of the same lengths stand in an order drawn for the epoch; cut into batches in order of length.
std::vector<int32_t> TextPairs::members(int32_t sample, int64_t epoch) const {
    const bool trains = sample < training_batches();
    const std::vector<TextPair>& pairs = trains ? training_ : validation_;
    std::vector<int32_t> places(pairs.size());
    if (trains) places = Random(settings_.seed, static_cast<uint64_t>(epoch)).permutation(static_cast<int32_t>(pairs.size()));
    else std::iota(places.begin(), places.end(), 0);
    std::vector<std::tuple<size_t, size_t, int32_t, int32_t>> order;   // the place drawn decides between equal lengths
    for (size_t i = 0; i < pairs.size(); ++i)
        order.emplace_back(pairs[i].target.size(), pairs[i].source.size(), places[i], static_cast<int32_t>(i));
    std::ranges::sort(order);
    const int64_t begin = (sample - (trains ? 0 : training_batches())) * settings_.batch;
    const int64_t end = std::min(begin + settings_.batch, static_cast<int64_t>(order.size()));
    std::vector<int32_t> out;
    for (int64_t at = begin; at < end; ++at) out.push_back(std::get<3>(order[static_cast<size_t>(at)]));
    return out;
}

Batch TextPairs::padded(const std::vector<TextPair>& pairs) const {
    const auto tensor = [&](std::vector<int32_t> TextPair::* side) {
        size_t longest = 0;
        for (const TextPair& pair : pairs) longest = std::max(longest, (pair.*side).size());
        Tensor out = Tensor::full(Shape{static_cast<int64_t>(pairs.size()), static_cast<int64_t>(longest)}, -1);
        float* row = out.data();
        for (const TextPair& pair : pairs) {
            std::ranges::transform(pair.*side, row, [](int32_t token) { return static_cast<float>(token); });
            row += longest;
        }
        return out;
    };
    Batch out;
    out.inputs = tensor(&TextPair::source);
    out.targets = tensor(&TextPair::target);
    return out;
}

Batch TextPairs::batch(std::span<const int32_t> samples) const {
    const int32_t sample = checked(samples);
    std::vector<TextPair> pairs;
    for (const int32_t i : members(sample, 0))
        pairs.push_back((sample < training_batches() ? training_ : validation_)[static_cast<size_t>(i)]);
    return padded(pairs);
}

Batch TextPairs::training_batch(std::span<const int32_t> samples, int64_t epoch) const {
    const int32_t sample = checked(samples);
    if (sample >= training_batches()) return batch(samples);
    std::vector<TextPair> pairs;
    for (const int32_t i : members(sample, epoch)) {
        TextPair pair = training_[static_cast<size_t>(i)];
        Random random(settings_.seed, (static_cast<uint64_t>(epoch) << 32) | (uint64_t{1} << 31) | static_cast<uint32_t>(i));
        if (random.uniform() < settings_.open && pair.source.size() > 1) pair.source.pop_back();
        for (int32_t& token : pair.source)
            if (random.uniform() < settings_.word_dropout) token = settings_.unknown;
        pairs.push_back(std::move(pair));
    }
    return padded(pairs);
}

}  // namespace trilens

// What each task's network reads, and what it is trained on.
#include <algorithm>
#include <cstdio>

#include "demos/rnn/workbench.h"
#include "demos/text/text.h"
#include "engine/data/forecast.h"
#include "engine/data/needle.h"
#include "engine/data/number_sums.h"
#include "engine/data/text_windows.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr double validation_share = 0.3;         // curriculum RA
constexpr int64_t needle_margin = 4;             // steps before the earliest needle
constexpr uint64_t screen_seed = 1000;           // sequences on screen are none of those trained on
constexpr int64_t screen_samples = 999;
constexpr int64_t text_window = 48, curve_window = 32;

std::string two_decimals(float value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(value));
    return text;
}

}  // namespace

const Vocabulary& RnnWorkbench::corpus_vocabulary() const {
    if (corpus_key_ != input.corpus || corpus_vocabulary_.size() == 0) {
        corpus_key_ = input.corpus;
        corpus_vocabulary_ = character_vocabulary(input.corpus);
    }
    return corpus_vocabulary_;
}

void RnnWorkbench::read_input() {
    labels_.clear();
    tokens_.clear();
    numbers_.clear();
    target_ = -1;
    if (reads_text()) {
        read_text();
        return;
    }
    if (task() == RnnTask::needle) read_needle();
    if (task() == RnnTask::sum) {
        // Those that are there stay; new ones are drawn, each the same whatever the length.
        Random random(1, screen_seed);
        for (size_t i = 0; i < static_cast<size_t>(settings.length); ++i)
            if (const float drawn = random.uniform(); i >= input.numbers.size()) input.numbers.push_back(drawn);
        float sum = 0;
        for (const float number : numbers()) sum += number;
        target_ = sum > settings.threshold ? 1 : 0;
    }
    if (task() != RnnTask::needle)
        for (const float value : task() == RnnTask::forecast ? std::span<const float>(input.curve) : numbers())
            labels_.push_back(two_decimals(value));
}

void RnnWorkbench::read_text() {
    const TokenKind kind = task() == RnnTask::generate ? TokenKind::characters : chinese() ? TokenKind::chinese : TokenKind::english;
    tokens_ = tokenize(text(), kind);
    for (const Token& token : tokens_) {
        labels_.push_back(token.text);
        numbers_.push_back(vocabulary()->number(token.text));
    }
}

void RnnWorkbench::read_needle() {
    const Needle all(screen_samples, settings.distance + needle_margin, settings.distance, screen_seed);
    const int32_t sample[] = {settings.sample - 1};
    const Batch one = all.batch(sample);
    needle_ = one.inputs.reshaped(Shape{one.inputs.extent(1), one.inputs.extent(2)});
    target_ = one.labels[0];
    for (int64_t t = 0; t < needle_.extent(0); ++t) labels_.push_back(two_decimals(needle_.data()[t * needle_.extent(1)]));
}

std::optional<int64_t> RnnWorkbench::marked_step() const {
    if (task() != RnnTask::needle) return std::nullopt;
    for (int64_t t = 0; t < needle_.extent(0); ++t)
        if (needle_.data()[t * needle_.extent(1) + 1] != 0) return t;
    return std::nullopt;
}

Tensor RnnWorkbench::sequence() const {
    if (task() == RnnTask::needle) return needle_;
    if (reads_text()) {
        Tensor out(Shape{steps()});
        std::ranges::transform(numbers_, out.data(), [](int32_t number) { return static_cast<float>(number); });
        return out;
    }
    return Tensor(Shape{steps(), 1}, task() == RnnTask::forecast ? std::span<const float>(input.curve) : numbers());
}

std::string RnnWorkbench::data_key() const {
    std::string key =
        std::to_string(static_cast<int>(task())) + " " + std::to_string(settings.samples) + " " + std::to_string(settings.seed) + " ";
    switch (task()) {
    case RnnTask::sum: return key + std::to_string(settings.length) + " " + number(settings.threshold);
    case RnnTask::needle: return key + std::to_string(settings.distance);
    case RnnTask::generate: return key + input.corpus;
    case RnnTask::forecast:
        for (const float value : input.curve) key += number(value) + " ";
        return key;
    case RnnTask::sentiment: return key;
    }
    return key;
}

std::shared_ptr<const DataSet> RnnWorkbench::make_data() const {
    const auto seed = static_cast<uint64_t>(settings.seed);
    switch (task()) {
    case RnnTask::sum: return std::make_shared<NumberSums>(settings.samples, settings.length, settings.threshold, seed);
    case RnnTask::needle: return std::make_shared<Needle>(settings.samples, settings.distance + needle_margin, settings.distance, seed);
    case RnnTask::forecast:
        if (static_cast<int64_t>(input.curve.size()) < curve_window + 8) throw ValueError(say(Text::rnn_curve_too_short));
        return std::make_shared<Forecast>(input.curve, curve_window);
    case RnnTask::generate:
        if (is_shipped()) break;
        if (static_cast<int64_t>(input.corpus.size()) < 4 * text_window) throw ValueError(say(Text::rnn_text_too_short));
        return std::make_shared<TextWindows>(input.corpus, corpus_vocabulary(), text_window);
    case RnnTask::sentiment: break;
    }
    throw ValueError(say(Text::rnn_shipped_not_trained));
}

std::shared_ptr<const DataSet> RnnWorkbench::data() const {
    const std::string key = data_key();
    if (!data_ || data_key_ != key) {
        data_ = make_data();
        data_key_ = key;
    }
    return data_;
}

Split RnnWorkbench::split() const { return random_split(data()->size(), validation_share, static_cast<uint64_t>(settings.seed)); }

}  // namespace trilens

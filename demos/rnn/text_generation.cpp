// The states after all tokens are kept: taking one back costs nothing.
#include "demos/rnn/text_generation.h"

#include <algorithm>
#include <utility>

#include "engine/random.h"

namespace trilens {

namespace {

constexpr uint64_t text_stream = 0x7465'7874;  // "text": apart from the streams that weights and batches are drawn from

}  // namespace

TextGeneration::TextGeneration(std::shared_ptr<SequenceModel> model, const Tensor& prompt, SequenceLook look, const Settings& settings)
    : settings_(settings) {
    states_.emplace_back(std::move(model), prompt, std::move(look));
    look_ahead();
}

void TextGeneration::look_ahead() {
    before_ = next_token_distribution(states_.back().scores().values(), {});
    after_ = next_token_distribution(states_.back().scores().values(), settings_.sampling);
}

float TextGeneration::next_point() const {
    Random random(settings_.seed, text_stream);
    random.seek(tokens_.size());
    return random.uniform();
}

int32_t TextGeneration::next() const { return token_at(after_, next_point()); }

bool TextGeneration::grow(int64_t length, const Budget& more) {
    const auto wanted = static_cast<size_t>(std::max<int64_t>(length, 0));
    if (wanted < tokens_.size()) {
        tokens_.resize(wanted);
        states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(wanted) + 1, states_.end());
        look_ahead();
    }
    for (bool first = true; tokens_.size() < wanted; first = false) {
        if (!first && !more()) return false;
        const int32_t number = next();
        const auto at = static_cast<size_t>(number);
        tokens_.push_back({number, before_[at], after_[at], next_point()});
        Continuation state = states_.back();
        const float input = static_cast<float>(number);
        state.read({&input, 1});
        states_.push_back(std::move(state));
        look_ahead();
    }
    return true;
}

Tensor TextGeneration::hidden() const {
    const Tensor& prompt = states_.front().states();
    const int64_t width = prompt.shape()[-1];
    Tensor out = Tensor::uninitialized(Shape{prompt_length() + length(), width});
    std::ranges::copy(prompt.values(), out.data());
    for (int64_t i = 0; i < length(); ++i)
        std::ranges::copy(states_[static_cast<size_t>(i) + 1].hidden().values(), out.data() + (prompt_length() + i) * width);
    return out;
}

}  // namespace trilens

// Text generation: a language model's next tokens, drawn one after the other. The n-th is drawn with the n-th number of its seed's stream,
// so a text is a function of weights, prompt, settings and seed, however it was come by: step by step, back and forth, or at once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "demos/rnn/continuation.h"
#include "engine/budget.h"
#include "engine/models/sampling.h"

namespace trilens {

class TextGeneration {
public:
    struct Settings {
        Sampling sampling;
        uint64_t seed = 1;
        bool operator==(const Settings&) const = default;
    };
    struct Token {
        int32_t number = 0;
        float before = 0, after = 0;  // its probability, from the model and once temperature and top-k were applied
        float point = 0;  // of [0, 1), where it fell
    };

    // `prompt` [T] token numbers; reads them. Throws as Continuation and next_token_distribution() do.
    TextGeneration(std::shared_ptr<SequenceModel> model, const Tensor& prompt, SequenceLook look, const Settings& settings);

    // Draws tokens until there are `length` (at least one, if any is missing), while the budget lasts; takes back those beyond.
    // Returns whether there are as many as asked for.
    bool grow(int64_t length, const Budget& more = [] { return true; });

    const std::vector<Token>& tokens() const { return tokens_; }
    int64_t length() const { return static_cast<int64_t>(tokens_.size()); }
    int64_t prompt_length() const { return states_.front().steps(); }
    // [V] of what comes after the last token: softmax(scores), and that with temperature and top-k.
    const std::vector<float>& before() const { return before_; }
    const std::vector<float>& after() const { return after_; }
    float next_point() const;  // the number of the stream that the next token is drawn with
    int32_t next() const;  // and the token that this gives
    // [prompt_length + length, H]: the first layer's state after each token was read.
    Tensor hidden() const;

private:
    void look_ahead();

    Settings settings_;
    std::vector<Continuation> states_;  // after the prompt, and after each token
    std::vector<Token> tokens_;
    std::vector<float> before_, after_;
};

}  // namespace trilens

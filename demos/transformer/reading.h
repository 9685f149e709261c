// What the network of a task reads: tokens or vectors, with what is shown for each of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/data/tokens.h"
#include "engine/tensor.h"

namespace trilens {

// One sequence of tokens on screen: what a stack reads.
struct TokenRow {
    std::vector<std::string> labels;  // one for each row of the stack's tensors: a token as it is shown; a vector's or patch's number
    std::vector<int32_t> numbers;  // of tokens; none for vectors
    std::vector<bool> known;  // whether the vocabulary has it
    int64_t size() const { return static_cast<int64_t>(labels.size()); }
    Tensor tensor() const;  // [T] of tokens
};

struct TransformerReading {
    TokenRow source;  // what the encoder reads; empty where there is none
    Tensor vectors;  // of an encoder that reads vectors: [T, F]
    std::vector<int32_t> prompt;  // what the decoder is given

    Tensor encoder_input() const;  // the vectors, or the tokens' numbers
};

// The first characters of a text, and "..." where it has more than `most`.
std::string shortened(const std::string& text, size_t most);

std::string token_label(int32_t number, const Vocabulary& vocabulary);  // as it is shown
TokenRow row_of(std::span<const int32_t> numbers, const Vocabulary& vocabulary);

// A text for the encoder: words are shown as typed, whether the network knows them or not. Throws ValueError, a sentence for the learner,
// for none and for more than `most`.
void read_words(std::span<const Token> tokens, const Vocabulary& vocabulary, int64_t most, TokenRow& into);

// The order in which an encoder reads: place -> the token's place in the learner's order.
std::vector<int64_t> orderly(int64_t count);
// Puts the rows of `reading` in an order drawn from the seed, which it returns. A first token beside the vectors, the class token, stays.
std::vector<int64_t> shuffle(TransformerReading& reading, int64_t count, uint64_t seed);

}  // namespace trilens

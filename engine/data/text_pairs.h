// Pairs of texts, one to read and one to write: what a translator is trained on, and how a learner's text becomes tokens for it and its
// tokens text again.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/data/tokens.h"

namespace trilens {

// Tokens and texts of a translator from English to Chinese (demos/assets/translate.safetensors).
//   source   words as tokenize(text, TokenKind::english) cuts them: lower-cased, "don't" as "do" "n't", marks by themselves. No begin or
//   end.
//   target   characters as tokenize(text, TokenKind::chinese) cuts them; a Latin word or a number is one token. The vocabulary's tokens 1
//   and 2 are
//            begin_token and end_token: a target is read from the begin token on and ends with the end token.
// Token 0 of both is the unknown token: what is read may hold it, what is written never should (no loss asks for it).
inline constexpr const char* begin_token = "<begin>";
inline constexpr const char* end_token = "<end>";
inline constexpr int32_t begin_number = 1, end_number = 2;

// begin_token and end_token, then the tokens of `counted`.
Vocabulary target_vocabulary(const Vocabulary& counted);

// Source tokens [T] of a learner's text, at most `longest` of them. Throws ValueError for a text without any.
Tensor source_tokens(std::string_view text, const Vocabulary& vocabulary, int64_t longest);
// Target tokens as text: without begin and end, with a space only between two Latin words, punctuation in its Chinese form (，？！：；), unknown
// as "?".
// Throws ValueError for a number that the vocabulary does not have.
std::string target_text(std::span<const int32_t> tokens, const Vocabulary& vocabulary);

struct TextPair {
    std::vector<int32_t> source;  // at least one token
    std::vector<int32_t> target;  // begin, at least one token, end
};

struct TextPairsSettings {
    int64_t batch = 64;
    float word_dropout = 0;  // of the source's tokens, that become `unknown` while training: the model meets words that it does not know
    float open = 0;  // share of the sources that are read without their last token, the closing mark: learners forget it
    int32_t unknown = Vocabulary::unknown;
    uint64_t seed = 0;
};

// A sample of this data set is a whole batch of pairs of about equal length, so that little is computed for padding: a Trainer's batches
// are of one. The first samples are of the training pairs, made up anew in every pass; those after training_batches() are of the validation
// pairs, always the same.
class TextPairs : public DataSet {
public:
    // Throws ValueError for no training pairs, an empty source, a target of fewer than three tokens, a batch below 1, or a share outside
    // [0, 1).
    TextPairs(std::vector<TextPair> training, std::vector<TextPair> validation, const TextPairsSettings& settings);

    int64_t size() const override;
    int64_t training_batches() const;
    // inputs [N, T_source], targets [N, T_target]: -1 after the end of a shorter one. Throws ValueError unless one sample is asked for.
    Batch batch(std::span<const int32_t> samples) const override;
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override;

private:
    int32_t checked(std::span<const int32_t> samples) const;
    std::vector<int32_t> members(int32_t sample, int64_t epoch) const;
    Batch padded(const std::vector<TextPair>& pairs) const;

    std::vector<TextPair> training_, validation_;
    TextPairsSettings settings_;
};

}  // namespace trilens

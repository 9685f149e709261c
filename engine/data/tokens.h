// From a learner's text to the tokens that a model reads: words in English, characters in Chinese, code points for a character model; and
// the vocabulary that numbers them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace trilens {

// How a text is cut up. In all ways bytes that are no UTF-8 read as U+FFFD, one for each broken sequence.
enum class TokenKind {
    // Lower-cased words, numbers; what is joined on by an apostrophe is a token too, as in the Penn Treebank ("is", "n't"; "isnt" too);
    // everything else but spaces by itself.
    english,
    // Characters; runs of Latin letters and digits are lower-cased and one token; full-width forms read as their ASCII twins; no spaces.
    chinese,
    characters,  // every code point as it is, spaces and line breaks too
};
// An emoji with its modifiers, a sequence joined by U+200D, and a flag are one token for words and Chinese.

struct Token {
    std::string text;  // as the vocabulary has it
    size_t begin = 0, end = 0;  // the bytes of the learner's text that it came from
    bool operator==(const Token&) const = default;
};
std::vector<Token> tokenize(std::string_view text, TokenKind kind);

// What is shown for a token: spaces and line breaks as signs.
std::string shown_token(std::string_view token);

// The tokens that a model knows, by number. Number 0 stands for all others.
class Vocabulary {
public:
    Vocabulary() : Vocabulary(std::vector<std::string>{}) {}
    // Throws ValueError for a token that is there twice.
    explicit Vocabulary(const std::vector<std::string>& tokens);

    static constexpr int32_t unknown = 0;
    int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
    int32_t number(std::string_view token) const;  // `unknown` for one that it does not have
    const std::string& token(int32_t number) const;  // throws ValueError outside
    std::vector<int32_t> numbers(std::span<const Token> tokens) const;

    // One line a token, for the metadata of a weight file, and back. from_text throws FormatError.
    std::string text() const;
    static Vocabulary from_text(std::string_view text);

private:
    std::vector<std::string> tokens_;
    std::unordered_map<std::string, int32_t> numbers_;
};

// Counts tokens, and keeps those that come at least `least` times, the most frequent `most` of them; of equally frequent ones those that
// come first in the order of bytes. The same tokens in another order give the same vocabulary.
class VocabularyCount {
public:
    void add(std::span<const Token> tokens);
    Vocabulary vocabulary(int64_t least, int64_t most) const;

private:
    std::unordered_map<std::string, int64_t> counts_;
};

}  // namespace trilens

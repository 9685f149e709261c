// One pass over the code points; what a token is depends on the kind of its first one.
#include "engine/data/tokens.h"

#include <algorithm>

#include "engine/errors.h"

namespace trilens {
namespace {

constexpr char32_t replacement = 0xfffd, joiner = 0x200d, variation = 0xfe0f, keycap = 0x20e3;
constexpr const char* unknown_token = "\xef\xbf\xbd?";   // no tokenizer makes it

struct CodePoint {
    char32_t value;
    size_t begin, end;
};

// Decodes one code point; a broken sequence gives U+FFFD and is as long as what belongs to it. Unicode 15, table 3-7.
CodePoint decode(std::string_view text, size_t at) {
    const auto byte = [&](size_t i) -> uint32_t { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const uint32_t first = byte(at);
    if (first < 0x80) return {first, at, at + 1};
    const int length = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
    if (length == 0) return {replacement, at, at + 1};
    char32_t value = first & (0x7fu >> length);
    for (int i = 1; i < length; ++i) {
        const uint32_t next = byte(at + static_cast<size_t>(i));
        const bool fits = (next & 0xc0) == 0x80 && !(i == 1 && ((first == 0xe0 && next < 0xa0) || (first == 0xed && next > 0x9f) ||
                                                                (first == 0xf0 && next < 0x90) || (first == 0xf4 && next > 0x8f)));
        if (!fits) return {replacement, at, at + static_cast<size_t>(i)};
        value = (value << 6) | (next & 0x3f);
    }
    return {value, at, at + static_cast<size_t>(length)};
}

void encode(char32_t value, std::string& to) {
    const auto put = [&](char32_t bits) { to += static_cast<char>(bits); };
    if (value < 0x80) {
        put(value);
    } else if (value < 0x800) {
        put(0xc0 | (value >> 6)), put(0x80 | (value & 0x3f));
    } else if (value < 0x10000) {
        put(0xe0 | (value >> 12)), put(0x80 | ((value >> 6) & 0x3f)), put(0x80 | (value & 0x3f));
    } else {
        put(0xf0 | (value >> 18)), put(0x80 | ((value >> 12) & 0x3f)), put(0x80 | ((value >> 6) & 0x3f)), put(0x80 | (value & 0x3f));
    }
}

bool within(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }
bool is_space(char32_t c) {
    return c == ' ' || within(c, 9, 13) || c == 0x85 || c == 0xa0 || within(c, 0x2000, 0x200b) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x3000 || c == 0xfeff;
}
bool is_digit(char32_t c) { return within(c, '0', '9'); }
// Letters of scripts that are written in words: Latin, Greek, Cyrillic and their kin.
bool is_letter(char32_t c) {
    return within(c, 'a', 'z') || within(c, 'A', 'Z') || (within(c, 0xc0, 0x24f) && c != 0xd7 && c != 0xf7) || within(c, 0x370, 0x52f) ||
           within(c, 0x1e00, 0x1fff) || within(c, 0x300, 0x36f);
}
bool is_apostrophe(char32_t c) { return c == '\'' || c == 0x2019; }
// What "n't" is joined on to: "do", "ca" of "can't", "wo" of "won't".
bool is_auxiliary(std::string_view word) {
    constexpr std::string_view all[] = {"ai",   "are", "ca",   "could", "did",    "do",  "does", "had", "has",
                                        "have", "is",  "must", "need",  "should", "was", "were", "wo",  "would"};
    return std::ranges::find(all, word) != std::end(all);
}
bool is_flag_letter(char32_t c) { return within(c, 0x1f1e6, 0x1f1ff); }
bool is_modifier(char32_t c) { return c == variation || c == keycap || within(c, 0x1f3fb, 0x1f3ff) || within(c, 0xe0020, 0xe007f); }

// Full-width letters, digits and signs are the ASCII ones in other clothes.
char32_t narrowed(char32_t c) { return within(c, 0xff01, 0xff5e) ? c - 0xfee0 : c; }
char32_t lowered(char32_t c) {
    const bool upper = within(c, 'A', 'Z') || (within(c, 0xc0, 0xde) && c != 0xd7) || within(c, 0x391, 0x3a9) || within(c, 0x410, 0x42f);
    return upper ? c + 32 : is_apostrophe(c) ? U'\'' : c;
}

class Tokenizer {
public:
    Tokenizer(std::string_view text, TokenKind kind) : kind_(kind) {
        for (size_t at = 0; at < text.size();) {
            points_.push_back(decode(text, at));
            at = points_.back().end;
        }
        if (kind != TokenKind::characters)
            for (CodePoint& point : points_) point.value = lowered(narrowed(point.value));
    }

    std::vector<Token> run() {
        while (at_ < points_.size()) {
            if (kind_ != TokenKind::characters && is_space(value(at_))) {
                ++at_;
                continue;
            }
            take(kind_ == TokenKind::characters ? 1 : length());
        }
        return std::move(tokens_);
    }

private:
    char32_t value(size_t i) const { return i < points_.size() ? points_[i].value : 0; }
    bool in_word(size_t i) const { return is_letter(value(i)) || is_digit(value(i)); }

    bool joins(size_t i) const { return value(i) == joiner && i + 1 < points_.size() && !is_space(value(i + 1)); }

    // How long "n't" at the end of a word is, where it begins here; so too "nt" of "dont", for which learners leave the apostrophe out;
    // else 0.
    size_t negation(size_t i) const {
        if (kind_ != TokenKind::english || value(i) != 'n') return 0;
        if (is_apostrophe(value(i + 1)) && value(i + 2) == 't' && !in_word(i + 3)) return 3;
        return value(i + 1) == 't' && !in_word(i + 2) && !is_apostrophe(value(i + 2)) && is_auxiliary(word_before(i)) ? 2 : 0;
    }
    std::string word_before(size_t i) const {
        size_t begin = i;
        while (begin > 0 && in_word(begin - 1)) --begin;
        std::string word;
        for (; begin < i; ++begin) encode(points_[begin].value, word);
        return word;
    }
    // How long "'s", "'re", "'ve", "'ll", "'d" or "'m" is, where one begins here; else 0.
    size_t clitic(size_t i) const {
        if (kind_ != TokenKind::english || !is_apostrophe(value(i))) return 0;
        const char32_t a = value(i + 1), b = value(i + 2);
        if ((a == 's' || a == 'd' || a == 'm') && !in_word(i + 2)) return 2;
        const bool two = (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l');
        return two && !in_word(i + 3) ? 3 : 0;
    }

    // Of the token that begins here, in code points.
    size_t length() const {
        size_t end = at_ + 1;
        const bool keycap_follows =
            value(end) == keycap || (value(end) == variation && value(end + 1) == keycap);  // 1 in a box is no number
        if (in_word(at_) && !keycap_follows) {
            if (negation(at_) > 0) return negation(at_);
            while ((in_word(end) && negation(end) == 0) ||
                   (is_apostrophe(value(end)) && is_letter(value(end - 1)) && is_letter(value(end + 1)) && clitic(end) == 0))
                ++end;
            return end - at_;
        }
        if (kind_ == TokenKind::english && clitic(at_) > 0) return clitic(at_);
        if (is_flag_letter(value(at_)) && is_flag_letter(value(end))) return 2;
        while (is_modifier(value(end)) || joins(end)) end += value(end) == joiner ? 2 : 1;
        return end - at_;
    }
    void take(size_t count) {
        Token token{"", points_[at_].begin, points_[at_ + count - 1].end};
        if (negation(at_) == count) token.text = "n't";
        else
            for (size_t i = 0; i < count; ++i) encode(points_[at_ + i].value, token.text);
        tokens_.push_back(std::move(token));
        at_ += count;
    }

    TokenKind kind_;
    std::vector<CodePoint> points_;
    std::vector<Token> tokens_;
    size_t at_ = 0;
};

std::string escaped(std::string_view token) {
    std::string out;
    for (const char c : token) {
        if (c == '\n') out += "\\n";
        else if (c == '\\') out += "\\\\";
        else out += c;
    }
    return out;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text, TokenKind kind) { return Tokenizer(text, kind).run(); }

std::string shown_token(std::string_view token) {
    if (token == " ") return "\xe2\x90\xa3";
    if (token == "\n") return "\xe2\x86\xb5";
    if (token == "\t") return "\xe2\x87\xa5";
    if (token == unknown_token) return "?";
    return std::string(token);
}

Vocabulary::Vocabulary(const std::vector<std::string>& tokens) : tokens_{unknown_token} {
    numbers_.emplace(unknown_token, unknown);
    for (const std::string& token : tokens) {
        if (!numbers_.emplace(token, static_cast<int32_t>(tokens_.size())).second)
            throw ValueError("vocabulary: the token \"" + token + "\" is there twice");
        tokens_.push_back(token);
    }
}

int32_t Vocabulary::number(std::string_view token) const {
    const auto found = numbers_.find(std::string(token));
    return found == numbers_.end() ? unknown : found->second;
}

const std::string& Vocabulary::token(int32_t number) const {
    if (number < 0 || number >= size())
        throw ValueError("vocabulary: token " + std::to_string(number) + ", expected 0 to " + std::to_string(size() - 1));
    return tokens_[static_cast<size_t>(number)];
}

std::vector<int32_t> Vocabulary::numbers(std::span<const Token> tokens) const {
    std::vector<int32_t> out;
    for (const Token& token : tokens) out.push_back(number(token.text));
    return out;
}

std::string Vocabulary::text() const {
    std::string out;
    for (size_t i = 1; i < tokens_.size(); ++i) out += (i > 1 ? "\n" : "") + escaped(tokens_[i]);
    return out;
}

Vocabulary Vocabulary::from_text(std::string_view text) {
    std::vector<std::string> tokens;
    if (text.empty()) return Vocabulary();
    tokens.emplace_back();
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            tokens.emplace_back();
        } else if (text[i] != '\\') {
            tokens.back() += text[i];
        } else {
            const char next = ++i < text.size() ? text[i] : '\0';
            if (next != 'n' && next != '\\')
                throw FormatError("vocabulary: a backslash at byte " + std::to_string(i - 1) + " without n or backslash after it");
            tokens.back() += next == 'n' ? '\n' : '\\';
        }
    }
    try {
        return Vocabulary(tokens);
    } catch (const ValueError& error) {
        throw FormatError(error.what());
    }
}

void VocabularyCount::add(std::span<const Token> tokens) {
    for (const Token& token : tokens) ++counts_[token.text];
}

Vocabulary VocabularyCount::vocabulary(int64_t least, int64_t most) const {
    std::vector<std::pair<int64_t, std::string>> kept;
    for (const auto& [token, count] : counts_)
        if (count >= least && token != unknown_token) kept.emplace_back(-count, token);
    std::ranges::sort(kept);
    if (static_cast<int64_t>(kept.size()) > most) kept.resize(static_cast<size_t>(most));
    std::vector<std::string> tokens;
    for (auto& [count, token] : kept) tokens.push_back(std::move(token));
    return Vocabulary(tokens);
}

}  // namespace trilens

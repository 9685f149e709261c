// What a text is cut into: by hand, and for random bytes the promises that hold for every text.
#include "engine/data/tokens.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/errors.h"
#include "engine/random.h"

using namespace trilens;

namespace {

std::vector<std::string> texts(std::string_view text, TokenKind kind) {
    std::vector<std::string> out;
    for (const Token& token : tokenize(text, kind)) out.push_back(token.text);
    return out;
}
std::vector<std::string> english(std::string_view text) { return texts(text, TokenKind::english); }
std::vector<std::string> chinese(std::string_view text) { return texts(text, TokenKind::chinese); }
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("English: lower-cased words with their apostrophes, numbers, and every other sign by itself") {
    CHECK(english("This ISN'T bad!!") == Texts{"this", "is", "n't", "bad", "!", "!"});
    CHECK(english("it\u2019s 'quoted', the boys' 90s-style 3.5/5 caf\u00c9") ==
          Texts{"it", "'s", "'", "quoted", "'", ",", "the", "boys", "'", "90s", "-", "style", "3", ".", "5", "/", "5", "caf\u00e9"});
    CHECK(english("a good \u7535\u5f71") == Texts{"a", "good", "\u7535", "\u5f71"});
    CHECK(english("\uff21\uff22\uff23\uff01\u3000ok") == Texts{"abc", "!", "ok"});
    CHECK(english("").empty());
    CHECK(english(" \t\r\n\u00a0\u3000\ufeff").empty());
}

TEST_CASE("English: n't is a token with its apostrophe or without, where what stands before it takes one") {
    CHECK(english("I dont, CANT and wont") == Texts{"i", "do", "n't", ",", "ca", "n't", "and", "wo", "n't"});
    CHECK(english("it isnt") == english("it isn\u2019t"));
    CHECK(english("want pant ant nt hunt restaurant donts doesnt's") ==
          Texts{"want", "pant", "ant", "nt", "hunt", "restaurant", "donts", "doesnt", "'s"});
    const std::vector<Token> tokens = tokenize("Dont!", TokenKind::english);
    REQUIRE(tokens.size() == 3);
    CHECK(tokens[1] == Token{"n't", 2, 4});
}

TEST_CASE("Chinese: characters by themselves, Latin letters and digits in runs, full-width forms as ASCII") {
    CHECK(chinese("\u623f\u95f4\u5f88\u5927\uff0cWiFi\u5feb\uff01") ==
          Texts{"\u623f", "\u95f4", "\u5f88", "\u5927", ",", "wifi", "\u5feb", "!"});
    CHECK(chinese("\uff12\uff10\u5206\u949f \u9001\u5230\u3002") == Texts{"20", "\u5206", "\u949f", "\u9001", "\u5230", "\u3002"});
    CHECK(chinese("\U00020bb7\u91ce\u5bb6") == Texts{"\U00020bb7", "\u91ce", "\u5bb6"});   // a character outside the basic plane
}

TEST_CASE("characters: every code point as it is, spaces and capital letters too") {
    CHECK(texts("Ab\n \u00c9\uff01", TokenKind::characters) == Texts{"A", "b", "\n", " ", "\u00c9", "\uff01"});
}

TEST_CASE("an emoji is one token with its skin colour, its family, its flag or its keycap") {
    for (const auto kind : {TokenKind::english, TokenKind::chinese}) {
        CHECK(texts("\U0001f44d\U0001f3fd\U0001f44d", kind) == Texts{"\U0001f44d\U0001f3fd", "\U0001f44d"});
        CHECK(texts("\U0001f468\u200d\U0001f469\u200d\U0001f467!", kind) == Texts{"\U0001f468\u200d\U0001f469\u200d\U0001f467", "!"});
        CHECK(texts("\u2764\ufe0f\u200d\U0001f525", kind) == Texts{"\u2764\ufe0f\u200d\U0001f525"});
        CHECK(texts("\U0001f1e8\U0001f1f3\U0001f1e9\U0001f1ea", kind) == Texts{"\U0001f1e8\U0001f1f3", "\U0001f1e9\U0001f1ea"});
        CHECK(texts("1\ufe0f\u20e3 2", kind) == Texts{"1\ufe0f\u20e3", "2"});
        CHECK(texts("\U0001f468\u200d ok", kind) == Texts{"\U0001f468", "\u200d", "ok"});   // nothing to join
    }
}

TEST_CASE("every token knows the bytes that it came from") {
    const std::string text = " It\u2019s\u3000\U0001f44d\U0001f3fd, \uff21b";
    const std::vector<Token> tokens = tokenize(text, TokenKind::english);
    REQUIRE(tokens.size() == 5);
    const char* sources[] = {"It", "\u2019s", "\U0001f44d\U0001f3fd", ",", "\uff21b"};
    for (size_t i = 0; i < tokens.size(); ++i) CHECK(text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin) == sources[i]);
    CHECK(tokens[1].text == "'s");
    CHECK(tokens[4].text == "ab");
}

TEST_CASE("bytes that are no UTF-8 read as U+FFFD, one for each maximal part of a sequence (Unicode 15, table 3-8)") {
    const std::string broken =
        "a\xf1\x80\x80\xe1\x80\xc2"
        "b\x80"
        "c";
    const std::vector<Token> tokens = tokenize(broken, TokenKind::characters);
    REQUIRE(tokens.size() == 7);
    const Token expected[] = {{"a", 0, 1}, {"\ufffd", 1, 4}, {"\ufffd", 4, 6}, {"\ufffd", 6, 7},
                              {"b", 7, 8}, {"\ufffd", 8, 9}, {"c", 9, 10}};
    for (size_t i = 0; i < tokens.size(); ++i) CHECK(tokens[i] == expected[i]);
    CHECK(english(std::string("\xc0\xaf\0x", 4)) == Texts{"\ufffd", "\ufffd", std::string(1, '\0'), "x"});   // overlong, and a zero byte
    CHECK(english("\xed\xa0\x80").size() == 3);   // half a surrogate pair
    CHECK(english("\xf4\x90\x80\x80").size() == 4);   // beyond U+10FFFF
}

TEST_CASE("random bytes: ranges rise, lie inside, cover everything but space; texts are UTF-8 and not empty") {
    Random random(4);
    const std::string pieces[] = {"a",      "'",          "\u2019",     "\u200d", "\ufe0f", "\u20e3", "7",       " ",
                                  "\u3000", "\U0001f1e8", "\U0001f3fd", "\u7535", "\xe7",   "\x94",   "\xf0\x9f"};
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (uint32_t i = random.below(30); i > 0; --i)
            text += random.below(4) == 0 ? std::string(1, static_cast<char>(random.below(256))) : pieces[random.below(15)];
        for (const auto kind : {TokenKind::english, TokenKind::chinese, TokenKind::characters}) {
            size_t end = 0, covered = 0;
            for (const Token& token : tokenize(text, kind)) {
                REQUIRE(token.begin >= end);
                REQUIRE(token.end > token.begin);
                REQUIRE(token.end <= text.size());
                REQUIRE_FALSE(token.text.empty());
                end = token.end;
                covered += token.end - token.begin;
                for (const Token& point : tokenize(token.text, TokenKind::characters))  // U+FFFD is three bytes: nothing is broken any more
                    REQUIRE(point.text == token.text.substr(point.begin, point.end - point.begin));
            }
            if (kind == TokenKind::characters) REQUIRE(covered == text.size());
        }
    }
}

TEST_CASE("a token on a strip shows spaces and line breaks as signs") {
    CHECK(shown_token(" ") == "\u2423");
    CHECK(shown_token("\n") == "\u21b5");
    CHECK(shown_token("word") == "word");
    CHECK(shown_token(Vocabulary().token(Vocabulary::unknown)) == "?");
}

TEST_CASE("a vocabulary keeps the most frequent tokens that come often enough, whatever the order of the texts") {
    VocabularyCount count, other;
    for (const char* text : {"b b b a a c c d", "e"}) count.add(tokenize(text, TokenKind::english));
    for (const char* text : {"e", "d c c a a b b b"}) other.add(tokenize(text, TokenKind::english));
    const Vocabulary kept = count.vocabulary(2, 100);
    REQUIRE(kept.size() == 4);
    CHECK(kept.number("b") == 1);
    CHECK(kept.number("a") == 2);  // as often as c, and before it
    CHECK(kept.number("c") == 3);
    CHECK(kept.number("d") == Vocabulary::unknown);
    CHECK(count.vocabulary(1, 2).size() == 3);
    CHECK(count.vocabulary(1, 100).text() == other.vocabulary(1, 100).text());
    CHECK(kept.numbers(tokenize("a d B", TokenKind::english)) == std::vector<int32_t>{2, 0, 1});
    CHECK(kept.token(3) == "c");
    CHECK_THROWS_AS(kept.token(4), ValueError);
    CHECK_THROWS_AS(kept.token(-1), ValueError);
}

TEST_CASE("a vocabulary goes through one string and back, line breaks and backslashes too") {
    const Vocabulary written({"\n", "\\", "\\n", " ", "\u7535", "a"});
    const Vocabulary read = Vocabulary::from_text(written.text());
    REQUIRE(read.size() == written.size());
    for (int32_t i = 0; i < written.size(); ++i) CHECK(read.token(i) == written.token(i));
    CHECK(Vocabulary::from_text("").size() == 1);
    CHECK_THROWS_AS(Vocabulary::from_text("a\nb\na"), FormatError);
    CHECK_THROWS_AS(Vocabulary::from_text("a\\"), FormatError);
    CHECK_THROWS_AS(Vocabulary::from_text("a\\x"), FormatError);
    CHECK_THROWS_AS(Vocabulary({"a", "a"}), ValueError);
}

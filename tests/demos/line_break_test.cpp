// Paragraphs: where lines end in English, Chinese and numbers. Chinese characters are two units wide, all others one.
#include "demos/widgets/line_break.h"

#include <doctest/doctest.h>

using trilens::break_lines;

namespace {

std::string broken(std::string_view text, float width) {
    return break_lines(text, width, [](unsigned int c) { return c >= 0x2e80 ? 2.0f : 1.0f; });
}

}  // namespace

TEST_CASE("a paragraph's lines end between words and drop the spaces there") {
    CHECK(broken("one two three", 7) == "one two\nthree");
    CHECK(broken("one two   three", 7) == "one two\nthree");
    CHECK(broken("one two three", 13) == "one two three");
    CHECK(broken("", 10).empty());
}

TEST_CASE("line breaks of the text stay, empty lines too") {
    CHECK(broken("one\n\ntwo three", 5) == "one\n\ntwo\nthree");
    CHECK(broken("one\n", 5) == "one\n");
}

TEST_CASE("a number is never cut, nor parted from its percent sign") {
    CHECK(broken("match 8.38", 8) == "match\n8.38");
    CHECK(broken("of 10,000 rows", 8) == "of\n10,000\nrows");
    CHECK(broken("about 8.38 % right", 10) == "about\n8.38 %\nright");
    CHECK(broken("right 97%", 8) == "right\n97%");
}

TEST_CASE("Chinese lines are full, and none begins with what closes or ends with what opens") {
    CHECK(broken("卷积神经网络", 8) == "卷积神经\n网络");
    CHECK(broken("卷积神经，网络", 8) == "卷积神\n经，网络");
    CHECK(broken("卷积神“经网”络", 8) == "卷积神\n“经网”络");
    CHECK(broken("卷积神（经）网", 8) == "卷积神\n（经）网");
    CHECK(broken("约为 8.38 %。好", 9) == "约为\n8.38 %。\n好");
}

TEST_CASE("a Latin word within Chinese goes to the next line whole") {
    CHECK(broken("用Transformer翻译", 12) == "用\nTransformer\n翻译");
    CHECK(broken("在 Chromium 里训练", 9) == "在\nChromium\n里训练");
}

TEST_CASE("a line may end after a hyphen between letters, not before a minus sign's number") {
    CHECK(broken("a pre-norm layer", 6) == "a pre-\nnorm\nlayer");
    CHECK(broken("about -5 here", 7) == "about\n-5 here");
}

TEST_CASE("a word wider than the line is cut where it must be, and a line holds at least one character") {
    CHECK(broken("abcdefgh", 3) == "abc\ndef\ngh");
    CHECK(broken("卷积", 1) == "卷\n积");
    CHECK(broken("a bcdefg", 3) == "a\nbcd\nefg");
}

TEST_CASE("bytes that are no UTF-8 stay, and read as one wide character each") {
    CHECK(broken("ab\xff\xfe"
                 "cd",
                 3) ==
          "ab\n\xff\n\xfe"
          "c\nd");
}

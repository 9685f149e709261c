// Sentences with blanks (engine/data/cloze.h).
#include "engine/data/cloze.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

#include "engine/errors.h"

using namespace trilens;

namespace {

constexpr std::array languages{ClozeLanguage::english, ClozeLanguage::chinese};

std::vector<std::string> words_of(const std::vector<Token>& tokens) {
    std::vector<std::string> words;
    for (const Token& token : tokens) words.push_back(token.text);
    return words;
}

}  // namespace

TEST_CASE("a blank is written _ or ____ or [MASK], and keeps its place in the text") {
    const auto tokens = cloze_tokens(ClozeLanguage::english, "The keys ___ on [MASK] table_");
    CHECK(words_of(tokens) == std::vector<std::string>{"the", "keys", "_", "on", "_", "table", "_"});
    CHECK(tokens[2] == Token{"_", 9, 12});
    CHECK(tokens[3] == Token{"on", 13, 15});
    CHECK(tokens[4] == Token{"_", 16, 22});
    CHECK(words_of(cloze_tokens(ClozeLanguage::chinese, "他买了一_书")) == std::vector<std::string>{"他", "买", "了", "一", "_", "书"});
    CHECK(cloze_tokens(ClozeLanguage::chinese, "").empty());
}

TEST_CASE("every sentence of the grammar is of words that the vocabulary has") {
    for (const ClozeLanguage language : languages)
        for (uint64_t stream = 0; stream < 3000; ++stream) {
            const std::string sentence = cloze_sentence(language, 7, stream);
            CAPTURE(sentence);
            for (const int32_t number : cloze_vocabulary(language).numbers(cloze_tokens(language, sentence)))
                REQUIRE(number > cloze_blank(language));
        }
}

TEST_CASE("the verb agrees with the first noun, across the second") {
    int plural = 0, crossed = 0;
    for (uint64_t stream = 0; stream < 2000; ++stream) {
        const auto words = words_of(cloze_tokens(ClozeLanguage::english, cloze_sentence(ClozeLanguage::english, 3, stream)));
        const auto verb = std::ranges::find_if(words, [](const std::string& word) { return word == "is" || word == "are"; });
        if (verb == words.end()) continue;
        const auto many = [](const std::string& noun) { return noun.back() == 's'; };
        CHECK((*verb == "are") == many(words[1]));
        plural += many(words[1]) ? 1 : 0;
        crossed += many(words[1]) != many(words[5]) ? 1 : 0;
    }
    CHECK(plural > 200);
    CHECK(crossed > 200);
}

TEST_CASE("a batch asks for 15 % of the words and tells what stood there") {
    for (const ClozeLanguage language : languages) {
        const ClozeSentences data(language, 400, 5);
        std::vector<int32_t> all(400);
        for (int32_t i = 0; i < 400; ++i) all[static_cast<size_t>(i)] = i;
        const Batch batch = data.batch(all);
        const int64_t steps = batch.inputs.extent(1);
        int64_t tokens = 0, asked = 0;
        for (int64_t i = 0; i < 400; ++i) {
            int64_t here = 0;
            for (int64_t t = 0; t < steps; ++t) {
                const auto token = static_cast<int32_t>(batch.inputs.data()[i * steps + t]);
                const int32_t label = batch.labels[static_cast<size_t>(i * steps + t)];
                tokens += token >= 0 ? 1 : 0;
                here += label >= 0 ? 1 : 0;
                CHECK((label >= 0) == (token == cloze_blank(language)));
                if (label >= 0) CHECK(label > cloze_blank(language));
            }
            CHECK(here >= 1);
            asked += here;
        }
        const double share = static_cast<double>(asked) / static_cast<double>(tokens);
        CHECK(share > 0.11);
        CHECK(share < 0.19);
    }
}

TEST_CASE("training hides other words in every pass, and most of them behind blanks") {
    const ClozeSentences data(ClozeLanguage::english, 500, 5), other(ClozeLanguage::english, 500, 6);
    std::vector<int32_t> all(500);
    for (int32_t i = 0; i < 500; ++i) all[static_cast<size_t>(i)] = i;
    const Batch first = data.training_batch(all, 0), second = data.training_batch(all, 1);
    CHECK(first.labels != second.labels);
    CHECK(first.labels != other.training_batch(all, 0).labels);
    CHECK(std::ranges::equal(first.inputs.values(), data.training_batch(all, 0).inputs.values()));
    double blanks = 0, same = 0, asked = 0;
    for (size_t i = 0; i < first.labels.size(); ++i) {
        if (first.labels[i] < 0) continue;
        const auto token = static_cast<int32_t>(first.inputs.data()[i]);
        ++asked;
        blanks += token == cloze_blank(ClozeLanguage::english) ? 1 : 0;
        same += token == first.labels[i] ? 1 : 0;
    }
    CHECK(blanks / asked == doctest::Approx(0.8).epsilon(0.07));
    CHECK(same / asked == doctest::Approx(0.1).epsilon(0.4));
}

TEST_CASE("no samples, or one that is not there, is told") {
    CHECK_THROWS_AS(ClozeSentences(ClozeLanguage::english, 0, 1), ValueError);
    const ClozeSentences data(ClozeLanguage::english, 3, 1);
    CHECK_THROWS_AS(data.batch(std::array<int32_t, 1>{3}), ValueError);
}

// Problems on sequences: every answer against an independent one, what a learner types, and what training is asked.
#include "engine/data/sequence_problems.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <set>
#include <string>

#include "engine/errors.h"

using namespace trilens;

namespace {

constexpr SequenceProblem all[] = {SequenceProblem::sort, SequenceProblem::reverse, SequenceProblem::copy, SequenceProblem::addition,
                                   SequenceProblem::dates};

int64_t items_of(SequenceProblem problem) { return problem == SequenceProblem::addition ? 4 : 9; }

std::string joined(SequenceProblem problem, std::span<const int32_t> tokens) {
    std::string text;
    for (const int32_t token : tokens) text += problem_vocabulary(problem).token(token);
    return text;
}

// What the engine answers to a text, without the end's token, which must be there.
std::string answered(SequenceProblem problem, std::string_view text) {
    std::vector<int32_t> answer = problem_answer(problem, problem_prompt(problem, text));
    REQUIRE(!answer.empty());
    CHECK(answer.back() == problem_end());
    answer.pop_back();
    CHECK(std::ranges::count(answer, problem_end()) == 0);
    return joined(problem, answer);
}

// A date as drawn, read by the form that it must be in: the first that takes all of it.
std::string date_by_forms(const std::string& text) {
    constexpr const char* names[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
    const auto month = [&](const std::string& word) {
        for (int i = 0; i < 12; ++i)
            if (word == names[i] || word == std::string(names[i]).substr(0, 3)) return i + 1;
        return 0;
    };
    const int size = static_cast<int>(text.size());
    std::array<char, 32> word{};
    int y = 0, m = 0, d = 0, end = 0;
    const auto whole = [&](int fields, int wanted) { return fields == wanted && end == size; };
    if (whole(std::sscanf(text.c_str(), "%4d年%2d月%2d日%n", &y, &m, &d, &end), 3)) {
    } else if (whole(std::sscanf(text.c_str(), "%4d/%2d/%2d%n", &y, &m, &d, &end), 3)) {
    } else if (whole(std::sscanf(text.c_str(), "%2d.%2d.%4d%n", &d, &m, &y, &end), 3)) {
    } else if (whole(std::sscanf(text.c_str(), "%2d %15[A-Za-z] %4d%n", &d, word.data(), &y, &end), 3)) {
        m = month(word.data());
    } else if (whole(std::sscanf(text.c_str(), "%15[A-Za-z] %2d, %4d%n", word.data(), &d, &y, &end), 3)) {
        m = month(word.data());
    } else {
        return "no form: " + text;
    }
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02d-%02d", y, m, d);
    return out.data();
}

std::string solved(SequenceProblem problem, std::string text) {
    switch (problem) {
    case SequenceProblem::sort: std::sort(text.begin(), text.end()); return text;
    case SequenceProblem::reverse: return {text.rbegin(), text.rend()};
    case SequenceProblem::copy: return text;
    case SequenceProblem::addition: {
        const size_t plus = text.find('+');
        return std::to_string(std::stol(text.substr(0, plus)) + std::stol(text.substr(plus + 1)));
    }
    case SequenceProblem::dates: return date_by_forms(text);
    }
    return "";
}

std::vector<int32_t> numbered(int64_t count) {
    std::vector<int32_t> samples(static_cast<size_t>(count));
    std::iota(samples.begin(), samples.end(), 0);
    return samples;
}

bool same(const Batch& a, const Batch& b) {
    return a.inputs.shape() == b.inputs.shape() && checksum(a.inputs) == checksum(b.inputs) && a.labels == b.labels &&
           a.targets.shape() == b.targets.shape() && (a.targets.empty() || checksum(a.targets) == checksum(b.targets));
}

// Tokens of a row of a batch up to its padding, which must be to the end.
std::vector<int32_t> row_of(const Tensor& batch, int64_t row) {
    const int64_t width = batch.extent(1);
    std::vector<int32_t> tokens;
    for (int64_t i = 0; i < width; ++i) {
        const float value = batch.data()[row * width + i];
        if (value >= 0) {
            REQUIRE(static_cast<int64_t>(tokens.size()) == i);
            tokens.push_back(static_cast<int32_t>(value));
        } else {
            CHECK(value == -1);
        }
    }
    return tokens;
}

// The message of the ValueError, which must come.
std::string refusal(SequenceProblem problem, std::string_view text) {
    try {
        problem_prompt(problem, text);
    } catch (const ValueError& error) {
        return error.what();
    }
    return "";
}

bool says(const std::string& message, const char* part) { return message.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every sample of every problem is answered as an independent solver answers it") {
    for (const SequenceProblem problem : all) {
        const SequenceProblems data(problem, 500, items_of(problem), 3);
        std::set<std::string> different;
        for (int32_t sample = 0; sample < 500; ++sample) {
            const std::string text = data.text(sample);
            CHECK(answered(problem, text) == solved(problem, text));
            different.insert(text);
        }
        CHECK(different.size() > 400);
    }
}

TEST_CASE("sequences have from two things to the most, numbers from one digit to the most, dates every form and month") {
    for (const SequenceProblem problem : {SequenceProblem::sort, SequenceProblem::reverse, SequenceProblem::copy}) {
        const SequenceProblems data(problem, 400, 5, 1);
        std::set<size_t> lengths;
        for (int32_t sample = 0; sample < 400; ++sample) lengths.insert(data.text(sample).size());
        CHECK(lengths == std::set<size_t>{2, 3, 4, 5});
    }
    const SequenceProblems sums(SequenceProblem::addition, 400, 3, 1);
    std::set<size_t> digits;
    for (int32_t sample = 0; sample < 400; ++sample) {
        const std::string text = sums.text(sample);
        for (const std::string& number : {text.substr(0, text.find('+')), text.substr(text.find('+') + 1)}) {
            digits.insert(number.size());
            CHECK((number.size() == 1 || number[0] != '0'));
        }
    }
    CHECK(digits == std::set<size_t>{1, 2, 3});
    const SequenceProblems dates(SequenceProblem::dates, 400, 6, 1);
    std::set<std::string> months;
    for (int32_t sample = 0; sample < 400; ++sample) months.insert(solved(SequenceProblem::dates, dates.text(sample)).substr(5, 2));
    CHECK(months.size() == 12);
}

TEST_CASE("same seed same samples, another seed or another pass others, whatever else is in the batch") {
    for (const SequenceProblem problem : all) {
        const SequenceProblems first(problem, 64, items_of(problem), 7), second(problem, 64, items_of(problem), 7),
            other(problem, 64, items_of(problem), 8);
        const std::vector<int32_t> samples = numbered(64);
        CHECK(same(first.batch(samples), second.batch(samples)));
        CHECK(same(first.training_batch(samples, 2), second.training_batch(samples, 2)));
        CHECK(!same(first.batch(samples), other.batch(samples)));
        CHECK(!same(first.batch(samples), first.training_batch(samples, 0)));
        CHECK(!same(first.training_batch(samples, 0), first.training_batch(samples, 1)));
        const int32_t alone = 5;
        const Batch one = first.training_batch(std::span(&alone, 1), 2);
        CHECK(row_of(one.inputs, 0) == row_of(first.training_batch(samples, 2).inputs, 5));
    }
}

TEST_CASE("a decoder is asked for the answer's tokens and its end, and for nothing else") {
    for (const SequenceProblem problem :
         {SequenceProblem::sort, SequenceProblem::reverse, SequenceProblem::copy, SequenceProblem::addition}) {
        const SequenceProblems data(problem, 40, items_of(problem), 2);
        const Batch batch = data.batch(numbered(40));
        CHECK(batch.targets.empty());
        const int64_t steps = batch.inputs.extent(1);
        REQUIRE(static_cast<int64_t>(batch.labels.size()) == 40 * steps);
        for (int32_t sample = 0; sample < 40; ++sample) {
            const std::string text = data.text(sample);
            const std::vector<int32_t> inputs = row_of(batch.inputs, sample);
            // Prompt, equals sign and answer, as one reads them; the end is only asked for.
            CHECK(joined(problem, inputs) == text + "=" + solved(problem, text));
            std::string asked;
            for (int64_t i = 0; i < steps; ++i) {
                const int32_t label = batch.labels[static_cast<size_t>(sample * steps + i)];
                const auto place = static_cast<size_t>(i);
                if (place < text.size() || place >= inputs.size()) {
                    CHECK(label == -1);
                } else if (place + 1 < inputs.size()) {
                    CHECK(label == inputs[place + 1]);
                    asked += problem_vocabulary(problem).token(label);
                } else {
                    CHECK(label == problem_end());
                }
            }
            CHECK(asked == solved(problem, text));
        }
    }
}

TEST_CASE("dates are the encoder's characters and the decoder's text from begin to end") {
    const SequenceProblems data(SequenceProblem::dates, 40, 2, 2);
    const Batch batch = data.batch(numbered(40));
    CHECK(batch.labels.empty());
    for (int32_t sample = 0; sample < 40; ++sample) {
        std::string lower = data.text(sample);
        for (char& each : lower)
            if (each >= 'A' && each <= 'Z') each = static_cast<char>(each + 32);
        CHECK(joined(SequenceProblem::dates, row_of(batch.inputs, sample)) == lower);
        std::vector<int32_t> target = row_of(batch.targets, sample);
        REQUIRE(target.size() == 12);
        CHECK(target.front() == problem_begin());
        CHECK(target.back() == problem_end());
        CHECK(joined(SequenceProblem::dates, std::span(target).subspan(1, 10)) == solved(SequenceProblem::dates, data.text(sample)));
    }
}

TEST_CASE("what a learner types is read as it is meant, and read back as it was") {
    CHECK(joined(SequenceProblem::sort, problem_prompt(SequenceProblem::sort, "3 1, 2")) == "312=");
    CHECK(joined(SequenceProblem::copy, problem_prompt(SequenceProblem::copy, "312=")) == "312=");
    CHECK(joined(SequenceProblem::addition, problem_prompt(SequenceProblem::addition, "27 + 58")) == "27+58=");
    CHECK(joined(SequenceProblem::dates, problem_prompt(SequenceProblem::dates, "3 March 2024")) == "3 march 2024");
    CHECK(joined(SequenceProblem::dates, problem_prompt(SequenceProblem::dates, "2024年3月3日")) == "2024年3月3日");
    CHECK(answered(SequenceProblem::sort, "9 0 9 1") == "0199");
    CHECK(answered(SequenceProblem::reverse, "1 2 3") == "321");
    CHECK(answered(SequenceProblem::addition, "007+1") == "8");
    CHECK(answered(SequenceProblem::addition, "0+0") == "0");
    CHECK(answered(SequenceProblem::addition, "99999999999999999999+1") == "100000000000000000000");
    for (const char* text : {"3 March 2024", "March 3, 2024", "mar 3 2024", "3.3.2024", "2024/3/3", "2024-03-03", "2024年3月3日"})
        CHECK(answered(SequenceProblem::dates, text) == "2024-03-03");
    for (const SequenceProblem problem : all) CHECK(answered(problem, problem_example(problem)) != "");
    CHECK(problem_vocabulary(SequenceProblem::sort).number("<end>") == problem_end());
    CHECK(problem_vocabulary(SequenceProblem::dates).number("<begin>") == problem_begin());
}

TEST_CASE("a sign that a problem does not have is named") {
    CHECK(says(refusal(SequenceProblem::sort, "3 x 1"), "\"x\""));
    CHECK(says(refusal(SequenceProblem::sort, "1+2"), "\"+\""));
    CHECK(says(refusal(SequenceProblem::addition, "1-2"), "\"-\""));
    CHECK(says(refusal(SequenceProblem::addition, "1-2"), "digits and +"));
    CHECK(says(refusal(SequenceProblem::reverse, "1 \U0001f642 2"), "\U0001f642"));
    CHECK(says(refusal(SequenceProblem::copy, "1 < 2"), "\"<\""));  // what begins the name of a token of its own
    CHECK(says(refusal(SequenceProblem::dates, "3 März 2024"), "\"ä\""));
    CHECK(says(refusal(SequenceProblem::dates, "2024=3"), "\"=\""));
    CHECK(says(refusal(SequenceProblem::sort, "\xff"), "\xef\xbf\xbd"));
    for (const SequenceProblem problem : all) CHECK(says(refusal(problem, ""), "nothing"));
    CHECK(says(refusal(SequenceProblem::sort, " , "), "nothing"));
}

TEST_CASE("a prompt without an answer is refused by what is wrong with it") {
    for (const char* text : {"12", "+", "1+", "+1", "1+2+3"})
        CHECK_THROWS_AS(problem_answer(SequenceProblem::addition, problem_prompt(SequenceProblem::addition, text)), ValueError);
    for (const char* text : {"march", "3 march", "3 march 24", "13/13/2024", "32.1.2024", "31 february 2024", "29.2.2023", "0.1.2024",
                             "a 3 2024", "1 2 3 2024", "99999.1.2024"})
        CHECK_THROWS_AS(problem_answer(SequenceProblem::dates, problem_prompt(SequenceProblem::dates, text)), ValueError);
}

TEST_CASE("a prompt that does not end with = is refused") {
    CHECK_THROWS_AS(problem_answer(SequenceProblem::sort, {}), ValueError);
    const auto digits = problem_vocabulary(SequenceProblem::sort).number("7");
    CHECK_THROWS_AS(problem_answer(SequenceProblem::copy, std::vector<int32_t>{digits, digits}), ValueError);
}

TEST_CASE("data sets that make no sense are refused, and so are samples outside") {
    CHECK_THROWS_AS(SequenceProblems(SequenceProblem::sort, 0, 6, 1), ValueError);
    CHECK_THROWS_AS(SequenceProblems(SequenceProblem::sort, 10, 1, 1), ValueError);
    CHECK_THROWS_AS(SequenceProblems(SequenceProblem::sort, 10, 17, 1), ValueError);
    CHECK_THROWS_AS(SequenceProblems(SequenceProblem::addition, 10, 0, 1), ValueError);
    CHECK_THROWS_AS(SequenceProblems(SequenceProblem::addition, 10, 9, 1), ValueError);
    CHECK(SequenceProblems(SequenceProblem::addition, 10, 8, 1).size() == 10);
    const SequenceProblems data(SequenceProblem::sort, 10, 16, 1);
    for (const int32_t sample : {-1, 10}) {
        CHECK_THROWS_AS(data.text(sample), ValueError);
        CHECK_THROWS_AS(data.batch(std::span(&sample, 1)), ValueError);
        CHECK_THROWS_AS(data.training_batch(std::span(&sample, 1), 0), ValueError);
    }
}

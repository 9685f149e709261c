// Texts are drawn as a learner would type them, so that what is trained on and what is typed go through the same reading.
#include "engine/data/sequence_problems.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>

#include "engine/errors.h"
#include "engine/random.h"

namespace trilens {
namespace {

constexpr const char *begin_name = "<begin>", *end_name = "<end>", *equals = "=";
constexpr const char* months[] = {"January", "February", "March",     "April",   "May",      "June",
                                  "July",    "August",   "September", "October", "November", "December"};

Vocabulary digits() {
    std::vector<std::string> tokens{begin_name, end_name, equals, "+"};
    for (char digit = '0'; digit <= '9'; ++digit) tokens.emplace_back(1, digit);
    return Vocabulary(tokens);
}

Vocabulary date_characters() {
    std::vector<std::string> tokens{begin_name, end_name, " ", "-", "/", ".", ",", "年", "月", "日"};
    for (char digit = '0'; digit <= '9'; ++digit) tokens.emplace_back(1, digit);
    for (char letter = 'a'; letter <= 'z'; ++letter) tokens.emplace_back(1, letter);
    return Vocabulary(tokens);
}

std::string lower(std::string text) {
    for (char& each : text)
        if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
    return text;
}

// Numbers and words of a date, in their order.
std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts;
    char kind = 0;
    for (const char each : text) {
        const char now = each >= '0' && each <= '9' ? '0' : each >= 'a' && each <= 'z' ? 'a' : 0;
        if (now != 0 && now == kind) parts.back() += each;
        else if (now != 0) parts.emplace_back(1, each);
        kind = now;
    }
    return parts;
}

bool is_number(const std::string& part) { return part[0] >= '0' && part[0] <= '9'; }

std::optional<int> month_of(const std::string& word) {
    for (int month = 0; month < 12; ++month)
        if (word.size() >= 3 && lower(months[month]).starts_with(word)) return month + 1;
    return std::nullopt;
}

// "2024-03-03" of a date in one of the forms of drawn_date(); nothing for another.
std::optional<std::string> iso(const std::string& text) {
    const std::vector<std::string> parts = parts_of(text);
    if (parts.size() != 3) return std::nullopt;
    int year = 0, month = 0, day = 0;
    const auto value = [&](size_t at) { return is_number(parts[at]) && parts[at].size() <= 4 ? std::stoi(parts[at]) : 0; };
    if (parts[0].size() == 4 && is_number(parts[0])) year = value(0), month = value(1), day = value(2);
    else if (const auto named = month_of(parts[0])) month = *named, day = value(1), year = value(2);
    else if (const auto second = month_of(parts[1])) day = value(0), month = *second, year = value(2);
    else day = value(0), month = value(1), year = value(2);
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1000 || month < 1 || day < 1 || !date.ok()) return std::nullopt;
    char out[16];
    std::snprintf(out, sizeof out, "%04d-%02d-%02d", year, month, day);
    return out;
}

std::string drawn_date(Random& random) {
    const int year = 1900 + static_cast<int>(random.below(200)), month = 1 + static_cast<int>(random.below(12)),
              day = 1 + static_cast<int>(random.below(28));
    const std::string y = std::to_string(year), m = std::to_string(month), d = std::to_string(day), name = months[month - 1];
    switch (random.below(6)) {
    case 0: return d + " " + name + " " + y;
    case 1: return name + " " + d + ", " + y;
    case 2: return name.substr(0, 3) + " " + d + ", " + y;
    case 3: return d + "." + m + "." + y;
    case 4: return y + "/" + m + "/" + d;
    default: return y + "年" + m + "月" + d + "日";
    }
}

std::string drawn_number(Random& random, int64_t most_digits) {
    const auto count = static_cast<int64_t>(random.below(static_cast<uint32_t>(most_digits))) + 1;
    std::string out;
    for (int64_t i = 0; i < count; ++i) out += static_cast<char>('0' + (i == 0 && count > 1 ? 1 + random.below(9) : random.below(10)));
    return out;
}

// The sum of two numbers in digits, however long.
std::string added(const std::string& a, const std::string& b) {
    std::string out;
    int carry = 0;
    for (size_t i = 0; i < std::max(a.size(), b.size()) || carry > 0; ++i) {
        const int sum = carry + (i < a.size() ? a[a.size() - 1 - i] - '0' : 0) + (i < b.size() ? b[b.size() - 1 - i] - '0' : 0);
        out += static_cast<char>('0' + sum % 10);
        carry = sum / 10;
    }
    std::ranges::reverse(out);
    const size_t first = out.find_first_not_of('0');
    return first == std::string::npos ? "0" : out.substr(first);
}

std::string text_of(SequenceProblem problem, std::span<const int32_t> tokens) {
    std::string text;
    for (const int32_t token : tokens) text += problem_vocabulary(problem).token(token);
    return text;
}

Tensor padded(const std::vector<std::vector<int32_t>>& rows) {
    size_t longest = 0;
    for (const auto& row : rows) longest = std::max(longest, row.size());
    Tensor out = Tensor::full(Shape{static_cast<int64_t>(rows.size()), static_cast<int64_t>(longest)}, -1);
    for (size_t i = 0; i < rows.size(); ++i)
        std::ranges::transform(rows[i], out.data() + i * longest, [](int32_t token) { return static_cast<float>(token); });
    return out;
}

}  // namespace

const Vocabulary& problem_vocabulary(SequenceProblem problem) {
    static const Vocabulary numbers = digits(), dates = date_characters();
    return problem == SequenceProblem::dates ? dates : numbers;
}

int32_t problem_begin() { return problem_vocabulary(SequenceProblem::dates).number(begin_name); }
int32_t problem_end() { return problem_vocabulary(SequenceProblem::dates).number(end_name); }

std::vector<int32_t> problem_prompt(SequenceProblem problem, std::string_view text) {
    const Vocabulary& vocabulary = problem_vocabulary(problem);
    const bool dates = problem == SequenceProblem::dates;
    std::vector<int32_t> tokens;
    for (const Token& token : tokenize(lower(std::string(text)), TokenKind::characters)) {
        const std::string& sign = token.text;
        if (!dates && (sign == " " || sign == "," || sign == equals)) continue;
        const int32_t number = sign == "+" && problem != SequenceProblem::addition ? Vocabulary::unknown : vocabulary.number(sign);
        if (number == Vocabulary::unknown)
            throw ValueError("sequence: \"" + sign + "\" is none of its signs, expected " +
                             (dates                                  ? "letters, digits and - / . , 年 月 日"
                              : problem == SequenceProblem::addition ? "digits and +"
                                                                     : "digits"));
        tokens.push_back(number);
    }
    if (tokens.empty()) throw ValueError("sequence: a text of nothing, expected at least one sign");
    if (!dates) tokens.push_back(vocabulary.number(equals));
    return tokens;
}

std::vector<int32_t> problem_answer(SequenceProblem problem, std::span<const int32_t> prompt) {
    const Vocabulary& vocabulary = problem_vocabulary(problem);
    std::vector<int32_t> answer(prompt.begin(), prompt.end());
    const std::string text = text_of(problem, prompt);
    const auto write = [&](const std::string& written) {
        answer.clear();
        for (const char sign : written) answer.push_back(vocabulary.number(std::string(1, sign)));
    };
    if (problem == SequenceProblem::dates) {
        const auto written = iso(text);
        if (!written) throw ValueError("sequence: \"" + text + "\" is no date in a form that is known, expected day, month and year");
        write(*written);
    } else {
        if (answer.empty() || answer.back() != vocabulary.number(equals))
            throw ValueError("sequence: \"" + text + "\" does not end with =, expected a prompt of problem_prompt()");
        answer.pop_back();
    }
    if (problem == SequenceProblem::sort) std::ranges::sort(answer);
    if (problem == SequenceProblem::reverse) std::ranges::reverse(answer);
    if (problem == SequenceProblem::addition) {
        const size_t plus = text.find('+');
        const std::string second = plus == std::string::npos ? "" : text.substr(plus + 1, text.size() - plus - 2);
        if (plus == std::string::npos || plus == 0 || second.empty() || second.find('+') != std::string::npos)
            throw ValueError("sequence: \"" + text + "\" is no sum, expected two numbers with + between them");
        write(added(text.substr(0, plus), second));
    }
    answer.push_back(problem_end());
    return answer;
}

std::string problem_example(SequenceProblem problem) {
    constexpr const char* examples[] = {"3 1 4 1 5", "1 2 3 4 5", "2 7 1 8 2", "27+58", "3 March 2024"};
    return examples[static_cast<size_t>(problem)];
}

SequenceProblems::SequenceProblems(SequenceProblem problem, int64_t samples, int64_t items, uint64_t seed)
    : problem_(problem), samples_(samples), items_(items), seed_(seed) {
    const bool addition = problem == SequenceProblem::addition;
    const int64_t least = addition ? 1 : 2, most = addition ? 8 : 16;
    if (samples < 1 || items < least || items > most)
        throw ValueError("sequence problems: " + std::to_string(samples) + " samples of " + std::to_string(items) +
                         " items, expected at least 1 sample of " + std::to_string(least) + " to " + std::to_string(most));
}

std::string SequenceProblems::drawn(int32_t sample, int64_t pass) const {
    if (sample < 0 || sample >= samples_)
        throw ValueError("sequence problems: sample " + std::to_string(sample) + ", expected 0 to " + std::to_string(samples_ - 1));
    Random random(seed_, (static_cast<uint64_t>(pass) << 32) | static_cast<uint32_t>(sample));
    if (problem_ == SequenceProblem::dates) return drawn_date(random);
    if (problem_ == SequenceProblem::addition) {
        // One after the other: C++ leaves it open which operand of a sum is drawn first.
        const std::string first = drawn_number(random, items_);
        return first + "+" + drawn_number(random, items_);
    }
    const auto count = static_cast<int64_t>(random.below(static_cast<uint32_t>(items_ - 1))) + 2;
    std::string text;
    for (int64_t i = 0; i < count; ++i) text += static_cast<char>('0' + random.below(10));
    return text;
}

Batch SequenceProblems::made(std::span<const int32_t> samples, int64_t pass) const {
    std::vector<std::vector<int32_t>> inputs, targets;
    for (const int32_t sample : samples) {
        inputs.push_back(problem_prompt(problem_, drawn(sample, pass)));
        targets.push_back(problem_answer(problem_, inputs.back()));
    }
    if (problem_ == SequenceProblem::dates) {
        for (auto& target : targets) target.insert(target.begin(), problem_begin());
        return {padded(inputs), {}, padded(targets)};
    }
    std::vector<size_t> given;
    for (size_t i = 0; i < inputs.size(); ++i) {
        given.push_back(inputs[i].size());
        inputs[i].insert(inputs[i].end(), targets[i].begin(), targets[i].end() - 1);
    }
    Batch batch{padded(inputs), {}, {}};
    const auto steps = static_cast<size_t>(batch.inputs.extent(1));
    batch.labels.assign(inputs.size() * steps, -1);
    for (size_t i = 0; i < inputs.size(); ++i)
        std::ranges::copy(targets[i], batch.labels.begin() + static_cast<std::ptrdiff_t>(i * steps + given[i] - 1));
    return batch;
}

}  // namespace trilens

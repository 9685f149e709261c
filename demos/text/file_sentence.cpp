// A sentence is of a kind if it is that kind's English line with a number at each of its places.
#include "demos/text/file_sentence.h"

#include <optional>
#include <vector>

#include "demos/text/text.h"

namespace trilens {
namespace {

constexpr Text kinds[] = {Text::file_accuracy_reviews,   Text::file_accuracy_goods,   Text::file_accuracy_characters,
                          Text::file_accuracy_translate, Text::file_accuracy_digits,  Text::file_data_reviews,
                          Text::file_data_goods,         Text::file_data_shakespeare, Text::file_data_poems,
                          Text::file_data_pairs,         Text::file_data_digits};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "52.35" of "52.35 % of", "10,000" of "10,000, and".
std::string_view leading_number(std::string_view text) {
    size_t length = 0;
    for (size_t i = 0; i < text.size() && (is_digit(text[i]) || text[i] == '.' || text[i] == ','); ++i)
        if (is_digit(text[i])) length = i + 1;
    return text.substr(0, length);
}

// The numbers at the places of the pattern, in order.
std::optional<std::vector<std::string_view>> numbers_of(std::string_view text, std::string_view pattern) {
    std::vector<std::string_view> numbers;
    while (!pattern.empty()) {
        if (pattern.front() == '{') {
            numbers.push_back(leading_number(text));
            if (numbers.back().empty()) return std::nullopt;
            text.remove_prefix(numbers.back().size());
            pattern.remove_prefix(3);
        } else {
            if (text.empty() || text.front() != pattern.front()) return std::nullopt;
            text.remove_prefix(1);
            pattern.remove_prefix(1);
        }
    }
    if (!text.empty()) return std::nullopt;
    return numbers;
}

}  // namespace

std::string say_file_sentence(std::string_view english) {
    for (const Text kind : kinds)
        if (const auto numbers = numbers_of(english, say(kind, Language::english))) return say(kind, *numbers);
    return std::string(english);
}

}  // namespace trilens

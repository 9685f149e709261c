// Reading and refusing what a model's file says of its plan.
#include "engine/models/plan_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>

#include "engine/errors.h"

namespace trilens {

std::vector<std::pair<std::string, std::string>> plan_words(const std::string& line) {
    std::vector<std::pair<std::string, std::string>> out;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
        const size_t sign = word.find('=');
        out.emplace_back(word.substr(0, sign), sign == std::string::npos ? "" : word.substr(sign + 1));
    }
    return out;
}

int64_t plan_number(const std::string& file, const std::string& name, const std::string& text) {
    constexpr int64_t most = 100000;
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
        throw FormatError(file + ": " + name + "=" + text + ", expected a whole number up to " + std::to_string(most));
    return value;
}

float plan_decimal(const std::string& file, const std::string& name, const std::string& text) {
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    float value = 0;
    if (!(stream >> value) || !stream.eof() || !std::isfinite(value))
        throw FormatError(file + ": " + name + "=" + text + ", expected a decimal number");
    return value;
}

std::string plan_decimal_text(float value) {
    std::ostringstream stream;
    stream.imbue(std::locale::classic());
    stream.precision(9);
    stream << value;
    return stream.str();
}

size_t plan_choice(const std::string& file, const std::string& name, const std::string& value, std::span<const char* const> names) {
    const auto found = std::ranges::find(names, value, [](const char* each) { return std::string(each); });
    if (found == names.end()) throw FormatError(file + ": there is no " + name + " " + value);
    return static_cast<size_t>(found - names.begin());
}

void refuse_plan_word(const std::string& file, const std::string& name, const std::string& value) {
    throw FormatError(file + ": its plan says " + name + "=" + value + ", which no plan has");
}

const std::string& metadata_entry(const std::string& file, const WeightFile& weights, const char* name) {
    const auto found = weights.metadata.find(name);
    if (found == weights.metadata.end()) throw FormatError(file + ": its metadata has no \"" + name + "\"");
    return found->second;
}

Vocabulary metadata_vocabulary(const std::string& file, const WeightFile& weights, const char* name, int64_t tokens) {
    Vocabulary vocabulary = Vocabulary::from_text(metadata_entry(file, weights, name));
    if (vocabulary.size() != std::max<int64_t>(tokens, 1))
        throw FormatError(file + ": a " + name + " of " + std::to_string(vocabulary.size()) + " tokens, its plan says " +
                          std::to_string(tokens));
    return vocabulary;
}

void need_matrix(const std::string& file, const WeightFile& weights, const std::string& tensor, const char* what, int64_t rows,
                 int64_t columns) {
    const auto found = weights.tensors.find(tensor);
    if (found == weights.tensors.end()) throw FormatError(file + ": it has no tensor " + tensor);
    const Shape& shape = found->second.shape();
    if (shape.rank() != 2 || shape[0] != rows || shape[1] != columns)
        throw FormatError(file + ": " + tensor + " is " + shape.text() + ", by the " + what + " of its plan it is [" +
                          std::to_string(rows) + ", " + std::to_string(columns) + "]");
}

void need_layers(const std::string& file, const WeightFile& weights, int64_t layers) {
    if (static_cast<size_t>(layers) > weights.tensors.size())
        throw FormatError(file + ": layers=" + std::to_string(layers) + ", but it has " + std::to_string(weights.tensors.size()) +
                          " tensors");
}

}  // namespace trilens

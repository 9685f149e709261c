// Names in a line of text, examples in JSON.
#include "demos/cnn/own_classes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/errors.h"

namespace trilens {

namespace {

constexpr size_t fewest = 2, most = 10, most_examples = 1000;

std::string trimmed(std::string_view text) {
    const size_t from = text.find_first_not_of(" \t\n\r");
    if (from == std::string_view::npos) return "";
    return std::string(text.substr(from, text.find_last_not_of(" \t\n\r") - from + 1));
}

// The names that classes have before the learner gives them one: A, B, ...
bool is_first_name(const std::string& name, size_t at) { return name == std::string(1, static_cast<char>('A' + at)); }

}  // namespace

int32_t OwnClasses::class_of(std::string_view text) {
    const std::string name = trimmed(text);
    if (name.empty() || name.find(',') != std::string::npos)
        throw ValueError("\"" + name + "\" is no name for a class: a word without a comma");
    for (size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<int32_t>(i);
    for (size_t i = 0; i < names.size(); ++i) {
        if (!is_first_name(names[i], i) || count(static_cast<int32_t>(i)) > 0) continue;
        names[i] = name;
        return static_cast<int32_t>(i);
    }
    if (names.size() == most) throw ValueError("there are 10 classes already: no room for " + name);
    names.push_back(name);
    return static_cast<int32_t>(names.size() - 1);
}

int64_t OwnClasses::count(int32_t label) const {
    return std::ranges::count_if(examples, [&](const OwnExample& each) { return each.label == label; });
}

std::vector<std::string> parse_names(std::string_view text) {
    std::vector<std::string> names;
    for (size_t at = 0; at <= text.size();) {
        // A Chinese comma separates as well.
        const size_t latin = std::min(text.find(',', at), text.size()), chinese = std::min(text.find("\xef\xbc\x8c", at), text.size());
        const size_t end = std::min(latin, chinese);
        if (std::string name = trimmed(text.substr(at, end - at)); !name.empty()) names.push_back(std::move(name));
        at = end + (end == chinese && chinese < latin ? 3 : 1);
    }
    if (names.size() < fewest || names.size() > most)
        throw ValueError(std::to_string(names.size()) + " classes are not allowed: 2 to 10 names, separated by commas");
    for (size_t i = 0; i < names.size(); ++i)
        if (std::find(names.begin() + static_cast<std::ptrdiff_t>(i) + 1, names.end(), names[i]) != names.end())
            throw ValueError("two classes are called " + names[i] + ": each needs a name of its own");
    return names;
}

std::string names_text(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

nlohmann::json examples_state(const std::vector<OwnExample>& examples) {
    nlohmann::json out = nlohmann::json::array();
    for (const OwnExample& each : examples) {
        nlohmann::json one = drawing_state(each.drawing);
        one["label"] = each.label;
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<OwnExample> examples_from(const nlohmann::json& state) {
    if (!state.is_array() || state.size() > most_examples)
        throw FormatError("examples are a list of at most " + std::to_string(most_examples));
    std::vector<OwnExample> examples;
    for (const auto& one : state) {
        const auto label = one.is_object() ? one.value("label", nlohmann::json()) : nlohmann::json();
        if (!label.is_number_integer() || label < 0 || label >= most) throw FormatError("an example has no label from 0 to 9");
        examples.push_back({drawing_from(one), label.get<int32_t>()});
    }
    return examples;
}

}  // namespace trilens

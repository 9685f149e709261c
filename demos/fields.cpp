// Fields: listing, checking and parsing of settings. Every way to change a setting ends in Fields::set.
#include "demos/fields.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "engine/errors.h"

namespace trilens {

namespace {

// The decimal a person would have written for a float: 0.1f is 0.1 and not 0.10000000149.
double decimal(float value) {
    char text[32];
    for (int digits = 6; digits <= 9; ++digits) {
        std::snprintf(text, sizeof text, "%.*g", digits, static_cast<double>(value));
        if (std::strtof(text, nullptr) == value) break;
    }
    return std::strtod(text, nullptr);
}

std::string short_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

[[noreturn]] void refuse(const Field& field, const FieldValue& value) {
    std::string shown = field_text(value);
    if (shown.size() > 80) shown = shown.substr(0, 80) + "...";
    throw ValueError(field.name + " = " + shown + " is not allowed: " + allowed(field));
}

bool within(const Range& range, double value) { return value >= range.min && value <= range.max; }

Field named(std::string name, Field::Type type, Text label, Text help) {
    Field field;
    field.name = std::move(name);
    field.type = type;
    field.label = label;
    field.help = help;
    return field;
}

bool whole(double value) { return std::floor(value) == value && std::fabs(value) < 9e15; }

}  // namespace

std::string field_text(const FieldValue& value) {
    if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const int64_t* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
    if (const double* real = std::get_if<double>(&value)) return short_text(*real);
    return std::get<std::string>(value);
}

std::string allowed(const Field& field) {
    switch (field.type) {
    case Field::Type::flag: return "true or false";
    case Field::Type::integer: return "a whole number from " + short_text(field.range.min) + " to " + short_text(field.range.max);
    case Field::Type::real: return "a number from " + short_text(field.range.min) + " to " + short_text(field.range.max);
    case Field::Type::text: return "text of at most " + std::to_string(field.longest) + " bytes";
    case Field::Type::choice: break;
    }
    std::string names;
    for (const Choice& choice : field.choices) names += (names.empty() ? "one of " : ", ") + choice.name;
    return names;
}

namespace {

FieldValue of_type(const Field& field, const FieldValue& value) {
    const int64_t* integer = std::get_if<int64_t>(&value);
    const double* real = std::get_if<double>(&value);
    const std::string* text = std::get_if<std::string>(&value);
    switch (field.type) {
    case Field::Type::flag:
        if (std::holds_alternative<bool>(value)) return value;
        break;
    case Field::Type::integer:
        if (integer && within(field.range, static_cast<double>(*integer))) return value;
        if (real && whole(*real) && within(field.range, *real)) return static_cast<int64_t>(*real);
        break;
    case Field::Type::real:
        if (real && within(field.range, *real)) return value;
        if (integer && within(field.range, static_cast<double>(*integer))) return static_cast<double>(*integer);
        break;
    case Field::Type::choice:
        if (text)
            for (const Choice& choice : field.choices)
                if (choice.name == *text) return value;
        break;
    case Field::Type::text:
        if (text && text->size() <= field.longest) return value;
        break;
    }
    refuse(field, value);
}

}  // namespace

FieldValue checked(const Field& field, const FieldValue& value) {
    FieldValue kept = of_type(field, value);
    if (field.check) field.check(kept);
    return kept;
}

FieldValue parsed(const Field& field, std::string_view text) {
    const std::string whole_text(text);
    char* end = nullptr;
    switch (field.type) {
    case Field::Type::flag:
        if (text == "true" || text == "1") return true;
        if (text == "false" || text == "0") return false;
        break;
    case Field::Type::integer:
    case Field::Type::real: {
        const double value = std::strtod(whole_text.c_str(), &end);
        if (!text.empty() && end == whole_text.c_str() + whole_text.size()) return checked(field, value);
        break;
    }
    case Field::Type::choice:
    case Field::Type::text: return checked(field, whole_text);
    }
    refuse(field, whole_text);
}

Field& Fields::add(Field field) {
    if (!effect_) throw std::logic_error("the field " + field.name + " is listed without its effect");
    field.effect = *effect_;
    if (find(field.name)) throw ValueError("field " + field.name + " is listed twice");
    field.section = section_;
    field.when = when_;
    field.initial = field.get();
    return fields_.emplace_back(std::move(field));
}

Field& Fields::flag(std::string name, Text label, Text help, bool& variable) {
    Field field = named(std::move(name), Field::Type::flag, label, help);
    field.get = [&variable] { return FieldValue(variable); };
    field.put = [&variable](const FieldValue& value) { variable = std::get<bool>(value); };
    return add(std::move(field));
}

Field& Fields::integer(std::string name, Text label, Text help, int& variable, Range range) {
    Field field = named(std::move(name), Field::Type::integer, label, help);
    field.range = range;
    field.get = [&variable] { return FieldValue(static_cast<int64_t>(variable)); };
    field.put = [&variable](const FieldValue& value) { variable = static_cast<int>(std::get<int64_t>(value)); };
    return add(std::move(field));
}

Field& Fields::real(std::string name, Text label, Text help, float& variable, Range range) {
    Field field = named(std::move(name), Field::Type::real, label, help);
    field.range = range;
    field.get = [&variable] { return FieldValue(decimal(variable)); };
    field.put = [&variable](const FieldValue& value) { variable = static_cast<float>(std::get<double>(value)); };
    return add(std::move(field));
}

Field& Fields::text(std::string name, Text label, Text help, std::string& variable, size_t longest) {
    Field field = named(std::move(name), Field::Type::text, label, help);
    field.longest = longest;
    field.get = [&variable] { return FieldValue(variable); };
    field.put = [&variable](const FieldValue& value) { variable = std::get<std::string>(value); };
    return add(std::move(field));
}

Field& Fields::add_choice(std::string name, Text label, Text help, std::vector<Choice> choices, std::function<int()> get,
                          std::function<void(int)> put) {
    Field field = named(std::move(name), Field::Type::choice, label, help);
    field.choices = choices;
    field.get = [choices, get] { return FieldValue(choices[static_cast<size_t>(get())].name); };
    field.put = [choices, put](const FieldValue& value) {
        for (size_t i = 0; i < choices.size(); ++i)
            if (choices[i].name == std::get<std::string>(value)) put(static_cast<int>(i));
    };
    return add(std::move(field));
}

const Field* Fields::find(std::string_view name) const {
    for (const Field& field : fields_)
        if (field.name == name) return &field;
    return nullptr;
}

const Field& Fields::at(std::string_view name) const {
    if (const Field* field = find(name)) return *field;
    std::string names;
    for (const Field& field : fields_) names += (names.empty() ? "" : ", ") + field.name;
    throw ValueError("there is no field " + std::string(name) + "; there are " + (names.empty() ? "none" : names));
}

FieldValue Fields::set(std::string_view name, const FieldValue& value) {
    const Field& field = at(name);
    FieldValue before = field.get();
    field.put(checked(field, value));
    return before;
}

void Fields::name_choices(std::string_view name, const std::vector<std::string>& literals) {
    at(name);
    for (Field& field : fields_)
        for (size_t i = 0; field.name == name && i < field.choices.size(); ++i)
            field.choices[i].literal = i < literals.size() ? literals[i] : "";
}

void Fields::show_only(std::string_view names) {
    std::vector<const Field*> shown;
    for (size_t begin = 0; begin <= names.size();) {
        const size_t end = std::min(names.find(',', begin), names.size());
        const std::string_view name = names.substr(begin, end - begin);
        begin = end + 1;
        if (name.empty()) continue;
        const bool full = name.find('.') != std::string_view::npos;
        const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const Field& field) {
            return full ? field.name == name : field.name.substr(field.name.find('.') + 1) == name;
        });
        shown.push_back(found != fields_.end() ? &*found : &at(name));   // at() throws, naming what there is
    }
    for (Field& field : fields_) field.listed = std::find(shown.begin(), shown.end(), &field) != shown.end();
}

void Fields::reset() {
    for (const Field& field : fields_) field.put(field.initial);
}

}  // namespace trilens

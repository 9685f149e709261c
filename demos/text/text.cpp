// The string tables, checked while compiling: both hold the same ids in the same order, and no string is empty.
#include "demos/text/text.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "engine/errors.h"

namespace trilens {

namespace {

struct Line {
    Text id;
    const char* text;
};

constexpr Line english[] = {
#define STRING(id, text) {Text::id, text},
#include "demos/text/english.inc"
#undef STRING
};

constexpr Line chinese[] = {
#define STRING(id, text) {Text::id, text},
#include "demos/text/chinese.inc"
#undef STRING
};

template <size_t N>
constexpr bool complete(const Line (&lines)[N]) {
    if (N != static_cast<size_t>(Text::count)) return false;
    for (size_t i = 0; i < N; ++i)
        if (lines[i].id != static_cast<Text>(i) || (lines[i].text[0] == 0 && lines[i].id != Text::section_none)) return false;
    return true;
}

static_assert(complete(english), "english.inc: a string is empty");
static_assert(complete(chinese), "chinese.inc: a string is missing, empty, or out of the order of english.inc");

Language current = Language::english;

}  // namespace

Language language() { return current; }
void set_language(Language language) { current = language; }

std::string_view code(Language language) { return language == Language::chinese ? "zh" : "en"; }

Language language_of(std::string_view code) {
    const std::string_view main = code.substr(0, code.find_first_of("-_"));
    if (main == "en") return Language::english;
    if (main == "zh") return Language::chinese;
    throw ValueError("language " + std::string(code) + " is not there: one of en, zh");
}

const char* say(Text id, Language language) {
    const auto at = static_cast<size_t>(id);
    return language == Language::chinese ? chinese[at].text : english[at].text;
}

const char* say(Text id) { return say(id, current); }

std::string say(Text id, std::initializer_list<std::string_view> parts) { return say(id, std::span(parts.begin(), parts.size())); }

std::string say(Text id, std::span<const std::string_view> parts) {
    std::string out;
    std::string_view pattern = say(id);
    while (!pattern.empty()) {
        const size_t at = pattern.find('{');
        out += pattern.substr(0, at);
        if (at == std::string_view::npos) break;
        const size_t part = static_cast<size_t>(pattern[at + 1] - '0');
        if (part < parts.size()) out += parts[part];
        pattern.remove_prefix(at + 3);
    }
    return out;
}

std::string number(double value) {
    char text[32];
    if (value == 0) value = 0;  // no "-0"
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

}  // namespace trilens

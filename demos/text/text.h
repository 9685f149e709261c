// Every string a learner sees, by id, in English and Chinese.
// One line in english.inc and one in chinese.inc make a string; a line missing in either does not compile.
// The terms of the course are fixed by its glossary (feature map 特征图, kernel 卷积核, ...): use those and no others.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace trilens {

enum class Text {
#define STRING(id, text) id,
#include "demos/text/english.inc"
#undef STRING
    count
};

enum class Language { english, chinese };

Language language();
void set_language(Language language);
std::string_view code(Language language);                     // "en", "zh"
Language language_of(std::string_view code);                  // "zh-CN" is zh; throws ValueError for a language we have not

// The string in the current language, or in the one given.
const char* say(Text id);
const char* say(Text id, Language language);
// The same with {0}, {1}, ... replaced.
std::string say(Text id, std::initializer_list<std::string_view> parts);
std::string say(Text id, std::span<const std::string_view> parts);

// A number as shown everywhere: four significant digits, no "-0", "1.2e-05" for the very small.
std::string number(double value);

}  // namespace trilens

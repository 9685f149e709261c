// What a shipped network's file says of itself, in the page's language. Its metadata are English sentences with numbers in them, written by
// `train`; each kind of sentence has a line in the string tables (file_...), so that the numbers stay those of the file.
#pragma once

#include <string>
#include <string_view>

namespace trilens {

// The sentence in the current language; one of no known kind stays as it is.
std::string say_file_sentence(std::string_view english);

}  // namespace trilens

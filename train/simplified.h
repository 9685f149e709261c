// Chinese poems are handed down in traditional characters; who learns here types simplified ones.
#pragma once

#include <string>
#include <string_view>

namespace trilens {

// Character by character; what has no simplified form in the table stays as it is.
std::string simplified(std::string_view traditional);

}  // namespace trilens

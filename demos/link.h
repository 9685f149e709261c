// What a link is made of: "name=value&name=value", percent-encoded text, and bytes in the 64 letters that need no encoding.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trilens {

std::string link_text(std::string_view text);             // percent-encoded (RFC 3986): letters, digits, - _ . stay
std::string link_bytes(std::string_view bytes);           // base64url without padding (RFC 4648, section 5)
std::string bytes_of_link(std::string_view text);         // its inverse; throws FormatError for any other letter

// The pairs of a query or fragment, decoded, in their order; a leading '?' or '#' is skipped. Never throws.
std::vector<std::pair<std::string, std::string>> link_pairs(std::string_view link);

}  // namespace trilens

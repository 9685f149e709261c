// Encoding and decoding of links.
#include "demos/link.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "engine/errors.h"

namespace trilens {

namespace {

constexpr char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string from_percent(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '+') out += ' ';
        else if (text[i] == '%' && i + 2 < text.size() && std::sscanf(std::string(text.substr(i + 1, 2)).c_str(), "%2x", &byte) == 1) {
            out += static_cast<char>(byte);
            i += 2;
        } else out += text[i];
    }
    return out;
}

}  // namespace

std::string link_bytes(std::string_view bytes) {
    std::string out;
    for (size_t i = 0; i < bytes.size(); i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0u);
        for (size_t k = 0; k < std::min<size_t>(4, bytes.size() - i + 1); ++k) out += base64_digits[group >> (18 - 6 * k) & 63];
    }
    return out;
}

std::string bytes_of_link(std::string_view text) {
    std::string out;
    uint32_t bits = 0;
    int held = 0;
    for (const char letter : text) {
        const size_t digit = std::string_view(base64_digits).find(letter);
        if (digit == std::string_view::npos) throw FormatError("the state in the link is damaged at '" + std::string(1, letter) + "'");
        bits = bits << 6 | static_cast<uint32_t>(digit);
        held += 6;
        if (held >= 8) out += static_cast<char>(bits >> (held -= 8) & 255);
    }
    return out;
}

std::string link_text(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        const auto byte = static_cast<uint8_t>(letter);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '-' ||
                           byte == '_' || byte == '.';
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", byte);
        out += plain ? std::string(1, letter) : std::string(code);
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> link_pairs(std::string_view link) {
    while (!link.empty() && (link.front() == '?' || link.front() == '#')) link.remove_prefix(1);
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!link.empty()) {
        const std::string_view pair = link.substr(0, link.find('&'));
        link.remove_prefix(std::min(pair.size() + 1, link.size()));
        const size_t equals = std::min(pair.find('='), pair.size());
        pairs.emplace_back(from_percent(pair.substr(0, equals)), from_percent(pair.substr(std::min(equals + 1, pair.size()))));
    }
    return pairs;
}

}  // namespace trilens

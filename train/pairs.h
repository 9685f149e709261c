// Sentences in English with their Chinese, as Tatoeba has them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace trilens {

struct SentencePair {
    std::string english, chinese;  // the Chinese in simplified characters
};

// A pair a line, with a tab between. Throws FormatError for a missing file or a line without a tab.
std::vector<SentencePair> read_pairs(const std::filesystem::path& file);

}  // namespace trilens

// Reviews with a verdict, from the files that their collectors published.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace trilens {

struct Review {
    std::string text;      // UTF-8
    bool positive = false;
    std::string source;    // "movies", "hotels", "takeaway", "shopping"
};

// rt-polarity.pos and .neg of Pang and Lee 2005, latin-1, a sentence a line; without those that are there twice. Throws FormatError, saying
// where to get the files.
std::vector<Review> read_english_reviews(const std::filesystem::path& folder);

// ChnSentiCorp_htl_all.csv, waimai_10k.csv and online_shopping_10_cats.csv (the last in its .zip or not); without those that are there
// twice.
std::vector<Review> read_chinese_reviews(const std::filesystem::path& folder);

}  // namespace trilens

// chrF: how much of a translation's character n-grams is in a reference, and of the reference's in the translation. Popovic 2015, "chrF:
// character n-gram F-score for automatic MT evaluation".
//
// The variant: n = 1 to 6, beta = 2 (recall counts twice as much), no word n-grams, spaces left out, case kept. Matches are summed over the
// whole corpus;
// precision and recall are averaged over those n that occur on both sides, then chrF = (1 + beta^2) P R / (beta^2 P + R). Of several
// references each translation is held against the one that gives it the best score by itself.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace trilens {

class Chrf {
public:
    // Throws ValueError for no references. Bytes that are no UTF-8 read as U+FFFD.
    void add(std::string_view translation, std::span<const std::string> references);
    double score() const;  // 0 to 1; 0 before anything was added

private:
    static constexpr int orders = 6;
    struct Counts {
        std::array<int64_t, orders> translation{}, reference{}, matches{};
    };
    static Counts counts_of(std::string_view translation, std::string_view reference);
    static double score_of(const Counts& counts);

    Counts sum_;
};

}  // namespace trilens

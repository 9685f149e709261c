// Counting n-grams.
#include "engine/train/chrf.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <vector>

#include "engine/data/tokens.h"
#include "engine/errors.h"

namespace trilens {
namespace {

std::vector<std::string> characters(std::string_view text) {
    std::vector<std::string> out;
    for (Token& token : tokenize(text, TokenKind::characters))
        if (token.text.size() > 1 || !std::isspace(static_cast<unsigned char>(token.text[0]))) out.push_back(std::move(token.text));
    return out;
}

std::map<std::vector<std::string>, int64_t> n_grams(const std::vector<std::string>& text, size_t n) {
    std::map<std::vector<std::string>, int64_t> out;
    for (size_t i = 0; i + n <= text.size(); ++i)
        ++out[{text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(i + n)}];
    return out;
}

}  // namespace

Chrf::Counts Chrf::counts_of(std::string_view translation, std::string_view reference) {
    const std::vector<std::string> written = characters(translation), wanted = characters(reference);
    Counts counts;
    for (size_t n = 1; n <= orders; ++n) {
        if (written.size() < n || wanted.size() < n) {
            // What cannot be compared counts only against what is missing.
            counts.reference[n - 1] = wanted.size() < n ? 0 : static_cast<int64_t>(wanted.size() - n + 1);
            continue;
        }
        counts.translation[n - 1] = static_cast<int64_t>(written.size() - n + 1);
        counts.reference[n - 1] = static_cast<int64_t>(wanted.size() - n + 1);
        const auto have = n_grams(written, n);
        for (const auto& [gram, count] : n_grams(wanted, n))
            if (const auto found = have.find(gram); found != have.end()) counts.matches[n - 1] += std::min(count, found->second);
    }
    return counts;
}

double Chrf::score_of(const Counts& counts) {
    double precision = 0, recall = 0;
    int used = 0;
    for (size_t n = 0; n < orders; ++n) {
        if (counts.translation[n] == 0 || counts.reference[n] == 0) continue;
        precision += static_cast<double>(counts.matches[n]) / static_cast<double>(counts.translation[n]);
        recall += static_cast<double>(counts.matches[n]) / static_cast<double>(counts.reference[n]);
        ++used;
    }
    if (precision + recall == 0) return 0;
    precision /= used;
    recall /= used;
    constexpr double beta_squared = 4;
    return (1 + beta_squared) * precision * recall / (beta_squared * precision + recall);
}

void Chrf::add(std::string_view translation, std::span<const std::string> references) {
    if (references.empty()) throw ValueError("chrF: no references, expected at least one");
    std::optional<Counts> best;
    for (const std::string& reference : references) {
        const Counts counts = counts_of(translation, reference);
        if (!best || score_of(counts) > score_of(*best)) best = counts;
    }
    for (size_t n = 0; n < orders; ++n) {
        sum_.translation[n] += best->translation[n];
        sum_.reference[n] += best->reference[n];
        sum_.matches[n] += best->matches[n];
    }
}

double Chrf::score() const { return score_of(sum_); }

}  // namespace trilens

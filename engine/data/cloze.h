// Sentences with blanks: what a network learns to fill in (BERT: Devlin et al. 2019, section 3.1, "masked LM"). The sentences come from a
// small grammar in which the missing word follows from words on both sides of it: a verb agrees with its subject across other nouns (Linzen
// et al. 2016), a pronoun with a name, a drink with drinking; in Chinese a measure word with a noun that comes after it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/data/tokens.h"

namespace trilens {

enum class ClozeLanguage { english, chinese };

// Every word (Chinese: character) of the grammar, and the blank.
const Vocabulary& cloze_vocabulary(ClozeLanguage language);
int32_t cloze_blank(ClozeLanguage language);
// A learner's sentence as tokens: a run of "_", or "[MASK]", is a blank. Words that the grammar does not have stand as they are.
std::vector<Token> cloze_tokens(ClozeLanguage language, std::string_view text);
// The same seed and stream give the same sentence, without blanks.
std::string cloze_sentence(ClozeLanguage language, uint64_t seed, uint64_t stream);

// Inputs [N, T], -1 after the end of a shorter sentence; labels N * T, the word that stood there where it is asked for, else -1. 15 % of
// the words, at least one a sentence, are asked for. In training batches 80 % of these are blanks, 10 % other words, 10 % left as they are,
// anew in every pass; in batch() all are blanks.
class ClozeSentences : public DataSet {
public:
    // Throws ValueError for no samples.
    ClozeSentences(ClozeLanguage language, int64_t samples, uint64_t seed);

    int64_t size() const override { return samples_; }
    Batch batch(std::span<const int32_t> samples) const override { return made(samples, 0); }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override { return made(samples, epoch + 1); }

private:
    Batch made(std::span<const int32_t> samples, int64_t pass) const;

    ClozeLanguage language_;
    int64_t samples_;
    uint64_t seed_;
};

}  // namespace trilens

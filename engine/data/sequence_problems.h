// Small problems on sequences that a Transformer learns in a page: sort, reverse, copy, add, and dates to write in one form. Every problem
// has a right answer, so what a network writes can be judged to the last token.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/data/tokens.h"

namespace trilens {

enum class SequenceProblem { sort, reverse, copy, addition, dates };

// Digits, "+", "=", the end's token; of dates every character that a date may have, the beginning's token and the end's.
const Vocabulary& problem_vocabulary(SequenceProblem problem);
int32_t problem_begin();  // dates: what the decoder's text begins with
int32_t problem_end();  // what every answer ends with

// What the network is given for a text that the learner typed: "3 1 2" or "312" as 3 1 2 =, "27+58" as 2 7 + 5 8 =; of dates ("3 March
// 2024", "2024年3月3日") the characters as they stand. Throws ValueError naming the first character that the problem does not have, or for a
// text of nothing.
std::vector<int32_t> problem_prompt(SequenceProblem problem, std::string_view text);
// The right answer to a prompt, with the end's token. Throws ValueError where there is none: an addition without two numbers, a date that
// is in no form that is trained on.
std::vector<int32_t> problem_answer(SequenceProblem problem, std::span<const int32_t> prompt);
std::string problem_example(SequenceProblem problem);  // a text to begin with

// Samples drawn from the seed; each pass of training draws others, batch() always the same. Of a decoder: inputs [N, T] prompt and answer,
// labels N * T with -1 on the prompt. Of dates, an encoder_decoder: inputs [N, T_source], targets [N, T_target] from begin to end.
class SequenceProblems : public DataSet {
public:
    // Sequences of 2 to `items` things; numbers of 1 to `items` digits to add. Throws ValueError for no samples or items outside 2 to 16
    // (addition: 1 to 8).
    SequenceProblems(SequenceProblem problem, int64_t samples, int64_t items, uint64_t seed);

    int64_t size() const override { return samples_; }
    Batch batch(std::span<const int32_t> samples) const override { return made(samples, 0); }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override { return made(samples, epoch + 1); }
    // The text of a sample of batch(), as a learner would type it.
    std::string text(int32_t sample) const { return drawn(sample, 0); }

private:
    std::string drawn(int32_t sample, int64_t pass) const;
    Batch made(std::span<const int32_t> samples, int64_t pass) const;

    SequenceProblem problem_;
    int64_t samples_, items_;
    uint64_t seed_;
};

}  // namespace trilens

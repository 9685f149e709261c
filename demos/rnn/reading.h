// RnnReading: the sequence that a network reads, made of the learner's input by the task, with what is shown for each of its steps.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/data/tokens.h"
#include "engine/tensor.h"

namespace trilens {

struct RnnReading {
    std::vector<std::string> labels;  // one for each step: a token as it is shown, or a number
    std::vector<int32_t> tokens;  // their numbers in the vocabulary; none where no text is read
    Tensor inputs;  // [T] tokens or [T, F]
    std::optional<int64_t> marked;  // the step whose value is to be remembered
    int32_t target = -1;  // the right class; -1 where it is not known or there are no classes

    int64_t steps() const { return static_cast<int64_t>(labels.size()); }
    bool is_known(int64_t step) const { return tokens.empty() || tokens[static_cast<size_t>(step)] != Vocabulary::unknown; }
};

std::string number_label(float value);  // of a step: two decimals
RnnReading read_numbers(std::span<const float> values);  // one number a step

}  // namespace trilens

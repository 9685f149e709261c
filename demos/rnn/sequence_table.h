// Sequences as a table: their numbers, what the network says to each of them, and whether that is right. For the tasks with two classes
// (sum, needle).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "demos/rnn/workbench.h"
#include "demos/stage.h"

namespace trilens {

struct JudgedSequences {
    Batch batch;  // inputs [N, T, F], N labels
    Tensor probabilities;  // [N, 2]

    int64_t rows() const { return static_cast<int64_t>(batch.labels.size()); }
    int32_t answer(int64_t row) const;  // the more probable class; of equal ones the first
};

// Those of the bench's data, by number, as the network on screen sees them.
JudgedSequences judge_sequences(const RnnWorkbench& bench, std::span<const int32_t> samples);

struct SequenceTable {
    float height = 0;  // used
    std::optional<int64_t> clicked{};  // the row, in this frame
};
// Registers "rnn.first" for all of it and "rnn.first:ROW". Rows can be clicked where the task's input is numbers (sum).
SequenceTable draw_sequence_table(Stage& stage, const RnnWorkbench& bench, const JudgedSequences& sequences, Rect area);

}  // namespace trilens

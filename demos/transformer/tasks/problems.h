// The problems of the task "sequences", one row each.
#pragma once

#include <span>

#include "demos/text/text.h"
#include "engine/data/sequence_problems.h"

namespace trilens {

struct ProblemEntry {
    SequenceProblem problem;
    const char* id;  // in links and the page API; also the name of its text there
    Text label;
    const char* size_field;  // "transformer." + it: how large its samples are; null: they are as they are
};

std::span<const ProblemEntry> problem_table();  // in the order of SequenceProblem

}  // namespace trilens

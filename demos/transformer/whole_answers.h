// What the network answers to the validation samples of the problem that it is trained on, judged to the last token.
#pragma once

#include <string>
#include <vector>

#include "demos/transformer/workbench.h"

namespace trilens {

struct WholeAnswers {
    struct Answer {
        std::string prompt, written, right;
        bool correct = false;
    };
    std::vector<Answer> first;  // of the first samples
    int64_t judged = 0, correct = 0;
};

// Of at most `most` samples of the data set that no batch of training has the like of: batch(), which training never sees. Task sequences only.
WholeAnswers judge_answers(const TransformerWorkbench& bench, int64_t most, size_t shown);

}  // namespace trilens

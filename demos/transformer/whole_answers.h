// What the network answers to the validation samples of the problem that it is trained on, judged to the last token.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "demos/transformer/workbench.h"
#include "engine/budget.h"
#include "engine/data/sequence_problems.h"

namespace trilens {

struct WholeAnswers {
    struct Answer {
        std::string prompt, written, right;
        bool correct = false;
    };
    std::vector<Answer> first;  // of the first samples
    int64_t judged = 0, correct = 0;
};

// Judges at most `most` samples of the data set that no batch of training has the like of: batch(), which training never sees; keeps the
// first `shown`. Task sequences only. It has weights of its own: what is judged is one network, however training goes on.
class AnswerJudge {
public:
    AnswerJudge(const TransformerWorkbench& bench, int64_t most, size_t shown);
    bool step(const Budget& budget);  // a sample is a piece
    const WholeAnswers& answers() const { return answers_; }  // so far

private:
    void judge(int32_t sample);

    SequenceProblem problem_;
    std::shared_ptr<const SequenceProblems> data_;
    std::shared_ptr<Transformer> model_;
    TransformerLook look_;
    std::vector<int32_t> samples_;
    size_t shown_;
    WholeAnswers answers_;
};

WholeAnswers judge_answers(const TransformerWorkbench& bench, int64_t most, size_t shown);  // all at once

}  // namespace trilens

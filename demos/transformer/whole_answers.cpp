// A whole answer is right if it is written greedily to the last token; kept keys make that as cheap as reading it once.
#include "demos/transformer/whole_answers.h"

#include <algorithm>

#include "engine/models/decoding.h"

namespace trilens {

namespace {

Tensor as_tensor(const std::vector<int32_t>& tokens) {
    Tensor out(Shape{static_cast<int64_t>(tokens.size())});
    std::ranges::transform(tokens, out.data(), [](int32_t token) { return static_cast<float>(token); });
    return out;
}

}  // namespace

AnswerJudge::AnswerJudge(const TransformerWorkbench& bench, int64_t most, size_t shown)
    : problem_(bench.settings.problem),
      data_(std::dynamic_pointer_cast<const SequenceProblems>(bench.data())),
      model_(bench.copy()),
      look_(bench.look()),
      samples_(bench.split().validation),
      shown_(shown) {
    samples_.resize(std::min(samples_.size(), static_cast<size_t>(most)));
}

bool AnswerJudge::step(const Budget& budget) {
    const auto left = [&] { return answers_.judged < static_cast<int64_t>(samples_.size()); };
    while (left()) {
        judge(samples_[static_cast<size_t>(answers_.judged)]);
        if (!budget()) break;
    }
    return left();
}

void AnswerJudge::judge(int32_t sample) {
    const Vocabulary& signs = problem_vocabulary(problem_);
    const auto text = [&](const std::vector<int32_t>& tokens) {
        std::string words;
        for (const int32_t token : tokens)
            if (token != problem_end()) words += signs.token(token);
        return words;
    };
    const std::vector<int32_t> prompt = problem_prompt(problem_, data_->text(sample)), right = problem_answer(problem_, prompt);
    const DecodingSettings until{problem_end(), static_cast<int64_t>(right.size())};
    const std::vector<int32_t> begin{problem_begin()};
    const Hypothesis written = problem_ == SequenceProblem::dates
                                   ? generate_greedily(Decoder(*model_, as_tensor(prompt), look_), begin, until)
                                   : generate_greedily(Decoder(*model_, look_), prompt, until);
    const bool correct = written.tokens == right;
    if (answers_.first.size() < shown_) answers_.first.push_back({text(prompt), text(written.tokens), text(right), correct});
    ++answers_.judged;
    answers_.correct += correct ? 1 : 0;
}

WholeAnswers judge_answers(const TransformerWorkbench& bench, int64_t most, size_t shown) {
    AnswerJudge judge(bench, most, shown);
    while (judge.step([] { return true; })) continue;
    return judge.answers();
}

}  // namespace trilens

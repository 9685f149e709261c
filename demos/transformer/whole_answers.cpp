// A whole answer is right if it is written greedily to the last token; kept keys make that as cheap as reading it once.
#include "demos/transformer/whole_answers.h"

#include <algorithm>

#include "engine/data/sequence_problems.h"
#include "engine/models/decoding.h"

namespace trilens {

namespace {

Tensor as_tensor(const std::vector<int32_t>& tokens) {
    Tensor out(Shape{static_cast<int64_t>(tokens.size())});
    std::ranges::transform(tokens, out.data(), [](int32_t token) { return static_cast<float>(token); });
    return out;
}

}  // namespace

WholeAnswers judge_answers(const TransformerWorkbench& bench, int64_t most, size_t shown) {
    WholeAnswers out;
    const SequenceProblem problem = bench.settings.problem;
    const Vocabulary& signs = problem_vocabulary(problem);
    const auto data = std::dynamic_pointer_cast<const SequenceProblems>(bench.data());
    const auto model = bench.model();
    const TransformerLook look = bench.look();
    const auto text = [&](const std::vector<int32_t>& tokens) {
        std::string words;
        for (const int32_t token : tokens)
            if (token != problem_end()) words += signs.token(token);
        return words;
    };
    const auto validation = bench.split().validation;
    for (const int32_t sample : std::span(validation).first(std::min<size_t>(validation.size(), static_cast<size_t>(most)))) {
        const std::vector<int32_t> prompt = problem_prompt(problem, data->text(sample)), right = problem_answer(problem, prompt);
        const DecodingSettings until{problem_end(), static_cast<int64_t>(right.size())};
        const std::vector<int32_t> begin{problem_begin()};
        const Hypothesis written = problem == SequenceProblem::dates
                                       ? generate_greedily(Decoder(*model, as_tensor(prompt), look), begin, until)
                                       : generate_greedily(Decoder(*model, look), prompt, until);
        const bool correct = written.tokens == right;
        if (out.first.size() < shown) out.first.push_back({text(prompt), text(written.tokens), text(right), correct});
        ++out.judged;
        out.correct += correct ? 1 : 0;
    }
    return out;
}

}  // namespace trilens

// Sort, reverse, copy, add, dates: problems with one right answer, trained in the page.
#include <algorithm>
#include <iterator>

#include "demos/transformer/tasks/problems.h"
#include "demos/transformer/tasks/writing_task.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int64_t longest_sequence = 64, most_answer = 24;

constexpr ProblemEntry problems[] = {
    {SequenceProblem::sort, "sort", Text::transformer_problem_sort, "items"},
    {SequenceProblem::reverse, "reverse", Text::transformer_problem_reverse, "items"},
    {SequenceProblem::copy, "copy", Text::transformer_problem_copy, "items"},
    {SequenceProblem::addition, "addition", Text::transformer_problem_addition, "digits"},
    {SequenceProblem::dates, "dates", Text::transformer_problem_dates, nullptr},
};

constexpr bool in_order() {
    for (size_t i = 0; i < std::size(problems); ++i)
        if (problems[i].problem != static_cast<SequenceProblem>(i)) return false;
    return true;
}
static_assert(in_order(), "a problem stands at the place that its enumerator has");

const ProblemEntry& entry(const TransformerContext& at) { return problems[static_cast<size_t>(at.settings.problem)]; }

class SequencesTask : public WritingTask {
public:
    const char* id() const override { return "sequences"; }
    Text label() const override { return Text::transformer_task_sequences; }
    bool has_field(std::string_view name, const Context& at) const override {
        return name == "problem" || (entry(at).size_field && name == entry(at).size_field);
    }

    Text read_title() const override { return Text::transformer_read_sequence; }
    Text read_hint() const override { return Text::transformer_hint_sequence; }
    std::vector<TransformerText> texts() const override {
        std::vector<TransformerText> all;
        for (const ProblemEntry& each : problems) all.push_back({each.id, problem_example(each.problem)});
        return all;
    }
    const char* text_name(const Context& at) const override { return entry(at).id; }
    void read(const Context& at, TransformerReading& into) const override {
        const std::vector<int32_t> prompt = prompt_of(at);
        constexpr int64_t most = longest_sequence - most_answer;
        if (static_cast<int64_t>(prompt.size()) > most)
            throw ValueError(say(Text::transformer_too_long, {std::to_string(prompt.size()), std::to_string(most)}));
        const bool translates = plan(at).kind == TransformerPlan::Kind::encoder_decoder;
        if (translates) into.source = row_of(prompt, *vocabulary(at));
        into.prompt = translates ? std::vector<int32_t>{problem_begin()} : prompt;
    }

    std::string network(const Context& at) const override { return entry(at).id; }
    TransformerPlan plan(const Context& at) const override {
        TransformerPlan plan;
        plan.kind = at.settings.problem == SequenceProblem::dates ? TransformerPlan::Kind::encoder_decoder : TransformerPlan::Kind::decoder;
        plan.vocabulary = vocabulary(at)->size();
        plan.layer = {48, 4, 12, 192};
        plan.layer.norm = TransformerLayerSettings::Norm::pre;
        plan.positions = Positions::learned;
        plan.max_length = longest_sequence;
        return plan;
    }
    const Vocabulary* vocabulary(const Context& at) const override { return &problem_vocabulary(at.settings.problem); }

    std::shared_ptr<const DataSet> data(const Context& at) const override {
        const TransformerSettings& s = at.settings;
        return std::make_shared<SequenceProblems>(s.problem, s.samples, s.problem == SequenceProblem::addition ? s.digits : s.items,
                                                  static_cast<uint64_t>(s.seed));
    }
    std::string data_key(const Context& at) const override {
        return std::to_string(at.settings.items) + " " + std::to_string(at.settings.digits);
    }

    int64_t most_steps(int64_t given) const override { return std::clamp<int64_t>(longest_sequence - given, 0, most_answer); }
    int32_t ending() const override { return problem_end(); }
    bool is_judged() const override { return true; }
    // None for a sum or a date that has none.
    std::optional<std::string> right_answer(const Context& at) const override {
        try {
            return written_text(at, problem_answer(at.settings.problem, prompt_of(at)));
        } catch (const ValueError&) {
            return std::nullopt;
        }
    }

private:
    static std::vector<int32_t> prompt_of(const Context& at) {
        try {
            return problem_prompt(at.settings.problem, at.input.texts.at(entry(at).id));
        } catch (const ValueError&) {
            throw ValueError(say(Text::transformer_sequence_signs));
        }
    }
};

}  // namespace

std::span<const ProblemEntry> problem_table() { return problems; }

const TransformerTask& transformer_sequences_task() {
    static const SequencesTask task;
    return task;
}

}  // namespace trilens

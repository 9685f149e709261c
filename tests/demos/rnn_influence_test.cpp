// What each step did to the answer: against a network that can be computed by hand, and against leaving steps out one by one.
#include "demos/rnn/influence.h"
#include "demos/rnn/tasks/tasks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "engine/autograd/recurrent.h"

using namespace trilens;

namespace {

const InfluenceResult* finish(Influence& influence) {
    for (int pieces = 0; pieces < 2000 && influence.step([] { return false; }); ++pieces) {
    }
    return influence.latest();
}

// The answer of the workbench's network without `step` (-1: with all): the probability of `answer`, or the number.
float one_pass(const RnnWorkbench& bench, int64_t step, int32_t answer) {
    Graph graph("rnn.");
    SequenceLook look{.held = bench.held};
    if (step >= 0) look.skipped = {step};
    const Value scores = bench.model()->forward(graph, bench.sequence(), look);
    const Tensor all = answer < 0 ? scores.tensor() : graph.find("rnn.probabilities").tensor();
    return all.data()[all.elements() - all.shape()[-1] + std::max(answer, 0)];
}

void check_all(const RnnWorkbench& bench, const InfluenceResult* result) {
    REQUIRE(result);
    REQUIRE(result->complete());
    REQUIRE(result->steps == bench.steps());
    CHECK(result->with_all == one_pass(bench, -1, result->answer));
    for (int64_t step = 0; step < bench.steps(); ++step) {
        CAPTURE(step);
        CHECK(result->without[static_cast<size_t>(step)] == one_pass(bench, step, result->answer));
    }
}

}  // namespace

TEST_CASE("a network that adds numbers up: without a number the probability is that of the sum without it") {
    RnnWorkbench bench;
    bench.settings.hidden_size = 1;
    bench.settings.length = 4;
    bench.input.numbers = {0.5f, 0.25f, 2, 0.125f};
    const Tensor one = Tensor::full(Shape{1, 1}, 1), none(Shape{1});
    // h = x1 + x2 + ..; scores 2 - h and h.
    bench.use_weights(rnn_cell("rnn"),
                      {one, one, none, Tensor(Shape{2, 1}, std::vector<float>{-1, 1}), Tensor(Shape{2}, std::vector<float>{2, 0})});
    bench.compute();
    Influence influence;
    influence.ask(bench);
    const InfluenceResult* result = finish(influence);
    REQUIRE(result);
    CHECK(result->answer == 1);
    const auto probability = [](double sum) { return 1 / (1 + std::exp(2 - 2 * sum)); };
    CHECK(static_cast<double>(result->with_all) == doctest::Approx(probability(2.875)).epsilon(1e-5));
    for (size_t i = 0; i < 4; ++i)
        CHECK(static_cast<double>(result->without[i]) ==
              doctest::Approx(probability(2.875 - static_cast<double>(bench.input.numbers[i]))).epsilon(1e-5));
    CHECK(result->strongest(5) == std::vector<int64_t>{2, 0, 1, 3});
    CHECK(result->strongest(1) == std::vector<int64_t>{2});
    CHECK(result->change(2) == result->with_all - result->without[2]);
    CHECK(result->changes().size() == 4);
}

TEST_CASE("batches of shorter sequences have the bits of leaving out one step at a time, for every task and cell") {
    for (const RnnTask* task : rnn_tasks())
        for (const RnnCell cell : rnn_cells()) {
            CAPTURE(task->id());
            CAPTURE(row_of(cell).id);
            RnnWorkbench bench;
            bench.settings.task = rnn_task_number(task->id());
            bench.settings.cell = cell;
            bench.settings.source = RnnSettings::Source::own;
            bench.settings.text_language = RnnSettings::TextLanguage::english;
            bench.input.corpus = "the cat sat on the mat and the dog sat on the cat";
            bench.input.texts["prompt_english"] = "the cat sat on the ";
            if (!task->can_be_trained() && cell != rnn_cell("rnn")) continue;   // a shipped network has its own cell
            bench.compute();
            Influence influence;
            influence.ask(bench);
            const InfluenceResult* result = finish(influence);
            check_all(bench, result);
            CHECK((result->answer < 0) == (task->answers() == RnnAnswer::curve));
            CHECK(std::ranges::any_of(result->changes(), [](float change) { return change != 0; }));
        }
}

TEST_CASE("held elements stay held while a step is left out") {
    RnnWorkbench bench;
    bench.settings.cell = rnn_cell("lstm");
    bench.compute();
    Influence free;
    free.ask(bench);
    const float without = finish(free)->without[0];
    bench.held = {{"gate.f", 7, 3, 0}, {"hidden", 2, 900, 1}};   // the second one is beyond the cell and not used
    for (int64_t unit = 0; unit < 32; ++unit) bench.held.push_back({"hidden", 8, unit, 0.5f});
    bench.compute();
    Influence influence;
    influence.ask(bench);
    const InfluenceResult* result = finish(influence);
    std::erase_if(bench.held, [](const Held& each) { return each.unit == 900; });
    check_all(bench, result);
    CHECK(result->without[0] != without);
}

TEST_CASE("what is known is not computed again; other numbers, weights or held elements are another question") {
    RnnWorkbench bench;
    bench.compute();
    Influence influence;
    CHECK(influence.latest() == nullptr);
    influence.ask(bench);
    CHECK(influence.job() != nullptr);
    CHECK(influence.latest() == nullptr);
    finish(influence);
    CHECK(influence.job() == nullptr);
    bench.settings.step = 3;   // time moves: the same question
    bench.compute();
    influence.ask(bench);
    CHECK(influence.job() == nullptr);
    CHECK(influence.latest()->complete());
    bench.input.numbers[4] += 0.5f;
    bench.compute();
    influence.ask(bench);
    CHECK(influence.latest() == nullptr);
    check_all(bench, finish(influence));
    bench.settings.seed = 9;
    bench.compute();
    influence.ask(bench);
    check_all(bench, finish(influence));
    bench.held = {{"hidden", 2, 1, 0.75f}};
    bench.compute();
    influence.ask(bench);
    CHECK(influence.job() != nullptr);
    check_all(bench, finish(influence));
}

TEST_CASE("work goes on in pieces, and an empty or a very long sequence asks for none") {
    RnnWorkbench bench;
    bench.settings.task = rnn_task_number("forecast");   // 128 steps, so several batches
    bench.compute();
    Influence influence;
    influence.ask(bench);
    REQUIRE(influence.step([] { return false; }));
    const auto done = influence.latest()->without.size();
    CHECK(done > 0);
    CHECK(done < 128);
    CHECK(influence.latest()->change(127) == 0);   // not computed yet
    CHECK(influence.latest()->strongest(200).size() == done);
    CHECK(!influence.step([] { return true; }));
    CHECK(influence.latest()->complete());
    for (const size_t length : {size_t{0}, size_t{1001}}) {
        bench.input.curve.assign(length, 0.5f);
        bench.compute();
        influence.ask(bench);
        CHECK(influence.job() == nullptr);
        CHECK(influence.latest() == nullptr);
        CHECK(!influence.step([] { return true; }));
    }
    bench.input.curve.assign(1, 0.5f);   // without its only step: what the network says to nothing
    bench.compute();
    influence.ask(bench);
    check_all(bench, finish(influence));
}

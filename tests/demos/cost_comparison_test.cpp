// Three networks trained live on one task: accuracy against distance and against the number of examples (demos/cost/comparison.h).
#include "demos/cost/comparison.h"

#include <doctest/doctest.h>

#include "engine/errors.h"
#include "engine/parallel.h"
#include "tests/demos/transformer_room.h"

namespace trilens {

namespace {

ComparisonCurves run(const ComparisonPlan& plan, bool in_pieces) {
    Comparison job(plan);
    std::shared_ptr<const ComparisonCurves> last;
    for (bool more = true; more;) {
        more = job.step([in_pieces] { return !in_pieces; });
        if (auto now = job.take()) last = now;
    }
    REQUIRE(last);
    return *last;
}

}  // namespace

TEST_CASE("a convolution knows nothing of a needle beyond its receptive field, a Transformer does, and a plain RNN forgets it") {
    ComparisonPlan plan;
    plan.points = {8, 16, 17, 40};
    const ComparisonCurves curves = run(plan, false);
    REQUIRE(curves.complete());
    const auto& [recurrent, convolution, transformer] = curves.accuracy;
    CHECK(*convolution[0] > 0.95f);
    CHECK(*convolution[1] > 0.95f);  // the first of the 17 steps that it sees
    CHECK(*convolution[2] < 0.6f);
    CHECK(*convolution[3] < 0.6f);
    for (const auto& accuracy : transformer) CHECK(*accuracy > 0.95f);
    CHECK(*recurrent[0] > 0.95f);
    CHECK(*recurrent[3] < 0.6f);
}

TEST_CASE("with few examples the convolutional network reads more digits than the Transformer, with many all read most") {
    ComparisonPlan plan;
    plan.axis = ComparisonAxis::samples;
    plan.points = {50, 1000};
    const ComparisonCurves curves = run(plan, false);
    const auto& [recurrent, convolution, transformer] = curves.accuracy;
    CHECK(*convolution[0] > *transformer[0] + 0.1f);
    for (const auto& row : curves.accuracy) {
        CHECK(*row[1] > *row[0]);
        CHECK(*row[1] > 0.8f);
    }
    CHECK(*recurrent[0] > 0.2f);
}

TEST_CASE("the same plan gives the same bits, in pieces or at once, with one thread or two") {
    ComparisonPlan plan;
    plan.points = {4};
    plan.steps = 60;
    const auto once = run(plan, false).accuracy;
    set_threads(2);
    CHECK(run(plan, true).accuracy == once);
    set_threads(1);
    CHECK(run(plan, true).accuracy == once);
}

TEST_CASE("a comparison that makes no sense is refused") {
    CHECK_THROWS_AS(Comparison({.points = {}}), ValueError);
    CHECK_THROWS_AS(Comparison({.points = {8, 4}}), ValueError);
    CHECK_THROWS_AS(Comparison({.points = {0}}), ValueError);
    CHECK_THROWS_AS(Comparison({.steps = 0}), ValueError);
}

TEST_CASE("the Transformer room's cost view trains the comparisons by button and measures time and memory") {
    TransformerScreen screen("translate", 1280, 4000);
    screen.choose("transformer.view", "cost");
    CHECK(!screen.drawn("compare.distance"));
    screen.put("transformer.compare_steps", "50");
    screen.click(screen.middle("compare.distance.train"));
    screen.settle(20000);
    CHECK(screen.drawn("compare.distance"));
    CHECK(screen.drawn("compare.distance.words"));
    screen.click(screen.middle("compare.samples.train"));
    screen.settle(20000);
    CHECK(screen.drawn("compare.samples"));
    screen.choose("transformer.cost_longest", "256");
    screen.click(screen.middle("cost.measure"));
    screen.settle(20000);
    CHECK(screen.drawn("cost.memory_plot"));
    CHECK(screen.drawn("cost.one"));
}

}  // namespace trilens

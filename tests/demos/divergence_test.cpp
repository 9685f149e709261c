// Divergence judged from the numbers of a run alone: sound runs, runs that left their bound, and runs that broke.
#include "demos/training/divergence.h"

#include <doctest/doctest.h>

using namespace trilens;

namespace {

// 60 steps of two parameters: the losses fall to 0.5 at step 20, and from `bad` on they are `worse`; the second parameter's gradient jumps
// two steps earlier.
SessionSnapshot run_of(int64_t bad, float worse) {
    auto run = std::make_shared<TrainingSnapshot>();
    SessionSnapshot progress;
    run->names = {"conv1.weight", "dense1.weight"};
    for (int64_t step = 0; step < 60; ++step) {
        const float loss = step >= bad ? worse : step < 20 ? 2.3f - 0.09f * static_cast<float>(step) : 0.7f;
        run->steps.push_back({step, 0, loss, 0.5f, 1, 0.1f});
        progress.gradient_norms.push_back(1);
        progress.gradient_norms.push_back(step >= bad - 2 ? 50.0f : 0.8f + 0.01f * static_cast<float>(step % 7));
        if (step % 5 == 0) run->restorable.push_back(step);
    }
    run->step = 60;
    progress.gradients = {Tensor(Shape{1}), Tensor(Shape{1})};
    progress.contenders = {run};
    return progress;
}

}  // namespace

TEST_CASE("a run whose losses stay better than guessing is sound") {
    CHECK_FALSE(find_divergence(run_of(1000, 0), 10));
    CHECK_FALSE(find_divergence(run_of(30, 4.0f), 10));  // 2 log(10) = 4.6
}

TEST_CASE("losses far worse than guessing are divergence: which gradient grew first, when, and the best kept step before") {
    const auto found = find_divergence(run_of(36, 90.0f), 10);
    REQUIRE(found);
    CHECK(found->finite);
    CHECK(found->loss == doctest::Approx(90));
    CHECK(found->grown == "dense1.weight");
    CHECK(found->grown_step == 34);
    // The five losses from step 15 on are 0.95, 0.86, .., 0.59; from 20 on all are 0.7.
    CHECK(found->back_to == 20);
}

TEST_CASE("a number that is not finite is divergence at once, and says where") {
    SessionSnapshot progress = run_of(1000, 0);
    auto broken = std::make_shared<TrainingSnapshot>(progress.first());
    broken->failure = TrainingFailure{TrainingFailure::What::loss, 60, "conv2 (conv2d)", "training stopped"};
    progress.contenders = {broken};
    const auto found = find_divergence(progress, 10);
    REQUIRE(found);
    CHECK_FALSE(found->finite);
    CHECK(found->where == "conv2 (conv2d)");
    CHECK(found->step == 60);
    CHECK(found->grown.empty());
}

TEST_CASE("after going back the run is sound again, though its metrics still hold what came later") {
    const SessionSnapshot progress = run_of(36, 90.0f);
    SessionSnapshot back = progress;
    auto run = std::make_shared<TrainingSnapshot>(progress.first());
    run->step = 30;
    back.contenders = {run};
    CHECK_FALSE(find_divergence(back, 10));
}

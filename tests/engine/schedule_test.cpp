// The learning rate from step to step: the closed form of the paper, and a trainer that follows it.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/autograd/linear.h"
#include "engine/autograd/loss.h"
#include "engine/data/number_sums.h"
#include "engine/errors.h"
#include "engine/nn/dense.h"
#include "engine/train/schedule.h"
#include "engine/train/trainer.h"

using namespace trilens;

TEST_CASE("warm-up rises along a line and falls with the inverse square root, as equation 3 of the paper") {
    const double d_model = 512, warmup = 4000, peak = 1 / std::sqrt(d_model * warmup);
    for (const int64_t step : {1, 10, 3999, 4000, 4001, 100000}) {
        const double paper =
            std::min(1 / std::sqrt(static_cast<double>(step)), static_cast<double>(step) * std::pow(warmup, -1.5)) / std::sqrt(d_model);
        CHECK(static_cast<double>(scheduled_rate(static_cast<float>(peak), 4000, step - 1)) == doctest::Approx(paper).epsilon(1e-5));
    }
    CHECK(scheduled_rate(0.1f, 0, 0) == 0.1f);
    CHECK(scheduled_rate(0.1f, 0, 1000) == 0.1f);
}

TEST_CASE("a trainer trains with the rates of the schedule, also after going back") {
    const NumberSums data(64, 4, 2, 1);
    Parameter weight{"weight", Tensor::full(Shape{2, 1}, 0.1f), Tensor()};
    const auto build = [&](Graph& graph, const Batch& batch) {
        const Value scores = dense(graph.input(batch.inputs.reshaped(Shape{batch.inputs.extent(0) * 4, 1}), "x"), graph.parameter(weight));
        return Outcome{cross_entropy(scores, std::vector<int32_t>(static_cast<size_t>(batch.inputs.extent(0) * 4), 1)), {}};
    };
    TrainerSettings settings;
    settings.batch = 8;
    settings.warmup = 5;
    settings.epochs = 4;
    settings.optimizer.rate = 0.1f;
    Trainer trainer({&weight}, {}, build, data, random_split(64, 0, 1), settings);
    while (trainer.step([] { return true; })) {
    }
    const auto all = trainer.snapshot();
    REQUIRE(all->steps.size() == 32);
    for (const StepMetrics& step : all->steps) CHECK(step.rate == scheduled_rate(0.1f, 5, step.step));
    CHECK(all->steps[4].rate == 0.1f);
    CHECK(all->steps[31].rate < 0.05f);
    settings.warmup = -1;
    CHECK_THROWS_AS(Trainer({&weight}, {}, build, data, random_split(64, 0, 1), settings), ValueError);
}

// The trainer on a small problem whose answer is known: learning, stopping, winding back, failing, being watched.
#include "engine/train/trainer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>
#include <vector>

#include "engine/autograd/activation.h"
#include "engine/autograd/linear.h"
#include "engine/autograd/loss.h"
#include "engine/errors.h"
#include "engine/parallel.h"

using namespace trilens;

namespace {

// Is a point inside a circle? Two numbers in [-1, 1], class 1 inside radius 0.7.
class Circle : public DataSet {
public:
    explicit Circle(int64_t size, float spoiled = 0) : size_(size), spoiled_(spoiled) {}
    int64_t size() const override { return size_; }
    Batch batch(std::span<const int32_t> samples) const override {
        Batch batch;
        batch.inputs = Tensor(Shape{static_cast<int64_t>(samples.size()), 2});
        float* to = batch.inputs.data();
        for (const int32_t sample : samples) {
            Random random(99, static_cast<uint64_t>(sample));
            to[0] = random.uniform(-1, 1), to[1] = random.uniform(-1, 1);
            batch.labels.push_back(to[0] * to[0] + to[1] * to[1] < 0.49f);
            if (spoiled_ != 0 && sample == 0) to[0] = spoiled_;
            to += 2;
        }
        return batch;
    }

private:
    int64_t size_;
    float spoiled_;
};

struct Net {
    Parameter weight1{"dense1.weight", Tensor(Shape{16, 2}), Tensor()}, bias1{"dense1.bias", Tensor(Shape{16}), Tensor()};
    Parameter weight2{"dense2.weight", Tensor(Shape{2, 16}), Tensor()}, bias2{"dense2.bias", Tensor(Shape{2}), Tensor()};

    Net() {
        Random random(5);
        for (Parameter* parameter : {&weight1, &bias1, &weight2})
            for (float& value : parameter->value.values()) value = random.uniform(-0.7f, 0.7f);
    }
    std::vector<Parameter*> parameters() { return {&weight1, &bias1, &weight2, &bias2}; }
    BuildLoss build() {
        return [this](Graph& graph, const Batch& batch) {
            const Value x = graph.input(batch.inputs, "x");
            const Value hidden = graph.tap(relu(dense(x, graph.parameter(weight1), graph.parameter(bias1))), "hidden");
            const Value scores = graph.tap(dense(hidden, graph.parameter(weight2), graph.parameter(bias2)), "scores");
            return Outcome{cross_entropy(scores, batch.labels), scores};
        };
    }
    uint64_t sum() {
        uint64_t all = 0;
        for (const Parameter* parameter : parameters()) all = checksum(parameter->value, all);
        return all;
    }
};

TrainerSettings quick() {
    TrainerSettings settings;
    settings.optimizer.rate = 0.02f;
    settings.batch = 20;
    settings.epochs = 4;
    settings.seed = 3;
    settings.validation_batch = 30;
    return settings;
}

Budget never() {
    return [] { return false; };
}
Budget always() {
    return [] { return true; };
}

}  // namespace

TEST_CASE("a split is a partition by the seed, of the size asked for") {
    const Split split = random_split(100, 0.3, 1);
    CHECK(split.validation.size() == 30);
    std::vector<int32_t> all = split.training, expected(100);
    all.insert(all.end(), split.validation.begin(), split.validation.end());
    std::ranges::sort(all);
    std::iota(expected.begin(), expected.end(), 0);
    CHECK(all == expected);
    CHECK(random_split(100, 0.3, 1).validation == split.validation);
    CHECK(random_split(100, 0.3, 2).validation != split.validation);
    CHECK(random_split(0, 0.5, 1).training.empty());
    CHECK_THROWS_AS(random_split(10, 1.5, 1), ValueError);
    CHECK_THROWS_AS(random_split(-1, 0.5, 1), ValueError);
}

TEST_CASE("training learns: the loss falls and points it never saw are told apart") {
    const Circle data(1000);
    Net net;
    TrainerSettings settings = quick();
    settings.epochs = 30;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(1000, 0.2, 1), settings);
    CHECK_FALSE(trainer.step(always()));
    CHECK(trainer.finished());
    const auto snapshot = trainer.snapshot();
    CHECK(snapshot->finished);
    REQUIRE(snapshot->epochs.size() == 30);
    CHECK(snapshot->steps.size() == 30 * 40);
    CHECK(snapshot->epochs.front().validation_accuracy < 0.9);
    CHECK(snapshot->epochs.back().validation_accuracy > 0.95);
    CHECK(snapshot->epochs.back().training_loss < 0.3 * snapshot->epochs.front().training_loss);
    CHECK(snapshot->names == std::vector<std::string>{"dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias"});
    CHECK(checksum(snapshot->weights[0]) == checksum(net.weight1.value));
}

TEST_CASE("an epoch shows every training sample once, in an order that changes, and its metrics are those of the batches") {
    class Noted : public Circle {
    public:
        using Circle::Circle;
        Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override {
            auto& seen = seen_[static_cast<size_t>(epoch)];
            seen.insert(seen.end(), samples.begin(), samples.end());
            return batch(samples);
        }
        mutable std::vector<int32_t> seen_[2];
    };
    const Noted data(130);
    Net net;
    TrainerSettings settings = quick();
    settings.epochs = 2;
    const Split split = random_split(130, 0.25, 1);   // 98 to train on: the last batch has 18
    Trainer trainer(net.parameters(), {}, net.build(), data, split, settings);
    CHECK(trainer.steps_per_epoch() == 5);
    trainer.step(always());
    CHECK(data.seen_[0] != data.seen_[1]);
    for (const auto& seen : data.seen_) {
        std::vector<int32_t> sorted = seen;
        std::ranges::sort(sorted);
        CHECK(sorted == split.training);
    }
    const auto snapshot = trainer.snapshot();
    double loss = 0, accuracy = 0;
    for (size_t i = 0; i < 5; ++i) {
        const double count = i == 4 ? 18 : 20;
        loss += static_cast<double>(snapshot->steps[i].loss) * count / 98;
        accuracy += static_cast<double>(snapshot->steps[i].accuracy) * count / 98;
    }
    CHECK(snapshot->epochs[0].training_loss == doctest::Approx(loss));
    CHECK(snapshot->epochs[0].training_accuracy == doctest::Approx(accuracy));

    // The last epoch's validation again, by hand.
    Graph graph;
    const Batch batch = data.batch(split.validation);
    const Outcome outcome = net.build()(graph, batch);
    CHECK(snapshot->epochs[1].validation_loss == doctest::Approx(outcome.loss.tensor().item()));
}

TEST_CASE("the same bits come out however the run is cut and on however many threads") {
    const Circle data(200);
    const Split split = random_split(200, 0.2, 1);
    Net whole;
    Trainer(whole.parameters(), {}, whole.build(), data, split, quick()).step(always());
    for (const int count : {1, 3}) {
        set_threads(count);
        Net pieces;
        Trainer trainer(pieces.parameters(), {}, pieces.build(), data, split, quick());
        int calls = 1;
        while (trainer.step(never())) ++calls;
        CHECK(calls == 4 * (8 + 2));   // batches of 20 in 160, of 30 in 40
        CHECK(pieces.sum() == whole.sum());
    }
    set_threads(1);
}

TEST_CASE("stopping ends a step after its batch, and the run goes on where it was") {
    const Circle data(200);
    Net net;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0, 1), quick());
    int asked = 0;
    CHECK(trainer.step([&] {
        if (++asked == 3) trainer.stop();
        return true;
    }));
    CHECK(trainer.steps() == 4);
    CHECK_FALSE(trainer.step(always()));
    CHECK(trainer.steps() == 40);
    CHECK_FALSE(trainer.step(always()));
    CHECK(trainer.steps() == 40);
}

TEST_CASE("steps done one by one are in no snapshot until one is made, and give the bits of steps done together") {
    const Circle data(200);
    Net one_by_one, together;
    Trainer trainer(one_by_one.parameters(), {}, one_by_one.build(), data, random_split(200, 0.2, 1), quick());
    Trainer other(together.parameters(), {}, together.build(), data, random_split(200, 0.2, 1), quick());
    int64_t pieces = 0;
    while (trainer.step_once()) ++pieces;
    other.step(always());
    CHECK(trainer.finished());
    CHECK(pieces >= trainer.steps());
    CHECK(trainer.snapshot()->step == 0);
    trainer.publish();
    CHECK(trainer.snapshot()->step == other.snapshot()->step);
    CHECK(trainer.snapshot()->epochs.size() == other.snapshot()->epochs.size());
    CHECK(one_by_one.sum() == together.sum());
    CHECK_FALSE(trainer.step_once());
}

TEST_CASE("a learning rate changed on the way counts from the next batch, and zero changes nothing") {
    const Circle data(200);
    Net net;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0, 1), quick());
    trainer.step(never());
    trainer.set_rate(0);
    const uint64_t before = net.sum();
    trainer.step(never());
    CHECK(net.sum() == before);
    trainer.set_rate(0.01f);
    trainer.step(never());
    CHECK(net.sum() != before);
    CHECK(trainer.snapshot()->steps.back().rate == 0.01f);
    CHECK_THROWS_AS(trainer.set_rate(-1), ValueError);
    CHECK_THROWS_AS(trainer.set_rate(std::numeric_limits<float>::quiet_NaN()), ValueError);
}

TEST_CASE("reset gives the first run again, another seed another run") {
    const Circle data(200);
    Net net;
    const uint64_t start = net.sum();
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0.2, 1), quick());
    trainer.step(always());
    const uint64_t end = net.sum();
    trainer.set_rate(1);
    trainer.reset();
    CHECK(net.sum() == start);
    CHECK(trainer.snapshot()->steps.empty());
    CHECK(trainer.snapshot()->epochs.empty());
    CHECK(trainer.history().steps() == std::vector<int64_t>{0});
    trainer.step(always());
    CHECK(net.sum() == end);
    trainer.reset(4);
    trainer.step(always());
    CHECK(net.sum() != end);
}

TEST_CASE("winding back shows the weights of then; training on from there gives the bits of the first time") {
    const Circle data(200);
    Net net;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0.2, 1), quick());
    while (trainer.steps() < 13) trainer.step(never());
    const uint64_t then = net.sum();
    trainer.step(always());
    const uint64_t end = net.sum();
    const auto finished = trainer.snapshot();

    trainer.restore(13);
    CHECK(net.sum() == then);
    CHECK(trainer.steps() == 13);
    CHECK_FALSE(trainer.finished());
    CHECK(trainer.snapshot()->steps.size() == 32);   // still there to look at
    trainer.restore(32);
    CHECK(net.sum() == end);
    trainer.restore(13);
    trainer.step(never());
    CHECK(trainer.snapshot()->steps.size() == 14);
    CHECK(trainer.history().steps().back() == 14);
    trainer.step(always());
    CHECK(net.sum() == end);
    const auto again = trainer.snapshot();
    REQUIRE(again->epochs.size() == finished->epochs.size());
    for (size_t i = 0; i < again->epochs.size(); ++i) {
        CHECK(again->epochs[i].training_loss == finished->epochs[i].training_loss);
        CHECK(again->epochs[i].validation_loss == finished->epochs[i].validation_loss);
    }
    CHECK(checksum(finished->weights[0]) == checksum(net.weight1.value));   // what was published never changes
}

TEST_CASE("the history stays within its bytes and covers the whole run evenly") {
    const Circle data(2000);
    Net net;
    TrainerSettings settings = quick();
    const int64_t one = 4 * (32 + 16 + 32 + 2) * 3;   // weights, means, mean squares
    settings.history_bytes = 10 * one;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(2000, 0, 1), settings);
    trainer.step(always());
    const std::vector<int64_t> steps = trainer.history().steps();
    CHECK(trainer.history().bytes() <= settings.history_bytes);
    CHECK(steps.size() >= 5);
    CHECK(steps.front() == 0);
    CHECK(steps.back() > 400 - 2 * trainer.history().interval());
    for (size_t i = 1; i < steps.size(); ++i) CHECK(steps[i] - steps[i - 1] == trainer.history().interval());
    CHECK_THROWS_WITH_AS(trainer.restore(1), ("history: step 1 is not kept; the nearest is 0 or " + std::to_string(steps[1])).c_str(),
                         ValueError);
    settings.history_bytes = 0;
    Trainer without(net.parameters(), {}, net.build(), data, random_split(2000, 0, 1), settings);
    without.step(never());
    CHECK(without.history().steps().empty());
    CHECK_THROWS_AS(without.restore(0), ValueError);
}

TEST_CASE("a loss that is not finite stops the run, names the first node, and keeps the weights before that step") {
    const Circle data(200, std::numeric_limits<float>::infinity());
    Net net;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0, 1), quick());
    std::string message;
    uint64_t before = net.sum();
    try {
        while (trainer.step(never())) before = net.sum();
    } catch (const NonFiniteError& error) {
        message = error.what();
    }
    CAPTURE(message);
    CHECK(message.find("training stopped at step " + std::to_string(trainer.steps())) == 0);
    CHECK(message.find("first seen in x (input)") != std::string::npos);
    CHECK(net.sum() == before);
    CHECK(trainer.snapshot()->failure.value().sentence == message);
    CHECK_FALSE(trainer.step(always()));
    trainer.restore(0);
    CHECK_FALSE(trainer.snapshot()->failure.has_value());
}

TEST_CASE("a learning rate far too high ends in a named failure, not in weights of NaN") {
    const Circle data(200);
    Net net;
    TrainerSettings settings = quick();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.optimizer.rate = 1e30f;
    settings.epochs = 50;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0, 1), settings);
    CHECK_THROWS_AS(trainer.step(always()), NonFiniteError);
    for (const Parameter* parameter : net.parameters())
        for (const float value : parameter->value.values()) CHECK_FALSE(std::isnan(value));
}

TEST_CASE("a run whose last step broke the weights does not end as if all were well: validation names the first node") {
    const Circle data(200);
    Net net;
    TrainerSettings settings = quick();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.optimizer.rate = 3e38f;
    settings.epochs = 1;
    settings.batch = 200;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0.25, 1), settings);
    std::string message;
    try {
        trainer.step(always());
    } catch (const NonFiniteError& error) {
        message = error.what();
    }
    CAPTURE(message);
    CHECK(message.find("training stopped at step 1: the validation loss is ") == 0);
    CHECK(message.find("first seen in ") != std::string::npos);
    CHECK(trainer.snapshot()->failure.value().sentence == message);
    CHECK(trainer.snapshot()->epochs.empty());
    CHECK_FALSE(trainer.step(always()));
    trainer.restore(0);
    CHECK_FALSE(trainer.snapshot()->failure.has_value());
    trainer.set_rate(0.02f);
    trainer.step(always());
    CHECK(trainer.finished());
}

TEST_CASE("a clipped run never steps by a gradient longer than asked, and reports the length before") {
    const Circle data(200);
    Net net;
    TrainerSettings settings = quick();
    settings.optimizer.kind = OptimizerKind::sgd;
    settings.optimizer.rate = 1;
    settings.clip = 0.01f;
    const Tensor before = net.weight2.value.clone();
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(200, 0, 1), settings);
    trainer.step(never());
    CHECK(trainer.snapshot()->steps[0].gradient_norm > 0.01f);
    double moved = 0;
    for (int64_t i = 0; i < before.elements(); ++i) {
        const auto by = static_cast<double>(net.weight2.value.data()[i] - before.data()[i]);
        moved += by * by;
    }
    CHECK(std::sqrt(moved) <= 0.0101);
    CHECK(moved > 0);
}

TEST_CASE("another thread watches, slows and stops a run, and what it holds never changes") {
    const Circle data(500);
    Net net;
    TrainerSettings settings = quick();
    settings.epochs = 1000000;
    Trainer trainer(net.parameters(), {}, net.build(), data, random_split(500, 0.2, 1), settings);
    std::thread worker([&] { trainer.step(always()); });
    const auto first = trainer.snapshot();
    const uint64_t sum = checksum(first->weights[0]);
    int64_t last = 0;
    for (int seen = 0; seen < 20;) {
        const auto snapshot = trainer.snapshot();
        CHECK(snapshot->step >= last);
        CHECK(static_cast<int64_t>(snapshot->steps.size()) == snapshot->step);
        seen += snapshot->step > last;
        last = snapshot->step;
        trainer.set_rate(0.001f);
        std::this_thread::yield();
    }
    trainer.stop();
    worker.join();
    CHECK(checksum(first->weights[0]) == sum);
    CHECK(trainer.steps() >= last);
}

TEST_CASE("a trainer refuses settings and splits that make no sense") {
    const Circle data(50);
    Net net;
    const auto attempt = [&](const Split& split, const TrainerSettings& settings) {
        Trainer(net.parameters(), {}, net.build(), data, split, settings);
    };
    TrainerSettings settings = quick();
    settings.batch = 0;
    CHECK_THROWS_WITH_AS(attempt({{1}, {}}, settings), "trainer: batch is 0, expected at least 1", ValueError);
    settings = quick();
    settings.epochs = -1;
    CHECK_THROWS_AS(attempt({{1}, {}}, settings), ValueError);
    settings = quick();
    settings.history_interval = 0;
    CHECK_THROWS_AS(attempt({{1}, {}}, settings), ValueError);
    CHECK_THROWS_AS(attempt({{}, {1}}, quick()), ValueError);
    CHECK_THROWS_AS(attempt({{50}, {}}, quick()), ValueError);
    CHECK_THROWS_AS(attempt({{1}, {-1}}, quick()), ValueError);
}

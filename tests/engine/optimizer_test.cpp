// Optimizers against PyTorch's (tests/golden/make_optimizers.py), and what they remember and refuse.
#include "engine/train/optimizer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/errors.h"

using namespace trilens;

namespace {

using Values = std::vector<float>;

struct Golden {
    Values start, clipped;
    float norm = 0;
    std::vector<Values> gradients;
    std::map<std::string, std::vector<Values>> weights;   // by case, after each step
};

Golden read_golden() {
    std::ifstream file(TRILENS_GOLDEN_DIR "/optimizers.txt");
    REQUIRE(file.good());
    Golden golden;
    std::string line, word, name;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        words >> word;
        float number = 0;
        if (word == "case") words >> name;
        if (word == "step") words >> number;
        if (word == "clip") words >> golden.norm;
        Values values;
        for (float value; words >> value;) values.push_back(value);
        if (word == "start") golden.start = values;
        if (word == "gradient") golden.gradients.push_back(values);
        if (word == "step") golden.weights[name].push_back(values);
        if (word == "clip") golden.clipped = values;
    }
    return golden;
}

OptimizerSettings settings_of(const std::string& name) {
    OptimizerSettings s;
    s.rate = 0.03f;
    if (name.starts_with("sgd")) s.kind = OptimizerKind::sgd, s.rate = 0.05f;
    if (name == "sgd_decay") s.weight_decay = 0.1f;
    if (name == "momentum") s.kind = OptimizerKind::momentum, s.rate = 0.02f;
    if (name == "nesterov") s.kind = OptimizerKind::nesterov, s.rate = 0.02f, s.momentum = 0.8f, s.weight_decay = 0.05f;
    if (name == "rmsprop") s.kind = OptimizerKind::rmsprop, s.rate = 0.01f, s.alpha = 0.95f, s.weight_decay = 0.02f;
    if (name == "adam_l2") s.beta1 = 0.8f, s.beta2 = 0.99f, s.epsilon = 1e-6f, s.weight_decay = 0.2f;
    if (name == "adamw") s.kind = OptimizerKind::adamw, s.weight_decay = 0.3f;
    return s;
}

// The nine values as two parameters, [2, 3] and [3].
struct Pair {
    Parameter first{"first", Tensor(Shape{2, 3}), Tensor()}, second{"second", Tensor(Shape{3}), Tensor()};
    std::vector<Parameter*> list() { return {&first, &second}; }
    void set(const Values& values) {
        first.value = Tensor(Shape{2, 3}, std::span(values).first(6));
        second.value = Tensor(Shape{3}, std::span(values).last(3));
    }
    void set_gradient(const Values& values) {
        first.gradient = Tensor(Shape{2, 3}, std::span(values).first(6));
        second.gradient = Tensor(Shape{3}, std::span(values).last(3));
    }
    Values values() const { return joined(first.value, second.value); }
    Values gradients() const { return joined(first.gradient, second.gradient); }
    static Values joined(const Tensor& a, const Tensor& b) {
        Values out(a.values().begin(), a.values().end());
        out.insert(out.end(), b.values().begin(), b.values().end());
        return out;
    }
};

float farthest(const Values& a, const Values& b) {
    REQUIRE(a.size() == b.size());
    float most = 0;
    for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::fabs(a[i] - b[i]));
    return most;
}

}  // namespace

TEST_CASE("every optimizer takes PyTorch's 20 steps, with a learning rate changed on the way") {
    const Golden golden = read_golden();
    REQUIRE(golden.weights.size() == 8);
    REQUIRE(golden.gradients.size() == 20);
    for (const auto& [name, expected] : golden.weights) {
        CAPTURE(name);
        REQUIRE(expected.size() == 20);
        Pair pair;
        pair.set(golden.start);
        const OptimizerSettings settings = settings_of(name);
        Optimizer optimizer(pair.list(), settings);
        for (size_t step = 0; step < 20; ++step) {
            CAPTURE(step);
            if (step == 9) optimizer.set_rate(settings.rate / 3);
            pair.set_gradient(golden.gradients[step]);
            optimizer.step();
            CHECK(farthest(pair.values(), expected[step]) < 2e-6f);
        }
    }
}

TEST_CASE("clipping scales to the norm as PyTorch does, and leaves a small gradient as it is") {
    const Golden golden = read_golden();
    Pair pair;
    pair.set(golden.start);
    pair.set_gradient(golden.gradients[0]);
    CHECK(clip_gradients(pair.list(), 0.5f) == doctest::Approx(golden.norm).epsilon(1e-6));
    CHECK(farthest(pair.gradients(), golden.clipped) < 1e-7f);
    const Values before = pair.gradients();
    clip_gradients(pair.list(), 100);
    CHECK(pair.gradients() == before);
    CHECK_THROWS_AS(clip_gradients(pair.list(), 0), ValueError);
}

TEST_CASE("a saved state continues with the bits of the run it was taken from") {
    const Golden golden = read_golden();
    for (const char* name : {"momentum", "rmsprop", "adam"}) {
        Pair pair, other;
        pair.set(golden.start);
        Optimizer optimizer(pair.list(), settings_of(name));
        const auto steps = [&](Optimizer& by, Pair& on, size_t from, size_t to) {
            for (size_t step = from; step < to; ++step) on.set_gradient(golden.gradients[step]), by.step();
        };
        steps(optimizer, pair, 0, 7);
        const OptimizerState state = optimizer.save();
        other.set(pair.values());
        steps(optimizer, pair, 7, 20);
        Optimizer fresh(other.list(), settings_of(name));
        fresh.restore(state);
        steps(fresh, other, 7, 20);
        CHECK(other.values() == pair.values());
    }
}

TEST_CASE("an optimizer refuses settings, gradients and states that make no sense, and names them") {
    Pair pair;
    OptimizerSettings settings;
    settings.rate = -1;
    CHECK_THROWS_WITH_AS(Optimizer(pair.list(), settings), "optimizer: rate is -1.000000, expected a finite number >= 0", ValueError);
    settings.rate = 0.1f, settings.beta2 = 1;
    CHECK_THROWS_AS(Optimizer(pair.list(), settings), ValueError);
    settings.beta2 = 0.9f, settings.weight_decay = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS(Optimizer(pair.list(), settings), ValueError);

    Optimizer optimizer(pair.list(), {});
    CHECK_THROWS_AS(optimizer.set_rate(std::numeric_limits<float>::infinity()), ValueError);
    pair.set_gradient(Values(9));
    pair.second.gradient = Tensor(Shape{4});
    CHECK_THROWS_WITH_AS(optimizer.step(), "optimizer: the gradient of second is [4], expected [3]", ShapeError);
    OptimizerState state = optimizer.save();
    state.first[1] = Tensor(Shape{2});
    CHECK_THROWS_AS(optimizer.restore(state), ShapeError);
    OptimizerSettings sgd;
    sgd.kind = OptimizerKind::sgd;
    CHECK_THROWS_AS(optimizer.restore(Optimizer(pair.list(), sgd).save()), ShapeError);
}

TEST_CASE("every optimizer of the table lowers a loss by its own row, and remembers what the row says") {
    std::set<std::string_view> ids;
    for (const OptimizerRow& row : optimizer_table()) {
        CAPTURE(row.id);
        CHECK(ids.insert(row.id).second);
        Parameter x{"x", Tensor(Shape{1}), Tensor(Shape{1})};
        x.value.data()[0] = 1;
        Optimizer optimizer({&x}, {.kind = row.kind, .rate = 0.01f});
        for (int step = 0; step < 20; ++step) {
            x.gradient.data()[0] = 2 * x.value.data()[0];  // of x^2
            optimizer.step();
        }
        CHECK(x.value.data()[0] < 0.9f);
        CHECK(optimizer.save().first.size() == (row.has_first ? 1 : 0));
        CHECK(optimizer.save().second.size() == (row.has_second ? 1 : 0));
    }
}

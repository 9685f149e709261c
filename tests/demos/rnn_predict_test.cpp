// What comes next: text drawn token by token, curves forecast step by step: the same bits however one gets there.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "demos/rnn/curve_forecast.h"
#include "demos/rnn/text_generation.h"
#include "engine/errors.h"
#include "engine/math.h"
#include "engine/train/optimizer.h"

using namespace trilens;

namespace {

constexpr int64_t vocabulary = 23;

std::shared_ptr<SequenceModel> text_model(Cell cell, int layers = 1, int64_t embedding = 0) {
    Random random(5);
    SequencePlan plan;
    plan.vocabulary = vocabulary;
    plan.embedding = embedding;
    plan.cell = cell;
    plan.hidden_size = 19;
    plan.layers = layers;
    plan.head = SequencePlan::Head::every;
    plan.outputs = vocabulary;
    auto model = std::make_shared<SequenceModel>(plan, random);
    for (Parameter* parameter : model->parameters())
        for (float& value : parameter->value.values()) value *= 3;  // else all characters are about as probable
    return model;
}

std::shared_ptr<SequenceModel> curve_model(Cell cell = Cell::rnn_tanh, int64_t hidden_size = 12, int layers = 1) {
    Random random(9);
    SequencePlan plan;
    plan.cell = cell;
    plan.hidden_size = hidden_size;
    plan.layers = layers;
    plan.head = SequencePlan::Head::every;
    plan.outputs = 1;
    plan.regression = true;
    return std::make_shared<SequenceModel>(plan, random);
}

Tensor tokens(std::initializer_list<int> numbers) {
    Tensor out(Shape{static_cast<int64_t>(numbers.size())});
    int64_t i = 0;
    for (const int number : numbers) out.data()[i++] = static_cast<float>(number);
    return out;
}

std::vector<int32_t> text_of(const TextGeneration& generation) {
    std::vector<int32_t> out;
    for (const TextGeneration::Token& token : generation.tokens()) out.push_back(token.number);
    return out;
}

std::vector<int32_t> generated(std::shared_ptr<SequenceModel> model, const TextGeneration::Settings& settings, int64_t length = 60) {
    TextGeneration generation(std::move(model), tokens({3, 1, 4, 1, 5}), {}, settings);
    generation.grow(length);
    return text_of(generation);
}

// The network's own pass over all of it.
struct Whole {
    Graph graph;
    Whole(SequenceModel& model, const Tensor& inputs, const SequenceLook& look = {}) { model.forward(graph, inputs, look); }
    std::span<const float> row(const char* name, int64_t step) const {
        const Tensor& all = graph.find(name).tensor();
        const auto width = static_cast<size_t>(all.shape()[-1]);
        return all.values().subspan(static_cast<size_t>(step) * width, width);
    }
};

bool same_bits(std::span<const float> a, std::span<const float> b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](float x, float y) { return std::bit_cast<uint32_t>(x) == std::bit_cast<uint32_t>(y); });
}

}  // namespace

TEST_CASE("the same prompt, settings and seed give the same text, another seed another") {
    const auto model = text_model(Cell::lstm);
    const TextGeneration::Settings settings{{.temperature = 0.8f, .top_k = 0}, 1};
    const std::vector<int32_t> text = generated(model, settings);
    CHECK(text == generated(model, settings));
    CHECK(text != generated(model, {settings.sampling, 2}));
    CHECK(text != generated(model, {{.temperature = 2}, 1}));
}

TEST_CASE("a text grown in one go, character by character, back and forth, or under a short budget is the same") {
    const auto model = text_model(Cell::gru);
    const TextGeneration::Settings settings{{.temperature = 1.3f, .top_k = 9}, 7};
    const std::vector<int32_t> text = generated(model, settings, 40);
    TextGeneration steps(model, tokens({3, 1, 4, 1, 5}), {}, settings);
    for (int64_t length = 1; length <= 25; ++length) CHECK(steps.grow(length));
    const std::vector<float> before(steps.before()), after(steps.after());
    CHECK(steps.grow(10));
    CHECK(steps.length() == 10);
    CHECK(steps.next() == text[10]);
    CHECK(steps.grow(25));
    CHECK(same_bits(steps.before(), before));
    CHECK(same_bits(steps.after(), after));
    int asked = 0;
    while (!steps.grow(40, [] { return false; })) ++asked;
    CHECK(asked == 14);  // one character a call
    CHECK(text_of(steps) == text);
    CHECK(steps.grow(0));
    CHECK(steps.hidden().shape() == Shape{5, 19});
    steps.grow(40);
    CHECK(text_of(steps) == text);
}

TEST_CASE("character by character from a kept state is one pass over the whole text, bit for bit, in every cell and in a stack") {
    for (const Cell cell : {Cell::rnn_tanh, Cell::rnn_relu, Cell::gru, Cell::gru_reset_before, Cell::lstm})
        for (const int layers : {1, 2}) {
            CAPTURE(static_cast<int>(cell));
            CAPTURE(layers);
            const auto model = text_model(cell, layers, layers == 2 ? 6 : 0);
            const TextGeneration::Settings settings{{.temperature = 0.7f, .top_k = 5}, 3};
            SequenceLook look;
            look.held = {{"hidden", 1, 4, 0.9f}};
            look.skipped = {2};
            TextGeneration generation(model, tokens({3, 1, 4, 1, 5}), look, settings);
            generation.grow(30);
            std::vector<float> all{3, 1, 4, 1, 5};
            for (const int32_t number : text_of(generation)) all.push_back(static_cast<float>(number));
            Tensor inputs(Shape{static_cast<int64_t>(all.size())});
            std::ranges::copy(all, inputs.data());
            const Whole whole(*model, inputs, look);
            for (int64_t n = 0; n < 30; ++n) {
                const auto& token = generation.tokens()[static_cast<size_t>(n)];
                const std::span<const float> scores = whole.row("logits", 4 + n), probabilities = whole.row("probabilities", 4 + n);
                REQUIRE(token.before == probabilities[static_cast<size_t>(token.number)]);
                REQUIRE(token.after == next_token_distribution(scores, settings.sampling)[static_cast<size_t>(token.number)]);
            }
            CHECK(same_bits(generation.before(), whole.row("probabilities", 34)));
            CHECK(same_bits(generation.hidden().values(), whole.graph.find("hidden").tensor().values()));
        }
}

TEST_CASE("temperature towards 0 and top-k 1 take the most probable character every time") {
    const auto model = text_model(Cell::lstm);
    std::vector<int32_t> greedy;
    Continuation state(model, tokens({3, 1, 4, 1, 5}));
    for (int i = 0; i < 60; ++i) {
        const auto scores = state.scores().values();
        greedy.push_back(static_cast<int32_t>(std::ranges::max_element(scores) - scores.begin()));
        const float input = static_cast<float>(greedy.back());
        state.read({&input, 1});
    }
    for (const uint64_t seed : {1, 2, 3}) {
        CHECK(generated(model, {{.temperature = 0.001f}, seed}) == greedy);
        CHECK(generated(model, {{.temperature = 0}, seed}) == greedy);
        CHECK(generated(model, {{.temperature = 2, .top_k = 1}, seed}) == greedy);
    }
    CHECK(generated(model, {{.temperature = 2}, 1}) != greedy);
}

TEST_CASE("the n-th character is drawn with the n-th number of its seed's stream, from the shares that are shown") {
    const auto model = text_model(Cell::gru);
    TextGeneration generation(model, tokens({2, 2}), {}, {{.temperature = 1}, 11});
    for (int n = 0; n < 20; ++n) {
        const float point = generation.next_point();
        float below = 0;
        int32_t expected = 0;
        while (below + generation.after()[static_cast<size_t>(expected)] <= point)
            below += generation.after()[static_cast<size_t>(expected++)];
        generation.grow(n + 1);
        CHECK(generation.tokens().back().number == expected);
        CHECK(generation.tokens().back().point == point);
    }
    TextGeneration other(text_model(Cell::lstm), tokens({1}), {}, {{.temperature = 1}, 11});
    other.grow(20);
    Random stream(11, 0x7465'7874);
    for (size_t n = 0; n < 20; ++n) {
        CHECK(other.tokens()[n].point == generation.tokens()[n].point);
        CHECK(other.tokens()[n].point == stream.uniform());
    }
}

TEST_CASE("a network that reads from both ends cannot go on, a step of the wrong size is refused") {
    Random random(1);
    SequencePlan plan;
    plan.bidirectional = true;
    const auto both = std::make_shared<SequenceModel>(plan, random);
    CHECK_THROWS_WITH_AS(Continuation(both, Tensor(Shape{3, 1})), doctest::Contains("both ends"), ValueError);
    Continuation curve(curve_model(), Tensor(Shape{3, 1}));
    const float two[2] = {0, 1};
    CHECK_THROWS_WITH_AS(curve.read(two), doctest::Contains("2 numbers, expected 1"), ShapeError);
    CHECK_THROWS_AS(Continuation(text_model(Cell::gru), Tensor(Shape{0})), ShapeError);
    CHECK_THROWS_AS(CurveForecast(text_model(Cell::gru), std::vector<float>{1, 2}, 1), ShapeError);
    CHECK_THROWS_AS(CurveForecast(curve_model(), {}, 1), ShapeError);
}

TEST_CASE("running free is feeding the predictions back by hand") {
    const std::vector<float> curve = example_curve(ExampleCurve::two_sines);
    for (const Cell cell : {Cell::rnn_tanh, Cell::gru, Cell::lstm})
        for (const int layers : {1, 2}) {
            const auto model = curve_model(cell, 12, layers);
            CurveForecast forecast(model, curve, 100);
            forecast.grow(40);
            REQUIRE(forecast.values().size() == 40);
            std::vector<float> fed(curve.begin(), curve.begin() + 100);
            for (int i = 0; i < 40; ++i) {
                Tensor inputs(Shape{static_cast<int64_t>(fed.size()), 1});
                std::ranges::copy(fed, inputs.data());
                const Whole whole(*model, inputs);
                const float predicted = whole.row("logits", static_cast<int64_t>(fed.size()) - 1)[0];
                REQUIRE(predicted == forecast.values()[static_cast<size_t>(i)]);
                fed.push_back(predicted);
            }
            forecast.grow(7);
            CHECK(forecast.values().size() == 7);
            forecast.grow(40);
            CHECK(same_bits(forecast.values(), std::span(fed).last(40)));
        }
}

TEST_CASE("the first step that runs free is the teacher-forced one, from any step") {
    const std::vector<float> curve = example_curve(ExampleCurve::damped);
    const auto model = curve_model(Cell::lstm);
    Tensor inputs(Shape{128, 1});
    std::ranges::copy(curve, inputs.data());
    SequenceLook look;
    look.held = {{"gate.f", 20, 3, 0.1f}, {"cell_state", 90, 0, 2.0f}};
    const Whole whole(*model, inputs, look);
    for (const int64_t from : {1, 21, 64, 128}) {
        CurveForecast forecast(model, curve, from, look);
        forecast.grow(1);
        CHECK(forecast.values()[0] == whole.row("logits", from - 1)[0]);
    }
    CHECK(CurveForecast(model, curve, 0).from() == 1);
    CHECK(CurveForecast(model, curve, 4000).from() == 128);
}

TEST_CASE("a forecast that runs away stops, and the part before can be gone back to") {
    const auto model = curve_model(Cell::rnn_relu);
    for (Parameter* parameter : model->parameters()) std::ranges::fill(parameter->value.values(), 2.0f);
    CurveForecast forecast(model, std::vector<float>{1, 1}, 2);
    forecast.grow(100);
    CHECK(forecast.diverged());
    const size_t length = forecast.values().size();
    CHECK(length > 3);
    CHECK(length < 100);
    for (const float value : forecast.values()) CHECK(std::isfinite(value));
    forecast.grow(3);
    CHECK_FALSE(forecast.diverged());
    CHECK(forecast.values().size() == 3);
    forecast.grow(100);
    CHECK(forecast.diverged());
    CHECK(forecast.values().size() == length);
}

TEST_CASE("the error is the mean square over the steps that both have") {
    const std::vector<float> curve{0, 1, 2, 3, 4}, predicted{2, 4, 4, 9};
    CHECK(forecast_error(predicted, 2, curve, 0, 100) == doctest::Approx((0 + 1 + 0) / 3.0));
    CHECK(forecast_error(predicted, 2, curve, 3, 4) == 1);
    CHECK(forecast_error(predicted, 1, curve, 1, 3) == doctest::Approx((1 + 4) / 2.0));
    CHECK(std::isnan(forecast_error(predicted, 5, curve, 0, 100)));
    CHECK(std::isnan(forecast_error({}, 2, curve, 0, 100)));
}

TEST_CASE("the examples are curves of 128 values in [-1, 1] that differ") {
    for (int i = 0; i < example_curve_count; ++i) {
        const std::vector<float> curve = example_curve(static_cast<ExampleCurve>(i));
        REQUIRE(curve.size() == 128);
        const auto [low, high] = std::ranges::minmax(curve);
        CHECK(low >= -1);
        CHECK(low < -0.5f);
        CHECK(high <= 1);
        CHECK(high > 0.5f);
        for (int j = 0; j < i; ++j) CHECK(curve != example_curve(static_cast<ExampleCurve>(j)));
    }
    CHECK(example_curve(ExampleCurve::sine)[8] == doctest::Approx(0.8));
}

TEST_CASE("a small network that learned a sine for a second forecasts 20 steps better than the last value") {
    const std::vector<float> curve = example_curve(ExampleCurve::sine);
    const auto model = curve_model(Cell::gru, 16);
    Optimizer optimizer(model->parameters(), {.rate = 0.02f});
    constexpr int64_t windows = 16, length = 40;
    for (int step = 0; step < 150; ++step) {
        Batch batch{Tensor(Shape{windows, length, 1}), {}, Tensor(Shape{length, windows, 1})};
        for (int64_t n = 0; n < windows; ++n)
            for (int64_t t = 0; t < length; ++t) {
                batch.inputs.data()[n * length + t] = curve[static_cast<size_t>(n * 4 + t)];
                batch.targets.data()[t * windows + n] = curve[static_cast<size_t>(n * 4 + t + 1)];
            }
        Graph graph("", true);
        graph.backward(model->loss(graph, batch).loss);
        optimizer.step();
    }
    CurveForecast forecast(model, curve, 105);
    forecast.grow(20);
    const float error = forecast_error(forecast.values(), 105, curve, 105, 125);
    const float repeated = forecast_error(std::vector<float>(20, curve[104]), 105, curve, 105, 125);
    MESSAGE("free-running error " << error << ", repeating the last value " << repeated);
    CHECK(error < 0.1f * repeated);
}

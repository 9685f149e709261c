// Decoding token by token: the bits of the whole prefix computed anew, and searches against trying everything.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "engine/models/decoding.h"
#include "engine/parallel.h"
#include "tests/engine/gradient_check.h"
#include "tests/engine/transformer_plans.h"

using namespace trilens;
using namespace trilens::checks;

namespace {

using Kind = TransformerPlan::Kind;

std::vector<int32_t> numbers(const Tensor& tokens, int64_t begin, int64_t end) { return {tokens.data() + begin, tokens.data() + end}; }

Tensor prefix(const Tensor& tokens, int64_t count) { return tokens.rows(0, count).clone(); }

// Log probability of `text` after the prompt, each prefix computed from nothing.
double log_probability(Transformer& model, std::vector<int32_t> prefix, const std::vector<int32_t>& text) {
    double total = 0;
    for (const int32_t token : text) {
        Graph graph;
        Tensor inputs(Shape{static_cast<int64_t>(prefix.size())});
        std::ranges::copy(prefix, inputs.data());
        model.forward(graph, inputs);
        const Tensor& probabilities = graph.find("probabilities").tensor();
        total += std::log(static_cast<double>(probabilities.data()[probabilities.elements() - 9 + token]));
        prefix.push_back(token);
    }
    return total;
}

}  // namespace

TEST_CASE("kept keys and values give the bits of the whole prefix computed anew, at every step") {
    const int before = threads();
    for (const Positions positions : {Positions::none, Positions::sinusoidal, Positions::learned, Positions::rotary})
        for (const Kind kind : {Kind::decoder, Kind::encoder_decoder}) {
            Random random(11);
            auto plan = plan_of(kind, positions);
            if (positions == Positions::learned) plan.layer.norm = TransformerLayerSettings::Norm::pre;
            auto model = made(plan, random);
            const Tensor tokens = random_tokens(Shape{40}, random), source = random_tokens(Shape{19}, random);
            for (const int count : {1, 3}) {
                set_threads(count);
                Decoder decoder = kind == Kind::decoder ? Decoder(*model) : Decoder(*model, source);
                const auto anew = [&](int64_t length) {
                    Graph graph;
                    const Tensor part = prefix(tokens, length);
                    const Tensor scores =
                        (kind == Kind::decoder ? model->forward(graph, part) : model->forward(graph, source, part)).tensor();
                    return scores.rows(length - 1, 1).reshaped(Shape{9}).clone();
                };
                // A prompt at once, then tokens one by one, then several again.
                CHECK(same_bits(decoder.append(numbers(tokens, 0, 5)), anew(5)));
                for (int64_t t = 5; t < 36; ++t) CHECK(same_bits(decoder.append(numbers(tokens, t, t + 1)), anew(t + 1)));
                CHECK(same_bits(decoder.append(numbers(tokens, 36, 40)), anew(40)));
                CHECK(decoder.length() == 40);
            }
        }
    set_threads(before);
}

TEST_CASE("a step's graph has the new token's queries and all keys, and explains itself") {
    Random random(12);
    auto model = made(plan_of(Kind::encoder_decoder, Positions::rotary), random);
    Decoder decoder(*model, random_tokens(Shape{4}, random));
    decoder.append(std::vector<int32_t>{0, 3, 5});
    Graph graph("transformer.");
    decoder.append(std::vector<int32_t>{2}, graph);
    CHECK(graph.find("transformer.decoder.0.weights").shape() == Shape{2, 1, 4});
    CHECK(graph.find("transformer.decoder.1.cross.weights").shape() == Shape{2, 1, 4});
    CHECK(graph.find("transformer.decoder.0.k_all").shape() == Shape{2, 4, 6});
    explanations_lead_back(graph);
}

TEST_CASE("a copy of a decoder goes on by itself, and a refused token changes nothing") {
    Random random(13);
    auto model = made(plan_of(Kind::decoder, Positions::sinusoidal), random);
    Decoder first(*model);
    first.append(std::vector<int32_t>{1, 2});
    Decoder second = first, third = first;
    first.append(std::vector<int32_t>{3});
    CHECK_THROWS_AS(second.append(std::vector<int32_t>{9}), ValueError);
    CHECK_THROWS_AS(second.append(std::vector<int32_t>{-1}), ValueError);
    CHECK_THROWS_AS(second.append(std::vector<int32_t>{}), ValueError);
    CHECK(second.length() == 2);
    CHECK(same_bits(second.append(std::vector<int32_t>{4}), third.append(std::vector<int32_t>{4})));
}

TEST_CASE("greedy decoding takes the largest score each time") {
    Random random(14);
    auto model = made(plan_of(Kind::decoder, Positions::sinusoidal), random);
    const Hypothesis text = generate_greedily(Decoder(*model), std::vector<int32_t>{4}, {-1, 10});
    REQUIRE(text.tokens.size() == 10);
    CHECK_FALSE(text.finished);
    std::vector<int32_t> so_far = {4};
    for (const int32_t token : text.tokens) {
        Graph graph;
        Tensor inputs(Shape{static_cast<int64_t>(so_far.size())});
        std::ranges::copy(so_far, inputs.data());
        const Tensor scores = model->forward(graph, inputs).tensor();
        CHECK(token == greedy_token(scores.values().last(9)));
        so_far.push_back(token);
    }
    CHECK(text.log_probability == doctest::Approx(log_probability(*model, {4}, text.tokens)).epsilon(1e-4));
    // It ends with the end's token.
    const Hypothesis ended = generate_greedily(Decoder(*model), std::vector<int32_t>{4}, {text.tokens[0], 10});
    CHECK(ended.finished);
    CHECK(ended.tokens == std::vector<int32_t>{text.tokens[0]});
}

TEST_CASE("sampling is a function of the seed, and top-k of 1 is greedy") {
    Random random(15);
    auto model = made(plan_of(Kind::decoder, Positions::rotary), random);
    const std::vector<int32_t> prompt = {1, 7};
    const auto drawn = [&](uint64_t seed, const Sampling& sampling) {
        Random dice(seed);
        return generate(Decoder(*model), prompt, {-1, 12}, sampling, dice).tokens;
    };
    CHECK(drawn(1, {2}) == drawn(1, {2}));
    CHECK(drawn(1, {2}) != drawn(2, {2}));
    CHECK(drawn(1, {2, 1}) == generate_greedily(Decoder(*model), prompt, {-1, 12}).tokens);
}

TEST_CASE("a beam of one is greedy, and one wide enough finds the best of all texts") {
    Random random(16);
    auto model = made(plan_of(Kind::decoder, Positions::sinusoidal), random);
    const std::vector<int32_t> prompt = {2};
    BeamSearch narrow(Decoder(*model), prompt, 1, 0, {-1, 6});
    while (narrow.step()) {
    }
    const Hypothesis greedy = generate_greedily(Decoder(*model), prompt, {-1, 6});
    CHECK(narrow.beams()[0].tokens == greedy.tokens);

    // All texts of at most 3 tokens that end with token 0 or are cut: the best by the penalised score.
    const int32_t end = 0;
    for (const float alpha : {0.0f, 1.0f}) {
        std::vector<int32_t> best;
        double best_score = -INFINITY;
        const auto consider = [&](const std::vector<int32_t>& text) {
            const double score =
                log_probability(*model, prompt, text) / std::pow((5.0 + static_cast<double>(text.size())) / 6, static_cast<double>(alpha));
            if (score > best_score) best = text, best_score = score;
        };
        consider({end});
        for (int32_t a = 1; a < 9; ++a) {
            consider({a, end});
            for (int32_t b = 1; b < 9; ++b)
                for (int32_t c = 0; c < 9; ++c) consider({a, b, c});
        }
        BeamSearch wide(Decoder(*model), prompt, 81 * 9, alpha, {end, 3});
        while (wide.step()) {
        }
        CHECK(wide.beams()[0].tokens == best);
        CHECK(wide.beams()[0].score == doctest::Approx(best_score).epsilon(1e-4));
        CHECK(wide.beams()[0].finished == (best.back() == end));
        for (size_t i = 1; i < wide.beams().size(); ++i) CHECK(wide.beams()[i - 1].score >= wide.beams()[i].score);
    }
}

TEST_CASE("what cannot be decoded is refused") {
    Random random(17);
    auto encoder = made(plan_of(Kind::encoder, Positions::none), random), decoder = made(plan_of(Kind::decoder, Positions::none), random),
         both = made(plan_of(Kind::encoder_decoder, Positions::none), random);
    const Tensor source(Shape{2});
    CHECK_THROWS_AS(Decoder{*encoder}, ValueError);
    CHECK_THROWS_AS(Decoder{*both}, ValueError);
    CHECK_THROWS_AS(Decoder(*decoder, source), ValueError);
    CHECK_THROWS_AS(Decoder(*both, Tensor(Shape{1, 2})), ShapeError);
    CHECK_THROWS_AS(generate_greedily(Decoder(*decoder), {}, {}), ValueError);
    CHECK_THROWS_AS(generate_greedily(Decoder(*decoder), std::vector<int32_t>{1}, {-1, 0}), ValueError);
    CHECK_THROWS_AS(BeamSearch(Decoder(*decoder), std::vector<int32_t>{1}, 0, 0, {}), ValueError);
    CHECK_THROWS_AS(BeamSearch(Decoder(*decoder), std::vector<int32_t>{1}, 2, -1, {}), ValueError);
}

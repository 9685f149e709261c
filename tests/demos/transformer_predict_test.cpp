// What comes next in the Transformer room: tokens by button, the choice behind them, blanks, the class of a drawing.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "demos/transformer/predict_view.h"
#include "tests/demos/transformer_room.h"

namespace trilens {

namespace {

// softmax(row / temperature) of the `top_k` greatest, by itself.
std::vector<double> shares(std::span<const float> row, double temperature, size_t top_k) {
    std::vector<double> sorted(row.begin(), row.end());
    std::ranges::sort(sorted, std::greater());
    const double least = sorted[std::min(top_k, sorted.size()) - 1], greatest = sorted[0];
    std::vector<double> out;
    double sum = 0;
    for (const float score : row) {
        out.push_back(static_cast<double>(score) < least ? 0 : std::exp((static_cast<double>(score) - greatest) / temperature));
        sum += out.back();
    }
    for (double& each : out) each /= sum;
    return out;
}

struct PredictScreen : TransformerScreen {
    explicit PredictScreen(const char* task, float width = 1280, float height = 1600) : TransformerScreen(task, width, height) {
        choose("transformer.view", "predict");
    }
    void press_button(const std::string& name) { click(middle(name)); }
    int64_t tokens() const { return tensor("logits").extent(0); }
};

}  // namespace

TEST_CASE("tokens come and go by the buttons, one at a time, to the end and back to the first") {
    PredictScreen screen("translate");
    screen.type("I love you.");
    const int64_t whole = screen.tokens();
    REQUIRE(whole > 3);
    screen.press_button("transformer.predict.restart");
    CHECK(screen.tokens() == 2);  // the beginning and one token
    screen.press_button("transformer.predict.next");
    screen.press_button("transformer.predict.next");
    CHECK(screen.tokens() == 4);
    screen.press_button("transformer.predict.back");
    CHECK(screen.tokens() == 3);
    screen.press_button("transformer.predict.all");
    CHECK(screen.tokens() == whole);
    screen.api->step(-1);
    screen.settle();
    CHECK(screen.tokens() == whole);  // the end's token is taken back first
    screen.api->step(-1);
    screen.settle();
    CHECK(screen.tokens() == whole - 1);
}

TEST_CASE("played, a text is written to its end at the speed that is set") {
    PredictScreen screen("translate");
    const int64_t whole = screen.tokens();
    screen.press_button("transformer.predict.restart");
    screen.put("transformer.speed", "20");
    screen.press_button("transformer.predict.play");
    for (int i = 0; i < 60; ++i) screen.frame();  // a second
    CHECK(screen.tokens() == whole);
}

TEST_CASE("candidates are the softmax of the scores, and what is drawn from is that of temperature and top-k") {
    TransformerWorkbench bench;
    bench.settings.task = transformer_task_number("translate");
    TransformerPredictView view(bench);
    bench.compute();
    const auto check = [&](double temperature, size_t top_k) {
        const int64_t at = view.row();
        REQUIRE(at >= 0);
        const auto row = row_of(bench.graph()->find("transformer.logits").tensor(), at);
        const auto before = shares(row, 1, row.size()), after = shares(row, temperature, top_k);
        const auto names = bench.classes();
        const auto all = view.candidates(at);
        REQUIRE(all.size() >= 8);
        double last = 1;
        for (const Candidate& each : all) {
            const auto token = static_cast<size_t>(std::ranges::find(names, each.label) - names.begin());
            CHECK(static_cast<double>(each.before) == doctest::Approx(before[token]).epsilon(1e-4));
            CHECK(static_cast<double>(each.after) == doctest::Approx(after[token]).epsilon(1e-4));
            CHECK(static_cast<double>(each.before) <= last);
            last = static_cast<double>(each.before);
        }
    };
    bench.settings.step = 2;
    bench.settings.decoding = TransformerSettings::Decoding::sample;
    bench.settings.temperature = 0.5f;
    bench.settings.top_k = 3;
    bench.compute();
    check(0.5, 3);
    bench.settings.temperature = 2;
    bench.settings.top_k = 0;
    bench.compute();
    check(2, 100000);
    bench.settings.decoding = TransformerSettings::Decoding::beam;
    bench.compute();
    check(1, 100000);
    bench.settings.decoding = TransformerSettings::Decoding::greedy;
    bench.compute();
    CHECK(view.candidates(view.row()).front().after == 1);
}

TEST_CASE("a beam search shows the texts that it kept, and other decoding does not") {
    PredictScreen screen("translate");
    CHECK(!screen.drawn("transformer.predict.beams"));
    screen.choose("transformer.decoding", "beam");
    CHECK(screen.drawn("transformer.predict.beams"));
    CHECK(screen.drawn("transformer.predict.attention"));
}

TEST_CASE("a sentence shows the choice of each blank, one without blanks says how to make one") {
    PredictScreen screen("mask");
    screen.type("the _ to the old _ are on the table");
    CHECK(screen.drawn("transformer.predict.candidates:1"));
    CHECK(screen.drawn("transformer.predict.candidates:5"));
    CHECK(screen.drawn("transformer.predict.attention"));
    screen.type("the key is on the table");
    CHECK(!screen.drawn("transformer.predict.candidates:1"));
    CHECK(screen.drawn("transformer.predict.choice"));
    screen.type("");
    CHECK(!screen.drawn("transformer.predict.choice"));
}

TEST_CASE("the drawing that the room opens with is a 3, and each head has a picture of what it looks at") {
    PredictScreen screen("vision");
    const Tensor probabilities = screen.tensor("probabilities");
    REQUIRE(probabilities.shape() == Shape{1, 10});
    CHECK(std::ranges::max_element(probabilities.values()) - probabilities.values().begin() == 3);
    const Tensor weights = screen.tensor("encoder.0.weights"), patches = screen.tensor("encoder.vectors");
    CHECK(patches.shape() == Shape{49, 16});
    CHECK(weights.extent(-1) == 50);
    for (int64_t head = 0; head < weights.extent(-3); ++head) CHECK(screen.drawn("transformer.predict.picture:" + std::to_string(head)));
    CHECK(screen.drawn("transformer.probabilities"));
}

TEST_CASE("the worked example writes nothing and leads to tasks that do") {
    PredictScreen screen("layer");
    REQUIRE(screen.drawn("transformer.predict.elsewhere"));
    screen.press_button("transformer.predict.task:generate");
    CHECK(screen.json(screen.api->get("transformer.task")) == "generate");
    CHECK(screen.drawn("transformer.predict.written"));
}

}  // namespace trilens

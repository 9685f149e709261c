// Time in the RNN room: long texts, playing, the formula that follows, what a step still depends on, and leaving a token out for as long as
// it is hovered.
#include <doctest/doctest.h>

#include <cmath>

#include "demos/rnn/gradient_flow.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

struct TimeScreen : TestScreen {
    explicit TimeScreen(const char* task = "sum") : TestScreen(1280, 1600, 1.0f, false, rooms()) {
        api->open("rnn");
        put("rnn.task", "\"" + std::string(task) + "\"");
    }
    void put(const char* name, const std::string& json_value) {
        api->set(name, json_value);
        settle();
    }
    std::string step() const { return api->get("rnn.step"); }
    uint64_t bits(const char* name) const { return checksum(api->tensor(name)); }
};

// Half the square of the state's length after a step.
double energy(const RnnWorkbench& bench, int64_t step) {
    const Tensor& hidden = bench.graph()->find("rnn.hidden").tensor();
    double sum = 0;
    for (int64_t unit = 0; unit < hidden.extent(-1); ++unit) {
        const auto h = static_cast<double>(hidden.data()[step * hidden.extent(-1) + unit]);
        sum += h * h / 2;
    }
    return sum;
}

}  // namespace

TEST_CASE("every step of a long text is reached, and playing ends at its end") {
    TimeScreen screen("sentiment");
    screen.put("rnn.language", "\"zh\"");
    std::string text;
    for (int i = 0; i < 2500; ++i) text += "\u597d";
    screen.api->text(text);
    screen.settle();
    screen.api->step(-1);
    CHECK(screen.step() == "2499");
    screen.put("rnn.step", "1500");
    CHECK(screen.step() == "1500");
    screen.click(screen.middle("rnn.back"));
    CHECK(screen.step() == "1499");
    screen.put("rnn.step", "2490");
    screen.put("rnn.speed", "20");
    screen.click(screen.middle("rnn.play"));
    for (int i = 0; i < 120 && screen.step() != "0"; ++i) screen.frame();
    CHECK(screen.step() == "0");
    screen.settle();
    CHECK_FALSE(screen.app->wants_frame());
}

TEST_CASE("moving in time is no change to undo") {
    TimeScreen screen;
    screen.put("rnn.length", "12");
    screen.api->step(-3);
    screen.click(screen.middle("rnn.back"));
    screen.api->undo();
    CHECK(screen.api->get("rnn.length") == "10");
}

TEST_CASE("the formula is that of the step that time has reached") {
    TimeScreen screen;
    for (const int step : {3, 7, 2}) {
        CAPTURE(step);
        screen.put("rnn.step", std::to_string(step));
        const Rect formula = screen.rect("rnn.formula");
        bool found = false;
        // The result is the last number of the line: a click on it leads to its element.
        for (float x = formula.right() - 2; x > formula.x && !found; x -= 6) {
            screen.click({x, formula.y + 8});
            const Element* subject = screen.app->inspector().subject();
            found = subject && subject->node == "rnn.hidden" && subject->index / 32 == step - 1;
        }
        CHECK(found);
    }
}

TEST_CASE("what was computed without a hovered token ends with the view that asked for it") {
    TimeScreen screen("sentiment");
    const uint64_t before = screen.bits("rnn.hidden");
    screen.move(screen.middle("rnn.tokens:3"));
    CHECK(screen.bits("rnn.hidden") != before);
    screen.put("rnn.view", "\"units\"");
    CHECK(screen.bits("rnn.hidden") == before);
}

TEST_CASE("texts that go on and curves are computed without a hovered step too") {
    for (const char* task : {"generate", "forecast"}) {
        CAPTURE(task);
        TimeScreen screen(task);
        const uint64_t before = screen.bits("rnn.logits");
        screen.move(screen.middle("rnn.tokens:2"));
        CHECK(screen.bits("rnn.logits") != before);
        screen.move({2, 2});
        CHECK(screen.bits("rnn.logits") == before);
    }
}

TEST_CASE("the cells of the unrolled network tell their sources, and a click goes to their step") {
    TimeScreen screen;
    const Rect box = screen.rect("rnn.step:4");
    screen.move({box.x + box.w / 2, box.y + box.h / 2});
    REQUIRE(screen.app->inspector().subject());
    CHECK(screen.app->inspector().subject()->node == "rnn.hidden");
    CHECK(screen.app->inspector().subject()->index / 32 == 4);
    screen.click({box.x + box.w / 2, box.y + box.h / 2});
    CHECK(screen.step() == "5");
    screen.click({box.x + box.w / 2, box.y - 26});
    REQUIRE(screen.app->inspector().subject());
    CHECK(screen.app->inspector().subject()->node == "rnn.probabilities");
}

TEST_CASE("the dependence of a step on each input is the slope of the state's energy") {
    RnnWorkbench bench;
    bench.settings.length = 6;
    bench.settings.activation = RnnSettings::Activation::tanh;
    bench.compute();
    for (const int64_t step : {5, 3}) {
        const std::vector<float> told = dependence_on_inputs(bench, rnn_cell("rnn"), step);
        REQUIRE(told.size() == 6);
        for (int64_t t = 0; t < 6; ++t) {
            constexpr float distance = 0.01f;
            const float number = bench.input.numbers[static_cast<size_t>(t)];
            const auto energy_at = [&](float moved) {
                bench.input.numbers[static_cast<size_t>(t)] = moved;
                bench.compute();
                return energy(bench, step);
            };
            const double slope = (energy_at(number + distance) - energy_at(number - distance)) / (2 * static_cast<double>(distance));
            energy_at(number);
            CHECK(std::fabs(static_cast<double>(told[static_cast<size_t>(t)]) - std::fabs(slope)) <= 1e-3);
        }
    }
}

TEST_CASE("the mean of a gate is over its units, and a cell without it has none") {
    RnnWorkbench bench;
    bench.settings.cell = rnn_cell("lstm");
    bench.compute();
    const Tensor& gate = bench.graph()->find("rnn.gate.f").tensor();
    const std::vector<float> mean = mean_gate(*bench.graph(), "gate.f");
    REQUIRE(mean.size() == 10);
    for (int64_t t = 0; t < 10; ++t) {
        double sum = 0;
        for (int64_t unit = 0; unit < 32; ++unit) sum += static_cast<double>(gate.data()[t * 32 + unit]);
        CHECK(static_cast<double>(mean[static_cast<size_t>(t)]) == doctest::Approx(sum / 32));
    }
    CHECK(mean_gate(*bench.graph(), "gate.z").empty());
}

TEST_CASE("the marked step of a sequence to remember is the one whose mark the network reads") {
    RnnWorkbench bench;
    bench.settings.task = rnn_task_number("needle");
    bench.settings.distance = 20;
    bench.compute();
    REQUIRE(bench.reading().marked);
    const Tensor sequence = bench.sequence();
    for (int64_t t = 0; t < sequence.extent(0); ++t) CHECK((sequence.data()[t * 2 + 1] != 0) == (t == *bench.reading().marked));
    CHECK(sequence.extent(0) - 1 - *bench.reading().marked == 20);
}

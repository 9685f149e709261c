// Measured times: that all are measured and what is said of them. How long anything takes is never asserted.
#include <doctest/doctest.h>

#include <cmath>

#include "demos/cost/measurement.h"
#include "demos/cost/words.h"
#include "demos/rnn/cost_view.h"
#include "engine/errors.h"
#include "engine/parallel.h"
#include "tests/demos/rnn_view_room.h"

using namespace trilens;

namespace {

using CostScreen = RnnViewScreen<RnnCostView>;

constexpr CostLayer layers[] = {CostLayer::recurrent, CostLayer::convolution, CostLayer::attention};

CostPlan quick_plan(int rounds = 1) {
    CostPlan plan;
    plan.width = 8;
    plan.lengths = {4, 8, 16};
    plan.rounds = rounds;
    plan.least_milliseconds = 0.01;
    return plan;
}

struct Pool {
    explicit Pool(int count) { set_threads(count); }
    ~Pool() { set_threads(1); }
};

std::shared_ptr<const CostCurves> measured(const CostPlan& plan) {
    CostMeasurement measurement(plan);
    bool more = true;
    while (more) more = measurement.step([] { return true; });
    return measurement.take();
}

// Times set by hand: [layer][length], one thread; with all threads the same divided by `faster[layer]`.
CostCurves invented(std::initializer_list<std::initializer_list<double>> times, std::initializer_list<double> faster, int threads = 2) {
    CostCurves curves;
    curves.plan = quick_plan();
    curves.threads = threads;
    curves.done = curves.total = 1;
    curves.milliseconds.assign(cost_layer_count * 4 * 3, 0.0);
    size_t layer = 0;
    for (const auto& row : times) {
        size_t length = 0;
        for (const double each : row) {
            for (const CostThreads on : {CostThreads::all, CostThreads::one})
                curves.milliseconds[curves.at(layers[layer], CostPass::forward, on, length)] =
                    on == CostThreads::one ? each : each / faster.begin()[layer];
            ++length;
        }
        ++layer;
    }
    return curves;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
}

bool has(const std::string& all, const char* part) { return all.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every layer is measured at every length, forward and backward, with one thread and with all") {
    for (const int count : {1, 2}) {
        const Pool pool(count);
        for (const Cell cell : {Cell::rnn_tanh, Cell::gru, Cell::lstm}) {
            CostPlan plan = quick_plan(2);
            plan.cell = cell;
            const auto curves = measured(plan);
            REQUIRE(curves);
            CHECK(curves->threads == count);
            CHECK(curves->complete());
            CHECK(curves->total == 3 * 3 * 2 * count * 2);
            for (const CostLayer layer : layers)
                for (const CostPass pass : {CostPass::forward, CostPass::both})
                    for (const CostThreads on : {CostThreads::one, CostThreads::all})
                        for (size_t i = 0; i < plan.lengths.size(); ++i) {
                            CHECK(curves->of(layer, pass, on, i) > 0);
                            CHECK(std::isfinite(curves->of(layer, pass, on, i)));
                        }
            CHECK(curves->speed_up(CostLayer::attention, CostPass::forward, 2).has_value() == (count > 1));
        }
    }
}

TEST_CASE("a piece of work is one measurement, published at once; further rounds only make times shorter") {
    CostMeasurement measurement(quick_plan(3));
    CHECK(measurement.take() == nullptr);
    std::shared_ptr<const CostCurves> before;
    int64_t pieces = 0;
    for (bool more = true; more; ++pieces) {
        more = measurement.step([] { return false; });
        const auto now = measurement.take();
        REQUIRE(now);
        CHECK(now->done == pieces + 1);
        CHECK(more == !now->complete());
        if (before)
            for (size_t i = 0; i < now->milliseconds.size(); ++i)
                if (before->milliseconds[i] > 0) CHECK(now->milliseconds[i] <= before->milliseconds[i]);
        before = now;
    }
    CHECK(pieces == 3 * 3 * 2 * 3);
    CHECK(measurement.step([] { return true; }) == false);
}

TEST_CASE("a plan that makes no sense is refused with what was wrong") {
    CostPlan plan = quick_plan();
    plan.lengths = {16, 16};
    CHECK_THROWS_WITH_AS(CostMeasurement{plan}, doctest::Contains("16 after 16"), ValueError);
    plan.lengths = {};
    CHECK_THROWS_AS(CostMeasurement{plan}, ValueError);
    plan = quick_plan(0);
    CHECK_THROWS_AS(CostMeasurement{plan}, ValueError);
    plan = quick_plan();
    plan.width = 0;
    CHECK_THROWS_AS(CostMeasurement{plan}, ValueError);
}

TEST_CASE("the sentences are made of the numbers") {
    set_language(Language::english);
    CostCurves curves = invented({{1, 2, 4.2}, {0.5, 0.6, 0.9}, {0.8, 2, 7.8}}, {1, 1.8, 1.5});
    CHECK(*curves.doubling(CostLayer::recurrent, CostPass::forward, CostThreads::one) == doctest::Approx(2.1));
    CHECK(*curves.doubling(CostLayer::attention, CostPass::forward, CostThreads::one) == doctest::Approx(3.9));
    CHECK(*curves.speed_up(CostLayer::convolution, CostPass::forward, 2) == doctest::Approx(1.8));
    CHECK(!curves.doubling(CostLayer::recurrent, CostPass::both, CostThreads::one));
    const std::string said = joined(cost_words(curves, CostPass::forward));
    CHECK(has(said, "Twice as long (16 steps instead of 8, one thread) takes RNN 2.1 x the time, Convolution 1.5 x, Attention 3.9 x."));
    CHECK(has(said, "2 threads instead of one, at 16 steps, make RNN 1.0 x as fast, Convolution 1.8 x, Attention 1.5 x."));
    CHECK(has(said, "faster than the RNN at 4, 8 steps and slower"));   // 2 / 1.5 against 2; at 16 steps 5.2 against 4.2
    CHECK(joined(cost_words(curves, CostPass::both)).empty());
    curves = invented({{1, 2, 4}, {1, 1, 1}, {0.5, 1, 2}}, {1, 1, 1}, 1);
    const std::string alone = joined(cost_words(curves, CostPass::forward));
    CHECK(!has(alone, "threads instead of one"));
    CHECK(has(alone, "at every length up to 16"));
    curves = invented({{1, 2, 4}, {1, 1, 1}, {2, 4, 8}}, {1, 1, 1}, 1);
    curves.plan.cell = Cell::lstm;
    CHECK(has(joined(cost_words(curves, CostPass::forward)), "slower than the LSTM at every length"));
    set_language(Language::chinese);
    CHECK(has(joined(cost_words(curves, CostPass::forward)), "LSTM 2.0 x，卷积 1.0 x，注意力 2.0 x"));
    set_language(Language::english);
}

TEST_CASE("the view measures what the fields and the cell on screen say, and can be stopped") {
    CostScreen screen("sum");
    screen.put("rnn.cost_longest", "\"256\"");
    screen.put("rnn.cost_width", "8");
    screen.put("rnn.cell", "\"gru\"");
    CHECK(screen.view().curves() == nullptr);
    CHECK(!screen.drawn("cost.one"));
    // Few frames each, so that the measurement is still under way.
    const auto press = [&] {
        const ImVec2 at = screen.middle("cost.measure");
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
        for (const bool down : {true, false}) {
            ImGui::GetIO().AddMouseButtonEvent(0, down);
            screen.frame();
            screen.frame();
        }
    };
    press();
    for (int i = 0; i < 5; ++i) screen.frame();
    REQUIRE(screen.view().curves());
    CHECK(!screen.view().curves()->complete());
    CHECK(screen.view().job() != nullptr);
    press();   // stops
    CHECK(screen.view().job() == nullptr);
    const int64_t done = screen.view().curves()->done;
    screen.settle(100);
    CHECK(screen.view().curves()->done == done);
    screen.press_button("cost.measure");
    screen.settle(20000);
    REQUIRE(screen.view().curves()->complete());
    CHECK(screen.view().job() == nullptr);
    CHECK(!screen.app->wants_frame());
    const CostPlan& plan = screen.view().curves()->plan;
    CHECK(plan.cell == Cell::gru);
    CHECK(plan.width == 8);
    CHECK(plan.lengths == std::vector<int64_t>{16, 32, 64, 128, 256});
    for (const char* name : {"cost.one", "cost.all", "cost.words", "cost.row:16", "cost.row:256"}) CHECK(screen.drawn(name));
}

TEST_CASE("on a worker's thread it measures as well, on a wide screen and a phone, in both languages") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), {390.0f, 844.0f}})
        for (const char* language : {"en", "zh"}) {
            CostScreen screen("sum", width, height, true);
            screen.api->set_language(language);
            screen.put("rnn.cost_longest", "\"256\"");
            screen.put("rnn.cost_width", "8");
            screen.press_button("cost.measure");
            for (int i = 0; i < 2'000'000 && screen.view().job(); ++i) screen.frame();
            screen.settle();
            REQUIRE(screen.view().curves()->complete());
            CHECK(screen.inside("cost.", width) >= 10);
            screen.api->set_language("en");
        }
}

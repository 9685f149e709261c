// Units that fire on a phrase: the ranking against numbers computed by hand, and the view as a learner uses it.
#include <doctest/doctest.h>

#include <cmath>

#include "demos/rnn/unit_ranking.h"
#include "demos/rnn/units_view.h"
#include "engine/errors.h"
#include "tests/demos/rnn_view_room.h"

using namespace trilens;

namespace {

using UnitsScreen = RnnViewScreen<RnnUnitsView>;

const char* const review = "the acting is truly wonderful but the plot is thin";

UnitsScreen& with_review(UnitsScreen& screen) {
    screen.api->text(review);
    screen.settle(2000);
    return screen;
}

// The score of each unit, computed in another way: the difference of two means over the root of the mean square deviation, all in double.
double score_of(const Tensor& states, int64_t unit, int64_t first, int64_t last) {
    double sum = 0, in = 0, out = 0;
    const int64_t steps = states.extent(0);
    const auto at = [&](int64_t t) { return static_cast<double>(states.data()[t * states.extent(1) + unit]); };
    for (int64_t t = 0; t < steps; ++t) sum += at(t) / static_cast<double>(steps);
    double variance = 0;
    for (int64_t t = 0; t < steps; ++t) variance += (at(t) - sum) * (at(t) - sum) / static_cast<double>(steps);
    const auto inside = static_cast<double>(last - first + 1);
    for (int64_t t = 0; t < steps; ++t) (t >= first && t <= last ? in : out) += at(t);
    return (in / inside - out / (static_cast<double>(steps) - inside)) / std::sqrt(variance);
}

}  // namespace

TEST_CASE("units are ranked by how far their mean on the phrase stands from their mean elsewhere, in standard deviations") {
    // Unit 0 never changes, unit 1 is 1 on the phrase and 0 elsewhere, unit 2 is -1 there and at step 0.
    const Tensor states(Shape{5, 3}, std::vector<float>{7, 0, -1, 7, 0, 0, 7, 1, -1, 7, 1, -1, 7, 0, 0});
    const auto ranked = rank_units(states, {2, 3});
    REQUIRE(ranked.size() == 3);
    CHECK(ranked[0].unit == 1);
    CHECK(static_cast<double>(ranked[0].score) == doctest::Approx(1 / std::sqrt(0.24)));
    CHECK(ranked[0].inside == 1);
    CHECK(ranked[0].outside == 0);
    CHECK(ranked[1].unit == 2);
    CHECK(static_cast<double>(ranked[1].score) == doctest::Approx(-(2.0 / 3) / std::sqrt(0.24)));
    CHECK(ranked[2].unit == 0);
    CHECK(ranked[2].score == 0);
    CHECK(fires_elsewhere(states, ranked[0], {2, 3}, 0.5f).empty());
    CHECK(fires_elsewhere(states, ranked[1], {2, 3}, 0.5f) == std::vector<int64_t>{0});
    CHECK(fires_elsewhere(states, ranked[1], {2, 3}, 1.5f).empty());
    CHECK(fires_elsewhere(states, ranked[2], {2, 3}, 0.5f).empty());
    CHECK(rank_units(states, {0, 4})[0].outside == 0);   // nothing is elsewhere
    CHECK_THROWS_WITH_AS(rank_units(states, {3, 5}), doctest::Contains("3 to 5"), ValueError);
    CHECK_THROWS_AS(rank_units(states, {-1, 2}), ValueError);
    CHECK_THROWS_AS(rank_units(states, {3, 2}), ValueError);
}

TEST_CASE("a phrase is brushed by hand; the units that stand out on it are those of the states on screen") {
    UnitsScreen screen("sentiment");
    with_review(screen);
    const int64_t steps = screen.bench().steps();
    CHECK(screen.view().phrase() == StepRange{steps - 1, steps - 1});   // before anything is brushed
    screen.drag(screen.middle("rnn.phrase:3"), screen.middle("rnn.phrase:4"));
    CHECK(screen.view().phrase() == StepRange{3, 4});
    const Tensor states = screen.bench().graph()->find("rnn.hidden").tensor();
    const auto& ranked = screen.view().ranking();
    REQUIRE(ranked.size() == RnnUnitsView::shown_units);
    for (size_t i = 0; i < ranked.size(); ++i) {
        CHECK(static_cast<double>(ranked[i].score) == doctest::Approx(score_of(states, ranked[i].unit, 3, 4)).epsilon(1e-4));
        CHECK(screen.drawn("rnn.unit:" + std::to_string(ranked[i].unit)));
        if (i > 0) CHECK(std::fabs(ranked[i].score) <= std::fabs(ranked[i - 1].score));
    }
    for (int64_t unit = 0; unit < states.extent(1); ++unit)
        CHECK(std::fabs(score_of(states, unit, 3, 4)) <= std::fabs(static_cast<double>(ranked[0].score)) + 1e-4);
    screen.click(screen.middle("rnn.phrase:1"));
    CHECK(screen.view().phrase() == StepRange{1, 1});
    screen.api->undo();
    screen.settle();
    CHECK(screen.view().phrase() == StepRange{3, 4});   // one drag was one step of undo
    screen.api->undo();
    screen.settle();
    CHECK(screen.view().phrase() == StepRange{steps - 1, steps - 1});
    screen.put("rnn.brush_from", "2");
    screen.put("rnn.brush_to", "3");
    CHECK(screen.view().phrase() == StepRange{1, 2});
    screen.api->text("fine");   // the phrase stays within the sequence
    screen.settle(2000);
    CHECK(screen.view().phrase() == StepRange{0, 0});
}

TEST_CASE("a click on a unit colours the tokens by it, another lets go; a drag along its row brushes") {
    UnitsScreen screen("sentiment");
    with_review(screen);
    const int64_t unit = screen.view().ranking()[2].unit;
    const std::string row = "rnn.unit:" + std::to_string(unit), values = "rnn.unit_values:" + std::to_string(unit);
    CHECK(screen.view().unit() == -1);
    screen.click(screen.middle(row));
    CHECK(screen.view().unit() == unit);
    screen.click(screen.middle(row));
    CHECK(screen.view().unit() == -1);
    const Rect cells = screen.rect(values);
    const float column = cells.w / static_cast<float>(screen.bench().steps()), y = cells.y + cells.h / 2;
    screen.drag({cells.x + column * 2.5f, y}, {cells.x + column * 5.5f, y});
    CHECK(screen.view().phrase() == StepRange{2, 5});
    CHECK(screen.view().unit() == -1);
}

TEST_CASE("a hovered cell is the unit's value at that step in the inspector") {
    UnitsScreen screen("sentiment");
    with_review(screen);
    const int64_t unit = screen.view().ranking().front().unit;
    const Rect cells = screen.rect("rnn.unit_values:" + std::to_string(unit));
    const float column = cells.w / static_cast<float>(screen.bench().steps());
    screen.move({cells.x + column * 4.5f, cells.y + cells.h / 2});
    const auto& hidden = screen.bench().graph()->find("rnn.hidden").tensor();
    const auto shown = screen.json(screen.api->explain("rnn.hidden", "[4," + std::to_string(unit) + "]"));
    CHECK(shown["value"].get<float>() == hidden.data()[4 * hidden.extent(1) + unit]);
}

TEST_CASE("gates and cell state are ranked where the cell has them, else the hidden state") {
    UnitsScreen screen("sum");
    CHECK(!screen.drawn("rnn.unit_parts:gate.f"));
    screen.put("rnn.cell", "\"lstm\"");
    for (const char* part : {"hidden", "cell_state", "gate.i", "gate.f", "gate.g", "gate.o"}) {
        screen.press_button(("rnn.unit_parts:" + std::string(part)).c_str());
        CHECK(screen.view().node() == "rnn." + std::string(part));
        const Tensor states = screen.bench().graph()->find(screen.view().node()).tensor();
        const int64_t last = screen.bench().steps() - 1;
        const RankedUnit& first = screen.view().ranking().front();
        CHECK(static_cast<double>(first.score) == doctest::Approx(score_of(states, first.unit, last, last)).epsilon(1e-4));
    }
    screen.put("rnn.cell", "\"gru\"");   // no gate.o
    CHECK(screen.view().node() == "rnn.hidden");
    screen.put("rnn.unit_part", "\"gate.z\"");
    CHECK(screen.view().node() == "rnn.gate.z");
}

TEST_CASE("the steps that moved the answer are named with their numbers; a click brushes one") {
    UnitsScreen screen("sentiment");
    with_review(screen);
    const InfluenceResult* result = screen.view().influence();
    REQUIRE(result);
    CHECK(result->complete());
    CHECK(!screen.app->wants_frame());
    const auto strongest = result->strongest(RnnUnitsView::shown_steps);
    REQUIRE(strongest.size() == 5);
    for (const int64_t step : strongest) CHECK(screen.drawn("rnn.influence.line:" + std::to_string(step)));
    CHECK(result->change(strongest[0]) != 0);
    screen.press_button(("rnn.influence.line:" + std::to_string(strongest[1])).c_str());
    CHECK(screen.view().phrase() == StepRange{strongest[1], strongest[1]});
    CHECK(screen.view().influence()->complete());   // brushing computes nothing anew
    screen.api->text("terrible");
    screen.settle(2000);
    REQUIRE(screen.view().influence());
    CHECK(screen.view().influence()->steps == 1);
}

TEST_CASE("every task and length is drawn inside the screen, wide and narrow, in both languages") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), {390.0f, 844.0f}})
        for (const char* language : {"en", "zh"})
            for (const char* task : {"sum", "sentiment", "needle", "forecast"}) {
                CAPTURE(task);
                CAPTURE(language);
                UnitsScreen screen(task, width, height);
                screen.api->set_language(language);
                screen.put("rnn.cell", "\"lstm\"");
                screen.click(screen.middle("rnn.phrase:0"));
                CHECK(screen.inside("rnn.unit", width) >= 16);
                CHECK(screen.inside("rnn.influence", width) >= 6);
                CHECK(screen.inside("rnn.phrase", width) >= 2);
                screen.api->set_language("en");
            }
    UnitsScreen screen("sum", 390, 844);
    screen.put("rnn.length", "400");
    CHECK(screen.bench().steps() == 400);
    CHECK(screen.inside("rnn.units.scroll", 390) >= 1);
    REQUIRE(screen.view().influence());
    CHECK(screen.view().influence()->complete());
}

TEST_CASE("nothing typed is nothing to brush") {
    UnitsScreen screen("sentiment");
    screen.api->text("");
    screen.settle();
    CHECK(screen.drawn("rnn.units.empty"));
    CHECK(!screen.drawn("rnn.phrase"));
    with_review(screen);
    CHECK(screen.drawn("rnn.phrase"));
}

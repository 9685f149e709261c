// The tables of the RNN room: what is true of every task and of every cell, so also of one that is added.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>

#include "demos/rnn/cell_label.h"
#include "demos/rnn/tasks/tasks.h"
#include "demos/rnn/unit_formula.h"
#include "demos/rnn/workbench.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

constexpr Cell engine_cells[] = {Cell::rnn_tanh, Cell::rnn_relu, Cell::gru, Cell::gru_reset_before, Cell::lstm};

void check_names(Text label) {
    CHECK(std::strlen(say(label, Language::english)) > 0);
    CHECK(std::strlen(say(label, Language::chinese)) > 0);
}

}  // namespace

TEST_CASE("each task computes a graph from what the room opens with, for each cell, with a loss and a gradient") {
    for (const RnnTask* task : rnn_tasks())
        for (const auto source : {RnnSettings::Source::shipped, RnnSettings::Source::own})
            for (const RnnCell cell : rnn_cells()) {
                CAPTURE(task->id());
                CAPTURE(row_of(cell).id);
                RnnWorkbench bench;
                bench.settings.task = rnn_task_number(task->id());
                bench.settings.cell = cell;
                bench.settings.source = source;
                bench.compute();
                REQUIRE(bench.graph());
                CHECK(&bench.task() == task);
                CHECK(bench.steps() > 1);
                CHECK(bench.graph()->find("rnn.hidden").tensor().extent(0) == bench.steps());
                CHECK(bench.graph()->contains("rnn.loss"));
                CHECK(!bench.graph()->node(bench.graph()->find("rnn.hidden").node).gradient.empty());
                CHECK((bench.target_class() < 0) == (task->answers() == RnnAnswer::curve));
                if (!bench.is_shipped()) CHECK(bench.cell() == cell);
            }
}

TEST_CASE("what a task says of itself fits together") {
    std::set<std::string> ids;
    for (const RnnTask* task : rnn_tasks()) {
        CAPTURE(task->id());
        CHECK(ids.insert(task->id()).second);
        check_names(task->label());
        check_names(task->read_title());
        RnnWorkbench bench;
        bench.settings.task = rnn_task_number(task->id());
        bench.settings.source = RnnSettings::Source::own;
        bench.input.corpus = std::string(200, 'a') + "bc";
        bench.compute();
        CHECK(bench.reads_text() == (task->text_name(bench.context()) != nullptr));
        CHECK(bench.reads_text() == (task->vocabulary(bench.context()) != nullptr));
        CHECK(bench.trainable() == task->can_be_trained());
        CHECK(bench.classes().empty() == (task->answers() == RnnAnswer::curve));
        if (task->answers() != RnnAnswer::classes) check_names(task->offer());
        if (task->is_judged()) CHECK(task->short_classes(bench.context()).size() == 2);
        if (task->can_be_trained()) CHECK(bench.data()->size() > 0);
        else CHECK_THROWS_AS(bench.data(), ValueError);
        if (!bench.reads_text()) CHECK_THROWS_AS(bench.text(), ValueError);
        for (const RnnReads what : {RnnReads::numbers, RnnReads::text, RnnReads::sample, RnnReads::curve})
            CHECK(rnn_task_that_reads(what).reads() == what);
    }
}

TEST_CASE("a task or cell that there is not is refused with those that there are") {
    CHECK_THROWS_WITH_AS(rnn_task_number("sums"), "no task \"sums\", expected one of sum, sentiment, needle, generate, forecast",
                         ValueError);
    CHECK_THROWS_WITH_AS(rnn_cell("RNN"), "no recurrent cell \"RNN\", expected one of rnn, gru, lstm", ValueError);
    CHECK_THROWS_AS(rnn_task_number(""), ValueError);
    CHECK_THROWS_AS(rnn_cell(""), ValueError);
    CHECK_THROWS_AS(rnn_cell_of(Graph("rnn.")), ValueError);
}

TEST_CASE("choices are made of the tables") {
    const auto tasks = rnn_task_choices(), cells = rnn_cell_choices();
    REQUIRE(tasks.size() == rnn_tasks().size());
    for (size_t i = 0; i < tasks.size(); ++i) CHECK(rnn_task_number(tasks[i].name) == static_cast<int>(i));
    REQUIRE(cells.size() == rnn_cells().size());
    for (size_t i = 0; i < cells.size(); ++i) CHECK(rnn_cell(cells[i].name) == rnn_cells()[i]);
}

TEST_CASE("each cell has names, a colour of its own, and is known by what the engine computes it with") {
    const TestScreen screen;  // its theme has the colours
    std::set<ImU32> colors;
    for (const RnnCell cell : rnn_cells()) {
        const RnnCellRow& row = row_of(cell);
        CAPTURE(row.id);
        check_names(row.label);
        CHECK(colors.insert(cell_label(cell).color).second);
        for (const bool relu : {false, true}) CHECK(rnn_cell_of(row.engine(RnnSettings{}, relu)) == cell);
        const auto parts = part_names(row.engine(RnnSettings{}, false));
        if (row.keeping_gate) CHECK(std::ranges::find(parts, std::string(row.keeping_gate)) != parts.end());
    }
    std::set<std::string> names;
    for (const Cell cell : engine_cells) names.insert(rnn_cell_name(cell));
    CHECK(names.size() == 4);  // both kinds of GRU have one name
}

TEST_CASE("each of the engine's cells tells its row by its graph, has a formula, and titles for its gates") {
    for (const Cell cell : engine_cells) {
        const RnnCell row = rnn_cell_of(cell);
        CAPTURE(rnn_cell_name(cell));
        Random random(1);
        SequencePlan plan;
        plan.cell = cell;
        Graph graph("rnn.");
        SequenceModel model(plan, random);
        model.forward(graph, Tensor::full(Shape{3, 1}, 0.5f));
        CHECK(rnn_cell_of(graph) == row);
        const auto lines = write_unit_formula(graph, 1, 2);
        CHECK(lines.size() == row_of(row).formula(graph, 1, 2).size());
        for (const UnitFormula& line : lines) CHECK(!line.links.empty());
        for (const std::string& gate : gate_names(cell)) {
            const auto titled = [&](const RnnGate& each) { return each.part == "gate." + gate; };
            if (!gate.empty()) CHECK(std::ranges::count_if(rnn_gates(), titled) == 1);
        }
    }
    for (const RnnGate& gate : rnn_gates()) check_names(gate.title);
}

// Where tokens stand, in the Transformer room: the map of the encoding, and what shuffling the tokens does to the output (curriculum T5).
#include <doctest/doctest.h>

#include <cmath>

#include "demos/transformer/positions_view.h"
#include "tests/demos/transformer_room.h"

namespace trilens {

namespace {

using Encoding = TransformerSettings::Encoding;

TransformerWorkbench bench_of(std::string_view task, Encoding encoding) {
    TransformerWorkbench bench;
    bench.settings.task = transformer_task_number(task);
    bench.settings.encoding = encoding;
    bench.compute();
    return bench;
}

}  // namespace

TEST_CASE("the map is the closed form of the encoding, or the learned table itself") {
    TransformerWorkbench bench = bench_of("layer", Encoding::sinusoidal);
    TransformerPositionsView view(bench);
    const Tensor table = view.table();
    REQUIRE(table.shape() == Shape{64, 16});
    for (const auto& [position, column] : {std::pair(0, 0), {0, 1}, {3, 5}, {63, 4}, {40, 15}}) {
        const double angle = position / std::pow(10000.0, column / 2 * 2 / 16.0);
        CHECK(static_cast<double>(table.data()[position * 16 + column]) ==
              doctest::Approx(column % 2 == 0 ? std::sin(angle) : std::cos(angle)).epsilon(1e-5));
    }
    bench.settings.encoding = Encoding::rotary;
    bench.compute();
    const Tensor turned = view.table();
    REQUIRE(turned.shape() == Shape{64, 8});  // pairs of a key of 16
    CHECK(static_cast<double>(turned.data()[5 * 8 + 2]) == doctest::Approx(std::cos(5 / std::pow(10000.0, 4 / 16.0))).epsilon(1e-5));
    bench.settings.encoding = Encoding::learned;
    bench.compute();
    const Tensor learned = view.table();
    const Tensor& tapped = bench.graph()->find("transformer.encoder.positions").tensor();
    for (int64_t i = 0; i < tapped.elements(); ++i) CHECK(learned.data()[i] == tapped.data()[i]);
    bench.settings.encoding = Encoding::none;
    bench.compute();
    CHECK(view.table().empty());
}

TEST_CASE("without positions the output is shuffled with the tokens, with them it is another") {
    for (const Encoding encoding : {Encoding::none, Encoding::sinusoidal, Encoding::learned, Encoding::rotary}) {
        CAPTURE(static_cast<int>(encoding));
        TransformerWorkbench bench = bench_of("layer", encoding);
        const auto told = shuffled_outputs(bench);
        REQUIRE(told);
        CHECK(told->order != std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        if (encoding == Encoding::none) CHECK(told->largest_difference < 1e-5f);
        else CHECK(told->largest_difference > 1e-3f);
        bench.settings.positions = false;
        bench.compute();
        CHECK(shuffled_outputs(bench)->largest_difference < 1e-5f);
        // Which of the two orders is on screen changes nothing.
        bench.settings.shuffled = true;
        bench.compute();
        const auto other = shuffled_outputs(bench);
        CHECK(other->order == told->order);
        CHECK(other->labels == told->labels);
    }
}

TEST_CASE("a sentence with a blank and the patches of a drawing shuffle too, a text that is written does not") {
    for (const char* task : {"mask", "vision"}) {
        const TransformerWorkbench bench = bench_of(task, Encoding::by_task);
        const auto told = shuffled_outputs(bench);
        REQUIRE(told);
        CHECK(told->labels.size() == told->order.size());
        for (size_t i = 0; i < told->order.size(); ++i)
            CHECK(told->shuffled_labels[i] == told->labels[static_cast<size_t>(told->order[i])]);
        CHECK(told->largest_difference > 1e-3f);
    }
    CHECK(!shuffled_outputs(bench_of("generate", Encoding::by_task)));
    CHECK(!shuffled_outputs(bench_of("translate", Encoding::by_task)));
}

TEST_CASE("the view's buttons tell positions, shuffle, and lead to the worked example") {
    TransformerScreen screen("translate");
    screen.choose("transformer.view", "positions");
    CHECK(!screen.drawn("transformer.positions.plain"));
    screen.click(screen.middle("transformer.positions.example"));
    CHECK(screen.json(screen.api->get("transformer.task")) == "layer");
    REQUIRE(screen.drawn("transformer.positions.plain"));
    screen.click(screen.middle("transformer.positions.sinusoidal"));
    CHECK(screen.json(screen.api->get("transformer.encoding")) == "sinusoidal");
    CHECK(screen.drawn("transformer.positions.map"));
    screen.click(screen.middle("transformer.positions.told"));
    CHECK(screen.json(screen.api->get("transformer.positions")) == false);
    screen.click(screen.middle("transformer.positions.shuffle"));
    CHECK(screen.json(screen.api->get("transformer.shuffled")) == true);
}

}  // namespace trilens

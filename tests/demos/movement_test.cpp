// The Move view as a learner uses it: handles, the curve, and what moves as the picture does.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "demos/cnn/equivariance.h"
#include "demos/cnn/equivariance_view.h"
#include "demos/cnn/movement_curve.h"
#include "demos/cnn/movement_handles.h"
#include "engine/models/digits.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::unique_ptr<TestScreen> move_screen(float width = 1280, float height = 720) {
    auto screen = std::make_unique<TestScreen>(width, height, 1.0f, false, rooms());
    screen->api->set("cnn.view", "\"move\"");
    screen->settle();
    return screen;
}

void put(TestScreen& screen, const char* field, double value) {
    screen.api->set(field, std::to_string(value));
    screen.settle();
}

double get(TestScreen& screen, const char* field) { return screen.json(screen.api->get(field)).get<double>(); }

float at(const Tensor& x, int64_t channel, int64_t row, int64_t column) {
    return x.data()[(channel * x.extent(2) + row) * x.extent(3) + column];
}

bool same_bits(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0; }

int winner(const Tensor& x) { return static_cast<int>(std::ranges::max_element(x.values()) - x.values().begin()); }

void drag(TestScreen& screen, ImVec2 from, ImVec2 to) {
    screen.move(from);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    screen.app->wake();
    screen.settle();
    for (const float way : {0.3f, 0.7f, 1.0f}) screen.move({from.x + (to.x - from.x) * way, from.y + (to.y - from.y) * way});
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    screen.app->wake();
    screen.settle();
}

const MovementCurve::Curve& whole(MovementCurve& curve, const Workbench& bench) {
    while (curve.step(bench, [] { return true; })) {
    }
    REQUIRE(curve.latest());
    return *curve.latest();
}

// The position of `value` in the curve.
size_t position(const MovementCurve::Curve& curve, float value) {
    const auto found = std::ranges::find(curve.positions, value);
    REQUIRE(found != curve.positions.end());
    return static_cast<size_t>(found - curve.positions.begin());
}

}  // namespace

TEST_CASE("the moved picture is the network's input, moved, and every layer is computed on it") {
    auto screen = move_screen();
    put(*screen, "cnn.move.dx", 3);
    put(*screen, "cnn.move.dy", -2);
    const Tensor plain = screen->api->tensor("cnn.input"), moved = screen->api->tensor("cnn.moved.input");
    for (int64_t row = 0; row < 28; ++row)
        for (int64_t column = 0; column < 28; ++column) {
            const bool inside = row + 2 < 28 && column >= 3;
            REQUIRE(same_bits(at(moved, 0, row, column), inside ? at(plain, 0, row + 2, column - 3) : 0.0f));
        }
    Workbench bench;
    Graph graph;
    classify(bench.network(), graph.input(moved.clone(), "input"));
    for (const char* name : {"conv1", "pool1", "conv2", "pool2", "logits", "probabilities"})
        CHECK(checksum(graph.find(name).tensor()) == checksum(screen->api->tensor(std::string("cnn.moved.") + name)));
}

TEST_CASE("a moved pixel says which pixel it was") {
    auto screen = move_screen();
    put(*screen, "cnn.move.dx", 3);
    const auto graph = screen->app->room().graph();
    const Explanation explanation = graph->explain(graph->find("cnn.moved.input").node, 10 * 28 + 15);
    REQUIRE(explanation.terms.size() == 1);
    CHECK(graph->node(explanation.terms[0].node).name == "cnn.input");
    CHECK(explanation.terms[0].index == 10 * 28 + 12);
}

TEST_CASE("the first convolution moves with the picture, bit for bit away from the border, and pooling only in steps of its stride") {
    auto screen = move_screen();
    const auto largest_inside = [&](const char* layer, double shift) {
        screen->api->set("cnn.move.layer", std::string("\"") + layer + "\"");
        put(*screen, "cnn.move.dx", shift);
        const auto graph = screen->app->room().graph();
        const LayerGrid grid = layer_grid(*graph, graph->find(std::string("cnn.") + layer).node, graph->find("cnn.input").node);
        const Comparison found = compare(screen->api->tensor(std::string("cnn.moved.") + layer), screen->api->tensor("cnn.moved.expected"),
                                         grid, {static_cast<float>(shift), 0});
        CHECK(found.inside > 0);
        return found.largest_inside;
    };
    for (const double shift : {-7.0, 1.0, 4.0, 5.0}) CHECK(largest_inside("conv1", shift) == 0);
    for (const double shift : {-4.0, 2.0, 6.0}) CHECK(largest_inside("pool1", shift) == 0);
    for (const double shift : {-3.0, 1.0, 5.0}) CHECK(largest_inside("pool1", shift) > 0.05f);
    CHECK(largest_inside("conv2", 2.0) == 0);
    CHECK(largest_inside("conv2", 1.0) > 0.05f);
    CHECK(largest_inside("pool2", 4.0) == 0);
    CHECK(largest_inside("pool2", 2.0) > 0.05f);
    // The same without any of the view's own geometry.
    put(*screen, "cnn.move.dx", 4);
    const Tensor plain = screen->api->tensor("cnn.conv1"), moved = screen->api->tensor("cnn.moved.conv1");
    for (int64_t channel = 0; channel < plain.extent(1); ++channel)
        for (int64_t row = 1; row < 27; ++row)
            for (int64_t column = 5; column < 27; ++column)
                REQUIRE(same_bits(at(moved, channel, row, column), at(plain, channel, row, column - 4)));
}

TEST_CASE("a turned or scaled picture's maps are not the turned or scaled maps") {
    auto screen = move_screen();
    for (const auto& [field, value, none] :
         {std::tuple("cnn.move.angle", 45.0, 0.0), {"cnn.move.angle", 90.0, 0.0}, {"cnn.move.scale", 1.4, 1.0}}) {
        put(*screen, field, value);
        float largest = 0, expected = 0;
        for (const float each : screen->api->tensor("cnn.moved.difference").values()) largest = std::max(largest, std::fabs(each));
        for (const float each : screen->api->tensor("cnn.moved.expected").values()) expected = std::max(expected, std::fabs(each));
        CHECK(largest > 0.2f * expected);
        put(*screen, field, none);
    }
}

TEST_CASE("the grid of a layer is that of its cells' receptive fields") {
    auto screen = move_screen();
    const auto graph = screen->app->room().graph();
    const auto grid = [&](const char* name) { return layer_grid(*graph, graph->find(name).node, graph->find("cnn.input").node); };
    const LayerGrid conv1 = grid("cnn.conv1"), pool1 = grid("cnn.pool1"), conv2 = grid("cnn.conv2");
    CHECK(conv1.left == -1);
    CHECK(conv1.width == 3);
    CHECK(conv1.step_x == 1);
    CHECK(conv1.center().x == 13.5f);
    CHECK(pool1.step_y == 2);
    CHECK(pool1.width == 4);
    CHECK(pool1.center().y == 6.5f);
    CHECK(conv2.left == -3);
    CHECK(conv2.width == 8);
    CHECK(conv2.sees_inside({2, 2}));
    CHECK_FALSE(conv2.sees_inside({2, 1}));
    CHECK_FALSE(conv2.sees_inside({11.5f, 5}));
    CHECK(pool1.whole_step({4, -2}));
    CHECK_FALSE(pool1.whole_step({3, 0}));
}

TEST_CASE("what the sentence says follows from the numbers") {
    LayerGrid grid;
    grid.step_x = grid.step_y = 2;
    const Motion shift{3, 0}, whole{4, 0}, turn{0, 0, 30, 1}, scaled{0, 0, 0, 1.2f};
    CHECK(comparison_sentence({9, 0, 0, 1}, grid, {}) == say(Text::move_still));
    CHECK(comparison_sentence({9, 0, 0, 1}, grid, whole) == say(Text::move_same_everywhere));
    CHECK(comparison_sentence({9, 0, 0.25f, 1}, grid, whole).find("0.25") != std::string::npos);
    CHECK(comparison_sentence({9, 0.73f, 0, 1}, grid, shift) == say(Text::move_no_whole_step, {"2", "0.73", "1"}));
    CHECK(comparison_sentence({9, 0.73f, 0, 1}, grid, whole) == say(Text::move_differs, {"0.73", "1"}));
    CHECK(comparison_sentence({9, 0.73f, 0, 1}, grid, turn) == say(Text::move_turned, {"0.73", "1"}));
    CHECK(comparison_sentence({9, 0.73f, 0, 1}, grid, scaled) == say(Text::move_scaled, {"0.73", "1"}));
    CHECK(comparison_sentence({9, 1e-7f, 0, 1}, grid, shift) == say(Text::move_rounding, {"1e-07"}));
    CHECK(comparison_sentence({0, 0, 0.5f, 1}, grid, shift) == say(Text::move_all_border, {"0.5"}));
}

TEST_CASE("the curve at the present position is what the moved picture's own pass gave, to the bit") {
    auto screen = move_screen();
    put(*screen, "cnn.move.dy", 2);
    put(*screen, "cnn.move.angle", -35);
    Workbench bench;   // the same drawing and weights as the room opens with
    REQUIRE(checksum(bench.input()) == checksum(screen->api->tensor("cnn.input")));
    struct Case {
        Along along;
        const char* field;
        double value;
    };
    for (const Case& each :
         {Case{Along::shift_x, "cnn.move.dx", 5.25}, {Along::angle, "cnn.move.angle", 120}, {Along::scale, "cnn.move.scale", 0.75}}) {
        put(*screen, each.field, each.value);
        Motion motion{static_cast<float>(get(*screen, "cnn.move.dx")), static_cast<float>(get(*screen, "cnn.move.dy")),
                      static_cast<float>(get(*screen, "cnn.move.angle")), static_cast<float>(get(*screen, "cnn.move.scale"))};
        MovementCurve curve;
        curve.ask(bench, motion, each.along);
        const auto& found = whole(curve, bench);
        REQUIRE(found.positions.size() == static_cast<size_t>(range_of(each.along).count));
        const size_t here = position(found, quantity(motion, each.along));
        const Tensor moved = screen->api->tensor("cnn.moved.probabilities");
        for (size_t digit = 0; digit < 10; ++digit) CHECK(same_bits(found.probabilities[digit][here], moved.values()[digit]));
    }
}

TEST_CASE("a curve is computed in pieces, is whole or not there, and is asked for once") {
    Workbench bench;
    MovementCurve curve;
    curve.ask(bench, {}, Along::shift_x);
    int pieces = 1;
    while (curve.step(bench, [] { return false; })) {
        CHECK(curve.latest() == nullptr);
        ++pieces;
    }
    CHECK(pieces == 9);
    CHECK(whole(curve, bench).probabilities.size() == 10);
    curve.ask(bench, {3, 0}, Along::shift_x);   // the quantity itself does not matter
    CHECK_FALSE(curve.step(bench, [] { return true; }));
    // Another question in the middle of one: that one first, then the other.
    curve.ask(bench, {0, 1}, Along::shift_x);
    curve.step(bench, [] { return false; });
    curve.ask(bench, {0, 2}, Along::shift_x);
    while (curve.latest()->motion.down != 1) REQUIRE(curve.step(bench, [] { return false; }));
    CHECK(whole(curve, bench).motion.down == 2);
    // Other weights: what was begun with the old ones is worth nothing.
    curve.ask(bench, {0, 5}, Along::shift_x);
    curve.step(bench, [] { return false; });
    bench.start_anew(7);
    curve.ask(bench, {0, 5}, Along::shift_x);
    const auto& found = whole(curve, bench);
    Graph graph;
    classify(bench.network(), graph.input(warp(bench.input(), {2, 5}), "input"));
    CHECK(same_bits(found.probabilities[4][position(found, 2)], graph.find("probabilities").tensor().values()[4]));
}

TEST_CASE("dragged inside, the picture is shifted by whole pixels, in one step of undo") {
    auto screen = move_screen();
    const int before = winner(screen->api->tensor("cnn.probabilities"));
    const Rect picture = screen->rect("cnn.moved.input");
    const float cell = picture.w / 28;
    const ImVec2 middle = screen->middle("cnn.moved.input");
    drag(*screen, middle, {middle.x + 3.2f * cell, middle.y - 1.9f * cell});
    CHECK(get(*screen, "cnn.move.dx") == 3);
    CHECK(get(*screen, "cnn.move.dy") == -2);
    CHECK(winner(screen->api->tensor("cnn.moved.probabilities")) == before);
    drag(*screen, middle, {middle.x + 20 * cell, middle.y});
    CHECK(get(*screen, "cnn.move.dx") == 10);
    screen->api->undo();
    CHECK(get(*screen, "cnn.move.dx") == 3);
    screen->api->undo();
    CHECK(get(*screen, "cnn.move.dx") == 0);
    CHECK(get(*screen, "cnn.move.dy") == 0);
    screen->api->redo();
    CHECK(get(*screen, "cnn.move.dx") == 3);
    CHECK(checksum(screen->api->tensor("cnn.moved.input")) == checksum(warp(screen->api->tensor("cnn.input"), {3, -2})));
}

TEST_CASE("the round handle turns and the square one scales, about the middle of the moved picture") {
    auto screen = move_screen();
    const ImVec2 center = screen->middle("cnn.moved.input"), turn = screen->middle("cnn.move.turn");
    const ImVec2 arm{turn.x - center.x, turn.y - center.y};
    drag(*screen, turn, {center.x - arm.y, center.y + arm.x});   // a quarter, clockwise
    CHECK(get(*screen, "cnn.move.angle") == 90);
    CHECK(get(*screen, "cnn.move.dx") == 0);
    const ImVec2 size = screen->middle("cnn.move.size");
    CHECK(screen->middle("cnn.moved.input").y == doctest::Approx(center.y));  // it does not move under the hand
    drag(*screen, size, {center.x + (size.x - center.x) * 1.25f, center.y + (size.y - center.y) * 1.25f});
    CHECK(get(*screen, "cnn.move.scale") == doctest::Approx(1.25).epsilon(0.01));
    CHECK(get(*screen, "cnn.move.angle") == 90);
    screen->click(screen->middle("cnn.move.reset"));
    CHECK(get(*screen, "cnn.move.angle") == 0);
    CHECK(get(*screen, "cnn.move.scale") == 1);
    screen->api->undo();
    CHECK(get(*screen, "cnn.move.angle") == 90);
}

TEST_CASE("dragged along the curve, the quantity follows") {
    auto screen = move_screen();
    screen->api->set("cnn.move.along", "\"angle\"");
    screen->settle();
    const Rect plot = screen->rect("cnn.move.curve");
    drag(*screen, {plot.x + plot.w * 0.5f, plot.y + plot.h * 0.5f}, {plot.x + plot.w * 0.7f, plot.y + plot.h * 0.5f});
    const double angle = get(*screen, "cnn.move.angle");
    CHECK(angle > 40);
    CHECK(angle < 90);
    CHECK(std::fmod(angle, 5) == 0);
    screen->api->undo();
    CHECK(get(*screen, "cnn.move.angle") == 0);
}

TEST_CASE("another network without maps, other classes and a training under way leave the view standing") {
    auto screen = move_screen();
    screen->api->set("cnn.architecture", "\"dense 16, relu\"");
    screen->settle();
    CHECK(screen->api->tensor("cnn.moved.probabilities").extent(1) == 10);
    screen->api->set("cnn.architecture", "\"conv 4 5, relu, average 2\"");
    screen->settle();
    CHECK(screen->api->tensor("cnn.moved.difference").extent(1) == 4);
    screen->api->set("cnn.data", "\"own\"");
    screen->settle();
    CHECK(screen->api->tensor("cnn.moved.probabilities").elements() == static_cast<int64_t>(screen->app->room().class_names().size()));
    screen->api->set("cnn.data", "\"digits\"");
    screen->api->train(R"({"steps":3})");
    screen->settle(5000);
    CHECK(screen->api->tensor("cnn.moved.probabilities").extent(1) == 10);
}

TEST_CASE("a curve in one dimension is only shifted and stretched, and its maps move with it by whole steps") {
    auto screen = move_screen();
    put(*screen, "cnn.move.angle", 30);
    put(*screen, "cnn.move.dy", 5);
    screen->api->set("cnn.data", "\"waves\"");
    screen->settle();
    const Tensor plain = screen->api->tensor("cnn.input");
    CHECK(checksum(screen->api->tensor("cnn.moved.input")) == checksum(plain));   // the angle and the shift down are not a curve's
    const Rect plot = screen->rect("cnn.moved.input");
    const ImVec2 middle = screen->middle("cnn.moved.input");
    drag(*screen, middle, {middle.x + plot.w * 0.06f, middle.y});
    const double shift = get(*screen, "cnn.move.dx");
    CHECK(shift >= 6);
    const Tensor moved = screen->api->tensor("cnn.moved.input");
    const auto by = static_cast<int64_t>(shift);
    for (int64_t column = by; column < plain.extent(3); ++column) REQUIRE(same_bits(at(moved, 0, 0, column), at(plain, 0, 0, column - by)));
    const auto graph = screen->app->room().graph();
    const LayerGrid grid = layer_grid(*graph, graph->find("cnn.conv1").node, graph->find("cnn.input").node);
    const Comparison found =
        compare(screen->api->tensor("cnn.moved.conv1"), screen->api->tensor("cnn.moved.expected"), grid, {static_cast<float>(shift), 0});
    CHECK(found.inside > 0);
    CHECK(found.largest_inside == 0);
}

TEST_CASE("the view stands inside on a phone and on a wall, and its state comes back by a link") {
    for (const auto& [width, height] : {std::pair(320.0f, 568.0f), {390.0f, 844.0f}, {1280.0f, 720.0f}, {3840.0f, 2160.0f}}) {
        auto screen = move_screen(width, height);
        for (const char* name :
             {"cnn.moved.input", "cnn.move.canvas", "cnn.move.curve", "cnn.moved.conv1", "cnn.moved.difference", "cnn.move.reset"}) {
            const Rect rect = screen->rect(name);
            CHECK_MESSAGE(rect.x >= 0, name << " at " << width);
            CHECK_MESSAGE(rect.right() <= width, name << " at " << width);
            CHECK_MESSAGE(rect.w > 10, name << " at " << width);
        }
    }
    auto screen = move_screen();
    put(*screen, "cnn.move.dx", 2.5);
    put(*screen, "cnn.move.scale", 0.8);
    const std::string link = screen->api->link();
    const uint64_t bits = checksum(screen->api->tensor("cnn.moved.input"));
    screen->click(screen->middle("cnn.move.reset"));
    CHECK(checksum(screen->api->tensor("cnn.moved.input")) != bits);
    screen->api->follow(link);
    CHECK(checksum(screen->api->tensor("cnn.moved.input")) == bits);
}

// The layer view as a learner uses it: partial sums, the player, the keys, the path, and going along with the inspector's card.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "demos/cnn/kernel_player.h"
#include "demos/cnn/partial_sums.h"
#include "engine/autograd/conv.h"
#include "engine/random.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::unique_ptr<TestScreen> layer_screen(const std::string& layer, int map = 0, float width = 1280, float height = 720) {
    auto screen = std::make_unique<TestScreen>(width, height, 1.0f, false, rooms());
    screen->api->set("cnn.layer", "\"" + layer + "\"");
    screen->api->set("cnn.map", std::to_string(map));
    screen->api->set("cnn.view", "\"layer\"");
    screen->settle(4);
    return screen;
}

// The pointer far from everything, the player at rest at its present cell.
void stop(TestScreen& screen) {
    ImGui::GetIO().AddMousePosEvent(5, 5);
    screen.api->step(0);
    screen.settle(4);
}

Element subject(TestScreen& screen) {
    const Element* found = screen.app->inspector().subject();
    REQUIRE(found);
    return *found;
}

void wait(TestScreen& screen, double seconds) {
    for (int i = 0; i < static_cast<int>(seconds * 60); ++i) screen.frame();
}

std::string field(TestScreen& screen, const char* name) { return screen.api->get(name); }

Tensor noise(const Shape& shape, uint64_t seed) {
    Random random(seed);
    Tensor out(shape);
    for (float& value : out.values()) value = random.uniform() - 0.5f;
    return out;
}

}  // namespace

TEST_CASE("partial sums and the bias add up to the convolution, whatever its stride, padding and dilation") {
    struct Case {
        Shape x, weight;
        Conv2dOptions options;
    };
    Conv2dOptions plain, strided, dilated, row;
    strided.stride_height = 2, strided.stride_width = 2, strided.padding_height = 1, strided.padding_width = 1;
    dilated.dilation_height = 2, dilated.dilation_width = 2, dilated.padding_height = 2, dilated.padding_width = 2;
    row.padding_width = 2;
    for (const Case& each : {Case{{1, 3, 9, 8}, {4, 3, 3, 3}, plain}, Case{{1, 2, 9, 9}, {3, 2, 3, 3}, strided},
                             Case{{1, 2, 8, 8}, {3, 2, 3, 3}, dilated}, Case{{1, 3, 1, 20}, {2, 3, 1, 5}, row}}) {
        Parameter weight{"w", noise(each.weight, 2), {}}, bias{"b", noise(Shape{each.weight[0]}, 3), {}};
        Graph graph;
        const Value y = conv2d(graph.input(noise(each.x, 1), "x"), graph.parameter(weight), graph.parameter(bias), each.options);
        const int64_t map = 1, cells = y.shape()[2] * y.shape()[3], channels = each.x[1];
        record_partial_sums(graph, y.node, map, 0, channels);
        CHECK_FALSE(graph.contains("partial." + std::to_string(channels)));
        for (int64_t cell = 0; cell < cells; ++cell) {
            float sum = 0;
            for (int64_t c = 0; c < channels; ++c) {
                const Value partial = graph.find("partial." + std::to_string(c));
                const Explanation found = graph.explain(partial.node, cell);
                float terms = 0;
                for (const Term& term : found.terms) terms += term.value * term.factor;
                REQUIRE(terms == found.value);   // the same bits: summed in this order
                REQUIRE(found.value == partial.tensor().data()[cell]);
                REQUIRE(partial_sum(graph, y.node, map, cell, c) == found.value);
                sum += found.value;
            }
            REQUIRE(sum + bias.value.data()[map] == doctest::Approx(y.tensor().data()[map * cells + cell]).epsilon(1e-5));
            REQUIRE(other_partial_sums(graph, y.node, map, cell, 0, 1) ==
                    doctest::Approx(sum - graph.find("partial.0").tensor().data()[cell]).epsilon(1e-4));
        }
    }
}

TEST_CASE("the player walks row by row at a quarter of a second a cell, round and round") {
    KernelPlayer player;
    player.resize(3);
    CHECK_FALSE(player.advance(10));
    CHECK_FALSE(player.advance(10.2));
    CHECK(player.advance(10.26));
    CHECK(player.cell() == 1);
    CHECK_FALSE(player.advance(10.4));
    CHECK(player.advance(10.51));
    CHECK(player.advance(10.76));
    CHECK(player.cell() == 0);
}

TEST_CASE("a hand holds the player, which goes on a second and a half after the hand has left") {
    KernelPlayer player;
    player.resize(100);
    player.advance(0);
    player.take(42, 1);
    CHECK(player.cell() == 42);
    CHECK_FALSE(player.advance(2.4));
    CHECK(player.advance(2.51));
    CHECK(player.cell() == 43);
}

TEST_CASE("steps move the player and stop it, also back round the beginning") {
    KernelPlayer player;
    player.resize(10);
    player.step(3);
    CHECK(player.cell() == 3);
    CHECK_FALSE(player.playing());
    player.step(-5);
    CHECK(player.cell() == 8);
    CHECK_FALSE(player.advance(100));
    CHECK_FALSE(player.advance(100.3));
}

TEST_CASE("the player tells the inspector where it is, and a hovered cell comes first") {
    auto screen = layer_screen("conv2", 5);
    stop(*screen);
    const int64_t before = subject(*screen).index;
    CHECK(subject(*screen).node == "cnn.conv2");
    CHECK(before / 196 == 5);
    screen->api->step(15);
    screen->settle(4);
    CHECK(subject(*screen) == Element{"cnn.conv2", before + 15});
    const Rect map = screen->rect("cnn.conv2:5");
    ImGui::GetIO().AddMousePosEvent(map.x + map.w * (3.5f / 14), map.y + map.h * (6.5f / 14));
    screen->app->wake();
    screen->settle(4);
    const Element hovered{"cnn.conv2", 5 * 196 + 6 * 14 + 3};
    CHECK(subject(*screen) == hovered);
    ImGui::GetIO().AddMousePosEvent(5, 5);   // the player stays where the hand was
    screen->app->wake();
    screen->settle(4);
    CHECK(subject(*screen) == hovered);
    CHECK(screen->app->inspector().suggested());
}

TEST_CASE("the player plays by itself, but not where motion is reduced") {
    auto screen = layer_screen("conv1");
    ImGui::GetIO().AddMousePosEvent(5, 5);
    const int64_t first = subject(*screen).index;
    wait(*screen, 1.2);
    CHECK(subject(*screen).index >= first + 3);
    CHECK(subject(*screen).index <= first + 5);
    screen->app->set_reduced_motion(true);
    wait(*screen, 0.1);
    const int64_t now = subject(*screen).index;
    wait(*screen, 1);
    CHECK(subject(*screen).index == now);
    CHECK(screen->settle() < 60);   // and asks for no more frames
}

TEST_CASE("arrow keys walk the pinned cell and stop at the border; space plays and pauses") {
    auto screen = layer_screen("conv2", 2);
    stop(*screen);
    screen->api->inspect("cnn.conv2", "[0, 2, 0, 12]");
    screen->settle(4);
    screen->press(ImGuiKey_RightArrow);
    CHECK(subject(*screen) == Element{"cnn.conv2", 2 * 196 + 13});
    screen->press(ImGuiKey_RightArrow);
    CHECK(subject(*screen) == Element{"cnn.conv2", 2 * 196 + 13});
    screen->press(ImGuiKey_DownArrow);
    CHECK(subject(*screen) == Element{"cnn.conv2", 2 * 196 + 27});
    screen->press(ImGuiKey_LeftArrow);
    screen->press(ImGuiKey_UpArrow);
    CHECK(subject(*screen) == Element{"cnn.conv2", 2 * 196 + 12});
    screen->app->inspector().release();
    stop(*screen);
    const int64_t still = subject(*screen).index;
    wait(*screen, 0.6);
    CHECK(subject(*screen).index == still);
    screen->press(ImGuiKey_Space);
    wait(*screen, KernelPlayer::resume_seconds + 0.6);
    CHECK(subject(*screen).index != still);
}

TEST_CASE("a click on a cell of the network goes closer, and the path leads back with the cell still pinned") {
    TestScreen screen(1280, 720, 1.0f, false, rooms());
    const Rect maps = screen.rect("cnn.conv2");
    screen.click({maps.x + maps.w * 0.3f, maps.y + maps.h * 0.3f});
    screen.settle(4);
    CHECK(field(screen, "cnn.view") == "\"layer\"");
    CHECK(field(screen, "cnn.layer") == "\"conv2\"");
    const Element pinned = subject(screen);
    CHECK(pinned.node == "cnn.conv2");
    CHECK(field(screen, "cnn.map") == std::to_string(pinned.index / 196));
    screen.click(screen.middle("cnn.crumb.network"));
    CHECK(field(screen, "cnn.view") == "\"network\"");
    CHECK(subject(screen) == pinned);
    screen.press(ImGuiKey_RightArrow);
    CHECK(subject(screen) == Element{"cnn.conv2", pinned.index + 1});
    screen.api->undo();
    screen.settle(4);
    CHECK(field(screen, "cnn.view") == "\"layer\"");
}

TEST_CASE("the view goes along with the card's operands, and back with them") {
    auto screen = layer_screen("conv2", 3);
    stop(*screen);
    Inspector& inspector = screen->app->inspector();
    inspector.pin({"cnn.conv2", 3 * 196 + 50});
    screen->settle(4);
    inspector.follow({"cnn.pool1", 4 * 196 + 36});
    screen->app->wake();
    screen->settle(4);
    CHECK(field(*screen, "cnn.layer") == "\"pool1\"");
    CHECK(field(*screen, "cnn.map") == "4");
    inspector.follow({"cnn.conv2.weight", (7 * 8 + 2) * 9});
    screen->app->wake();
    screen->settle(4);
    CHECK(field(*screen, "cnn.layer") == "\"conv2\"");
    CHECK(field(*screen, "cnn.map") == "7");
    inspector.back();
    inspector.back();
    screen->app->wake();
    screen->settle(4);
    CHECK(field(*screen, "cnn.layer") == "\"conv2\"");
    CHECK(field(*screen, "cnn.map") == "3");
}

TEST_CASE("the buttons lead through every layer from the pixel to the class and back, and undo returns") {
    auto screen = layer_screen("input");
    stop(*screen);
    std::vector<std::string> seen{field(*screen, "cnn.layer")};
    for (int i = 0; i < 9; ++i) {
        screen->click(screen->middle("cnn.layer.next"));
        stop(*screen);
        seen.push_back(field(*screen, "cnn.layer"));
        CHECK("\"" + subject(*screen).node.substr(4) + "\"" == seen.back());
    }
    CHECK(seen == std::vector<std::string>{"\"input\"", "\"conv1\"", "\"relu1\"", "\"pool1\"", "\"conv2\"", "\"relu2\"", "\"pool2\"",
                                           "\"dense1\"", "\"relu3\"", "\"logits\""});
    for (size_t i = seen.size() - 1; i-- > 0;) {
        const Element from = subject(*screen);
        const auto graph = screen->app->room().graph();
        screen->click(screen->middle("cnn.layer.previous"));
        stop(*screen);
        CHECK(field(*screen, "cnn.layer") == seen[i]);
        // Back to the operand that counts most.
        const Element now = subject(*screen);
        float most = -1;
        Element strongest;
        for (const Term& term : graph->explain(graph->find(from.node).node, from.index).terms)
            if (const auto [node, index] = named_source(*graph, term.node, term.index);
                graph->node(node).name == now.node && std::fabs(term.value * term.factor) > most) {
                most = std::fabs(term.value * term.factor);
                strongest = {graph->node(node).name, index};
            }
        CHECK(now == strongest);
    }
    screen->api->undo();
    screen->settle(4);
    CHECK(field(*screen, "cnn.layer") == seen[1]);
}

TEST_CASE("a layer that is gone falls back to the first, and names of no layer are refused") {
    auto screen = layer_screen("conv2", 7);
    screen->api->set("cnn.architecture", "\"conv 4 3, relu, norm, max 2, dense 12, relu\"");
    screen->settle(4);
    stop(*screen);
    CHECK(subject(*screen).node == "cnn.conv1");
    CHECK(subject(*screen).index / 784 == 3);   // of the four maps there are the last
    CHECK_THROWS_WITH(screen->api->set("cnn.layer", "\"kernel2\""), doctest::Contains("kernel2"));
    for (const char* layer : {"norm1", "pool1", "dense1", "relu2", "logits", "input"}) {
        screen->api->set("cnn.layer", "\"" + std::string(layer) + "\"");
        stop(*screen);
        CHECK(subject(*screen).node == "cnn." + std::string(layer));
        const auto graph = screen->app->room().graph();
        const Explanation found = graph->explain(graph->find(subject(*screen).node).node, subject(*screen).index);
        CHECK(found.value == screen->app->inspector().explanation().value);
    }
}

TEST_CASE("many input maps are paged, with the partial sums of what is on screen") {
    auto screen = layer_screen("conv1");
    screen->api->set("cnn.architecture", "\"conv 20 3, max 2, conv 4 3, max 2\"");
    screen->api->set("cnn.layer", "\"conv2\"");
    screen->settle(8);
    stop(*screen);
    CHECK(screen->api->tensor("cnn.partial.0").shape() == Shape{1, 1, 14, 14});
    CHECK_THROWS(screen->api->tensor("cnn.partial.19"));
    for (int i = 0; i < 4; ++i) screen->click(screen->middle("cnn.layer.more"));
    CHECK(screen->api->tensor("cnn.partial.19").shape() == Shape{1, 1, 14, 14});
    CHECK_THROWS(screen->api->tensor("cnn.partial.0"));
}

TEST_CASE("with gradients the inspector follows the gradient upwards, and the view goes along") {
    auto screen = layer_screen("conv1", 3);
    screen->api->set("cnn.show", "\"gradients\"");
    screen->api->set("cnn.target", "\"8\"");   // not what the picture shows: gradients are large
    stop(*screen);
    Inspector& inspector = screen->app->inspector();
    const auto graph = screen->app->room().graph();
    const Node& conv = graph->node(graph->find("cnn.conv1").node);
    int64_t index = 3 * 784;
    for (int64_t i = index; i < 4 * 784; ++i)
        if (std::fabs(conv.gradient.data()[i]) > std::fabs(conv.gradient.data()[index])) index = i;
    screen->api->inspect("grad:cnn.conv1", std::to_string(index));
    screen->settle(4);
    CHECK(subject(*screen) == Element{"cnn.conv1", index, true});
    CHECK(inspector.explanation().value == conv.gradient.data()[index]);
    REQUIRE(inspector.explanation().terms.size() == 1);   // the ReLU above
    const auto shown = screen->json(screen->api->inspected());
    CHECK(shown["name"] == "grad:cnn.conv1");
    CHECK(shown["terms"][0]["name"] == "grad:cnn.relu1");
    // The gradient of a pooled cell passes through a node without a name: its terms are of the dense layer above.
    screen->api->inspect("grad:cnn.pool2", "100");
    screen->settle(4);
    CHECK(inspector.explanation().terms.size() == 64);
    float sum = 0;
    for (const Term& term : inspector.explanation().terms) {
        CHECK(term.of_gradient);
        CHECK(graph->node(term.node).name == "cnn.dense1");
        sum += term.value * term.factor;
    }
    CHECK(sum == doctest::Approx(graph->node(graph->find("cnn.pool2").node).gradient.data()[100]).epsilon(1e-4));
    inspector.follow({"cnn.dense1", 5, true});
    screen->app->wake();
    screen->settle(4);
    CHECK(field(*screen, "cnn.layer") == "\"dense1\"");
    CHECK(field(*screen, "cnn.map") == "5");
}

TEST_CASE("every layer is drawn on a phone, in both languages, before and after drawing") {
    for (const char* layer : {"input", "conv1", "relu1", "pool1", "conv2", "dense1", "relu3", "logits"})
        for (const float width : {390.0f, 1280.0f}) {
            auto screen = layer_screen(layer, 1, width, 844);
            screen->api->set_language("zh");
            screen->api->clear();
            stop(*screen);
            screen->api->stroke("[[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]]");
            stop(*screen);
            CHECK(subject(*screen).node == "cnn." + std::string(layer));
            std::vector<NamedRect> buttons;
            for (const NamedRect& each : screen->app->rects()) {
                const bool way = each.name.starts_with("cnn.crumb") || each.name == "cnn.layer.previous" || each.name == "cnn.layer.next";
                if (way || each.name == "cnn.layer.play") buttons.push_back(each);
                if (way || each.name.starts_with("cnn.layer")) CHECK_MESSAGE((each.rect.x >= 0 && each.rect.right() <= width), each.name);
            }
            CHECK(buttons.size() >= 4);
            for (size_t i = 0; i < buttons.size(); ++i)
                for (size_t j = 0; j < i; ++j) {
                    const Rect &a = buttons[i].rect, &b = buttons[j].rect;
                    CHECK_MESSAGE((a.x >= b.right() || b.x >= a.right() || a.y >= b.bottom() || b.y >= a.bottom()),
                                  buttons[i].name << " over " << buttons[j].name);
                }
        }
}

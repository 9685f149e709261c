// Attribution against direct computation: Grad-CAM and occlusion written out by hand on a small network, ascent that climbs, a scan by
// brute force.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/attribution/activation_maximization.h"
#include "engine/attribution/grad_cam.h"
#include "engine/attribution/occlusion.h"
#include "engine/attribution/top_patches.h"
#include "engine/models/digits.h"
#include "engine/nn/conv2d.h"
#include "engine/nn/dense.h"
#include "engine/nn/plain_layers.h"

using namespace trilens;

namespace {

constexpr int64_t side = 6, classes = 3;

// conv 3x3 1->2, ReLU, dense 3.
Sequential small_network() {
    Random random(4);
    Conv2dOptions same;
    same.padding_height = same.padding_width = 1;
    Sequential network;
    network.add<Conv2d>("conv", Conv2dSettings{1, 2, 3, 3, same}, random);
    network.add<Activation>("relu", Activation::Function::relu);
    network.add<Dense>("scores", 2 * side * side, classes, random);
    return network;
}

Forward forward_of(const Sequential& network) {
    return [&network](Graph&, Value x) { network.forward(x); };
}

Tensor some_pictures(int64_t count, uint64_t seed) {
    Random random(seed);
    Tensor pictures(Shape{count, 1, side, side});
    for (float& value : pictures.values()) value = random.uniform();
    return pictures;
}

const Budget forever = [] { return true; };
const Budget once = [] { return false; };

}  // namespace

TEST_CASE("Grad-CAM is the rectified sum of the maps, each weighted by the mean of its gradient") {
    const Sequential network = small_network();
    Graph graph;
    network.forward(graph.input(some_pictures(1, 1), "input", true));
    const Tensor cam = grad_cam(graph, "relu", "scores", 2);
    REQUIRE(cam.shape() == Shape{side, side});
    // The score is linear in the ReLU's output: its gradient is the row of the dense layer's weights.
    const Tensor maps = graph.find("relu").tensor(), weights = network.parameters()[2]->value;
    for (int64_t at = 0; at < side * side; ++at) {
        double expected = 0;
        for (int64_t channel = 0; channel < 2; ++channel) {
            double alpha = 0;
            for (int64_t i = 0; i < side * side; ++i)
                alpha += static_cast<double>(weights.data()[2 * 2 * side * side + channel * side * side + i]) / (side * side);
            expected += alpha * static_cast<double>(maps.data()[channel * side * side + at]);
        }
        CHECK(static_cast<double>(cam.data()[at]) == doctest::Approx(std::max(expected, 0.0)).epsilon(1e-4).scale(0.01));
    }
    CHECK_THROWS_AS(grad_cam(graph, "relu", "scores", 3), ValueError);
    CHECK_THROWS_AS(grad_cam(graph, "scores", "scores", 0), ShapeError);
    CHECK_THROWS_AS(grad_cam(graph, "nothing", "scores", 0), ValueError);
}

TEST_CASE("gradient times input is the slope of the score along each pixel times the pixel") {
    const Sequential network = small_network();
    const Tensor picture = some_pictures(1, 2);
    const auto score = [&](const Tensor& x) {
        Graph graph;
        network.forward(graph.input(x, "input"));
        return static_cast<double>(graph.find("scores").tensor().data()[1]);
    };
    Graph graph;
    network.forward(graph.input(picture, "input", true));
    const Tensor attribution = gradient_times_input(graph, "input", "scores", 1);
    for (int64_t at = 0; at < picture.elements(); at += 5) {
        Tensor up = picture.clone(), down = picture.clone();
        up.data()[at] += 1e-3f;
        down.data()[at] -= 1e-3f;
        const double slope = (score(up) - score(down)) / 2e-3;
        CHECK(static_cast<double>(attribution.data()[at]) ==
              doctest::Approx(slope * static_cast<double>(picture.data()[at])).epsilon(0.02).scale(0.05));
    }
}

TEST_CASE("the occlusion map is the drop of the score for every place of the patch, however the work is cut") {
    const Sequential network = small_network();
    const Tensor picture = some_pictures(1, 3);
    const OcclusionSettings settings{3, 2, 0.5f, 1, 4};
    OcclusionMap whole(forward_of(network), "scores", picture, settings);
    while (whole.step(forever)) {
    }
    OcclusionMap pieces(forward_of(network), "scores", picture, settings);
    int steps = 1;
    while (pieces.step(once)) ++steps;
    CHECK(steps == 3);  // nine places, four at once
    CHECK(checksum(whole.drop()) == checksum(pieces.drop()));

    const auto score = [&](const Tensor& x) {
        Graph graph;
        network.forward(graph.input(x, "input"));
        return graph.find("scores").tensor().data()[1];
    };
    for (int64_t row = 0; row < 3; ++row)
        for (int64_t column = 0; column < 3; ++column) {
            Tensor covered = picture.clone();
            for (int64_t y = row * 2 - 1; y <= row * 2 + 1; ++y)
                for (int64_t x = column * 2 - 1; x <= column * 2 + 1; ++x)
                    if (y >= 0 && y < side && x >= 0 && x < side) covered.data()[y * side + x] = 0.5f;
            CHECK(whole.drop().data()[row * 3 + column] == doctest::Approx(score(picture) - score(covered)).epsilon(1e-5).scale(1));
        }
    CHECK_THROWS_AS(OcclusionMap(forward_of(network), "scores", picture, {0, 1, 0, 0, 1}), ValueError);
    CHECK_THROWS_AS(OcclusionMap(forward_of(network), "scores", some_pictures(2, 1), settings), ShapeError);
    OcclusionMap wrong_class(forward_of(network), "scores", picture, {3, 2, 0, 9, 4});
    CHECK_THROWS_AS(wrong_class.step(once), ValueError);
}

TEST_CASE("gradient ascent raises the activation of its unit, keeps to the allowed values, and gives the same bits again") {
    Random random(1);
    const Sequential network = digits_network(random);
    const auto run = [&](const Budget& budget) {
        ActivationMaximization ascent(forward_of(network), {"conv2", 3}, Shape{1, 1, 28, 28}, {.steps = 20});
        while (ascent.step(budget)) {
        }
        return ascent;
    };
    ActivationMaximization first(forward_of(network), {"conv2", 3}, Shape{1, 1, 28, 28}, {.steps = 20});
    first.step(once);
    const float at_start = first.activation();
    const ActivationMaximization done = run(forever);
    CHECK(done.activation() > at_start + 0.05f);
    for (const float value : done.picture().values()) REQUIRE((value >= 0 && value <= 1));
    CHECK(checksum(done.picture()) == checksum(run(once).picture()));
    ActivationMaximization missing(forward_of(network), {"conv2", 99}, Shape{1, 1, 28, 28}, {});
    CHECK_THROWS_AS(missing.step(once), ValueError);
}

TEST_CASE("the scan finds for every unit the pictures and places that excite it most") {
    const Sequential network = small_network();
    const Tensor pictures = some_pictures(11, 9);
    TopPatches scan(forward_of(network), "relu", [&](int64_t begin, int64_t count) { return pictures.rows(begin, count); }, 11, 3, 4);
    while (scan.step(once)) {
    }
    CHECK(scan.done() == 11);
    Graph graph;
    network.forward(graph.input(pictures, "input"));
    const Tensor maps = graph.find("relu").tensor();
    for (int64_t unit = 0; unit < 2; ++unit) {
        std::vector<std::pair<float, int64_t>> best;  // minus the activation, so that sorting puts the strongest and earliest first
        for (int64_t i = 0; i < 11; ++i) {
            const float* map = maps.data() + (i * 2 + unit) * side * side;
            best.emplace_back(-*std::max_element(map, map + side * side), i);
        }
        std::ranges::sort(best);
        const auto& found = scan.patches()[static_cast<size_t>(unit)];
        REQUIRE(found.size() == 3);
        for (size_t place = 0; place < 3; ++place) {
            CHECK(found[place].sample == best[place].second);
            CHECK(found[place].activation == -best[place].first);
            CHECK(maps.data()[((found[place].sample * 2 + unit) * side + found[place].y) * side + found[place].x] ==
                  found[place].activation);
        }
    }
}

// What excites it, against computations of its own: covering by hand, the paper's equations, the network itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "demos/cnn/excitation_job.h"
#include "demos/cnn/workbench.h"
#include "demos/weights.h"
#include "engine/data/strokes.h"
#include "engine/models/digits.h"
#include "engine/train/weights.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::unique_ptr<TestScreen> why_screen(bool worker = false) {
    auto screen = std::make_unique<TestScreen>(1280.0f, 720.0f, 1.0f, worker, rooms());
    screen->api->set("cnn.view", "\"why\"");
    return screen;
}

// Frames until nothing is left to do.
void finish(TestScreen& screen) {
    for (int tries = 0; tries < 40000 && screen.app->wants_frame(); ++tries) screen.frame();
    REQUIRE(!screen.app->wants_frame());
}

// Frames until the long work has brought so much.
template <typename Condition>
void wait_for(TestScreen& screen, Condition&& condition) {
    for (int tries = 0; tries < 40000 && !condition(); ++tries) screen.frame();
    REQUIRE(condition());
}

bool has(TestScreen& screen, std::string_view name) { return screen.app->room().graph()->contains(name); }

Sequential shipped() {
    Random random(0);
    Sequential network = digits_network(random);
    apply_weights(read_safetensors(weights("digits")), network.parameters(), network.buffers());
    return network;
}

// The network's scores for a picture.
Tensor scores_of(const Sequential& network, const Tensor& picture) {
    Graph graph;
    return classify(network, graph.input(picture, "input")).tensor();
}

}  // namespace

TEST_CASE("the occlusion map in the room is what covering by hand gives") {
    auto screen = why_screen();
    const Sequential network = shipped();
    Random random(7);
    for (const auto& [patch, class_name, class_index] : {std::tuple(5, "winner", 3), std::tuple(8, "8", 8)}) {
        screen->api->set("cnn.why.patch", std::to_string(patch));
        screen->api->set("cnn.why.class", "\"" + std::string(class_name) + "\"");
        finish(*screen);
        const Tensor map = screen->api->tensor("cnn.why.occlusion"), picture = screen->api->tensor("cnn.input");
        REQUIRE(map.shape() == Shape{28, 28});
        const float uncovered = scores_of(network, picture).data()[class_index];
        for (int i = 0; i < 25; ++i) {
            const auto y = static_cast<int64_t>(random.below(28)), x = static_cast<int64_t>(random.below(28));
            Tensor covered = picture.clone();
            for (int64_t row = 0; row < 28; ++row)
                for (int64_t column = 0; column < 28; ++column)
                    if (row >= y - patch / 2 && row < y - patch / 2 + patch && column >= x - patch / 2 && column < x - patch / 2 + patch)
                        covered.data()[row * 28 + column] = 0;
            const float score = scores_of(network, covered).data()[class_index];
            CHECK(map.data()[y * 28 + x] == uncovered - score);
        }
    }
}

TEST_CASE("Grad-CAM is that of the paper's equations, and each cell explains itself by the maps") {
    auto screen = why_screen();
    const Sequential network = shipped();
    for (const int wanted : {3, 5}) {
        screen->api->set("cnn.why.class", "\"" + std::to_string(wanted) + "\"");
        Graph graph;
        const Value scores = classify(network, graph.input(screen->api->tensor("cnn.input"), "input", true));
        Tensor start(scores.shape());
        start.data()[wanted] = 1;
        graph.backward(scores, start);
        const Node& maps = graph.node(graph.find("relu2").node);
        const Tensor cam = screen->api->tensor("cnn.why.grad_cam");
        REQUIRE(cam.shape() == Shape{14, 14});
        for (int64_t at = 0; at < 196; ++at) {
            double sum = 0;
            for (int64_t k = 0; k < 16; ++k) {
                double alpha = 0;
                for (int64_t i = 0; i < 196; ++i) alpha += static_cast<double>(maps.gradient.data()[k * 196 + i]) / 196;
                sum += alpha * static_cast<double>(maps.value.data()[k * 196 + at]);
            }
            CHECK(static_cast<double>(cam.data()[at]) == doctest::Approx(std::max(sum, 0.0)).epsilon(1e-3));
        }
        const auto best = std::ranges::max_element(cam.values()) - cam.values().begin();
        const auto explained = screen->json(screen->api->explain("cnn.why.grad_cam", std::to_string(best)));
        double sum = 0;
        for (const auto& term : explained["terms"]) sum += term["value"].get<double>() * term["factor"].get<double>();
        CHECK(explained["terms"].size() == 16);
        CHECK(explained["terms"][0]["name"] == "cnn.relu2");
        CHECK(sum == doctest::Approx(static_cast<double>(cam.data()[best])).epsilon(1e-4));
    }
}

TEST_CASE("gradient times input multiplies each pixel by the score's slope there, as finite differences have it") {
    auto screen = why_screen();
    screen->api->set("cnn.why.class", "\"3\"");
    const Sequential network = shipped();
    const Tensor product = screen->api->tensor("cnn.why.gradient_times_input"), picture = screen->api->tensor("cnn.input");
    REQUIRE(product.shape() == picture.shape());
    Graph graph;
    const Value input = graph.input(picture, "input", true), scores = classify(network, input);
    Tensor start(scores.shape());
    start.data()[3] = 1;
    graph.backward(scores, start);
    double sum = 0, definition = 0, measured = 0;
    for (int64_t i = 0; i < 784; ++i) {
        const float slope = graph.node(input.node).gradient.data()[i];
        CHECK(product.data()[i] == picture.data()[i] * slope);
        sum += static_cast<double>(product.data()[i]);
        definition += static_cast<double>(picture.data()[i]) * static_cast<double>(slope);
    }
    CHECK(sum == doctest::Approx(definition).epsilon(1e-5));
    // All ink a little fainter: the score falls by that share of the sum (the network is linear between its kinks).
    Tensor fainter = picture.clone();
    for (float& value : fainter.values()) value *= 1 - 1e-3f;
    measured = static_cast<double>(scores.tensor().data()[3] - scores_of(network, fainter).data()[3]) / 1e-3;
    CHECK(measured == doctest::Approx(sum).epsilon(0.02));
}

TEST_CASE("what the view records leaves the loss's gradients as they are without it") {
    auto screen = why_screen();
    const uint64_t with = checksum(screen->api->tensor("grad:cnn.conv1"));
    screen->api->set("cnn.view", "\"network\"");
    CHECK(checksum(screen->api->tensor("grad:cnn.conv1")) == with);
    CHECK(!has(*screen, "cnn.why.grad_cam"));
}

TEST_CASE("the best training patches carry the network's own activation, and none of the data set is stronger") {
    Workbench bench;
    auto work = std::make_shared<ExcitationWork>();
    std::vector<int32_t> samples;
    for (int32_t i = 0; i < 70; ++i) samples.push_back(3 * i);
    work->order(LayerOrder{1, bench.forward(), "conv2", 16, Shape{1, 1, 28, 28}, 0, 1, bench.data(), samples});
    std::shared_ptr<const LayerFinding> found;
    for (auto job = work->job(); job && (!found || found->searched < 70); job->step([] { return false; }))
        if (auto news = work->take_layer()) found = news;
    REQUIRE(found);
    REQUIRE(found->searched == 70);
    const Sequential network = shipped();
    for (const size_t unit : {size_t{1}, size_t{10}}) {
        REQUIRE(found->top[unit].size() == 9);
        float strongest = -1e9f;
        for (const int32_t sample : samples) {
            Graph graph;
            classify(network, graph.input(bench.data()->batch(std::span(&sample, 1)).inputs, "input"));
            const float* map = graph.find("conv2").tensor().data() + unit * 196;
            strongest = std::max(strongest, *std::max_element(map, map + 196));
        }
        CHECK(found->top[unit][0].activation == strongest);
        for (const TopPatch& patch : found->top[unit]) {
            Graph graph;
            classify(network, graph.input(found->picture(patch.sample), "input"));
            const int64_t at = (static_cast<int64_t>(unit) * 14 + patch.y) * 14 + patch.x;
            CHECK(graph.find("conv2").tensor().data()[at] == patch.activation);
            const int32_t sample = samples[static_cast<size_t>(patch.sample)];
            CHECK(checksum(found->picture(patch.sample)) == checksum(bench.data()->batch(std::span(&sample, 1)).inputs));
            CHECK(found->labels[static_cast<size_t>(patch.sample)] == sample % 10);
        }
    }
}

TEST_CASE("gradient ascent grows a picture that excites the unit more, first the one that is looked at") {
    const Sequential network = shipped();
    const auto activation = [&](const Tensor& picture) {
        Graph graph;
        classify(network, graph.input(picture, "input"));
        const float* map = graph.find("conv2").tensor().data() + 10 * 196;
        double sum = 0;
        for (int i = 0; i < 196; ++i) sum += static_cast<double>(map[i]);
        return sum / 196;
    };
    Workbench bench;
    auto work = std::make_shared<ExcitationWork>();
    work->prefer(10);
    work->order(LayerOrder{1, bench.forward(), "conv2", 16, Shape{1, 1, 28, 28}, 0, 1, nullptr, {}});
    double early = 1e9, reported = 0;
    std::shared_ptr<const LayerFinding> found;
    for (auto job = work->job(); !found || !found->ready(10); job->step([] { return false; })) {
        if (auto news = work->take_layer()) found = news;
        if (!found || found->ascents[10].steps == 0) continue;
        if (found->ascents[10].steps == 1) early = activation(found->ascents[10].picture), reported = found->ascents[10].first;
        for (size_t unit = 0; unit < 16; ++unit) CHECK((unit == 10 || found->ready(10) || found->ascents[unit].steps == 0));
    }
    const Tensor grown = found->ascents[10].picture;
    CHECK(activation(grown) > early + 0.3);
    CHECK(activation(grown) > static_cast<double>(reported) + 0.5);
    CHECK(*std::ranges::min_element(grown.values()) >= 0);
    CHECK(*std::ranges::max_element(grown.values()) <= 1);

    auto screen = why_screen();
    screen->api->set("cnn.why.unit", "10");
    finish(*screen);
    CHECK(checksum(screen->api->tensor("cnn.why.ascent")) == checksum(grown));
}

TEST_CASE("the work stops when the view is left, goes on where it was, and ends") {
    auto screen = why_screen();
    wait_for(*screen, [&] { return has(*screen, "cnn.why.ascent"); });
    const std::shared_ptr<Job> job = screen->app->room().job();
    REQUIRE(job);
    screen->api->set("cnn.view", "\"network\"");
    CHECK(!screen->app->room().job());
    screen->settle();
    CHECK(!screen->app->wants_frame());
    screen->api->set("cnn.view", "\"why\"");
    CHECK(screen->app->room().job() == job);
    finish(*screen);
    CHECK(!screen->app->room().job());
}

TEST_CASE("with a thread the same maps come out, bit for bit, however often it is left and taken up") {
    uint64_t alone = 0, alone_ascent = 0;
    {
        auto screen = why_screen();
        finish(*screen);
        alone = checksum(screen->api->tensor("cnn.why.occlusion"));
        alone_ascent = checksum(screen->api->tensor("cnn.why.ascent"));
    }
    auto screen = why_screen(true);
    for (int i = 0; i < 6; ++i) {
        screen->api->set("cnn.view", i % 2 ? "\"why\"" : "\"network\"");
        for (int frame = 0; frame < 3; ++frame) screen->frame();
    }
    wait_for(*screen, [&] { return !screen->app->room().job() && !screen->app->wants_frame(); });
    CHECK(checksum(screen->api->tensor("cnn.why.occlusion")) == alone);
    CHECK(checksum(screen->api->tensor("cnn.why.ascent")) == alone_ascent);
}

TEST_CASE("a new drawing has Grad-CAM at once and an occlusion map of its own soon") {
    auto screen = why_screen();
    finish(*screen);
    const uint64_t cam = checksum(screen->api->tensor("cnn.why.grad_cam")), map = checksum(screen->api->tensor("cnn.why.occlusion"));
    screen->api->clear();
    screen->api->stroke("[[0.5, 0.15], [0.5, 0.85]]");
    CHECK(checksum(screen->api->tensor("cnn.why.grad_cam")) != cam);
    const Tensor begun = screen->api->tensor("cnn.why.occlusion");  // nothing of the old picture's map is left
    CHECK(std::ranges::all_of(begun.values(), [](float value) { return value == 0; }));
    finish(*screen);
    CHECK(checksum(screen->api->tensor("cnn.why.occlusion")) != map);
}

TEST_CASE("a layer that another architecture lacks falls back, and what no layer can be called is refused") {
    auto screen = why_screen();
    screen->api->set("cnn.why.layer", "\"dense1\"");
    screen->api->set("cnn.architecture", "\"conv 4 5, relu\"");
    finish(*screen);
    CHECK(screen->api->tensor("cnn.why.grad_cam").shape() == Shape{28, 28});
    CHECK(has(*screen, "cnn.why.ascent"));
    screen->api->set("cnn.architecture", "\"dense 8, relu\"");
    finish(*screen);
    CHECK(!has(*screen, "cnn.why.grad_cam"));
    CHECK(has(*screen, "cnn.why.occlusion"));
    CHECK_THROWS_WITH(screen->api->set("cnn.why.layer", "\"No Layer\""), doctest::Contains("No Layer"));
}

TEST_CASE("every card and button of the view can be reached on a phone, and a tap on a tile looks at its unit") {
    auto screen = why_screen();
    finish(*screen);
    screen->click(screen->middle("cnn.why.likes:4"));
    CHECK(screen->json(screen->api->get("cnn.why.unit")) == 4);
    screen->click(screen->middle("cnn.why.layer.previous"));
    CHECK(screen->json(screen->api->get("cnn.why.layer")) == "pool1");
    screen->resize(390, 844);
    for (const char* name : {"cnn.why.unit_card", "cnn.why.answer_card", "cnn.why.layer.next", "cnn.why.unit.next", "cnn.why.grad_cam"}) {
        const Rect rect = screen->rect(name);
        CHECK(rect.x >= 0);
        CHECK(rect.right() <= 390);
    }
}

TEST_CASE("of a curve the evidence is a strip, and covering it covers a stretch of it") {
    auto screen = why_screen();
    screen->api->set("cnn.data", "\"waves\"");
    finish(*screen);
    const Tensor map = screen->api->tensor("cnn.why.occlusion"), curve = screen->api->tensor("cnn.input");
    REQUIRE(map.shape() == curve.shape());
    const auto scores = screen->api->tensor("cnn.logits").clone();
    const auto winner = std::ranges::max_element(scores.values()) - scores.values().begin();
    Workbench bench;
    bench.set_problem(Problem::waves);
    for (const int64_t x : {0, 40, 127}) {
        Tensor covered = curve.clone();
        for (int64_t at = std::max<int64_t>(x - 2, 0); at < std::min<int64_t>(x + 3, 128); ++at) covered.data()[at] = 0;
        Graph graph;
        bench.forward()(graph, graph.input(covered, "input"));
        CHECK(map.data()[x] == scores.data()[winner] - graph.find("logits").tensor().data()[winner]);
    }
    CHECK(*std::ranges::min_element(screen->api->tensor("cnn.why.ascent").values()) < 0);
}

// Training in the CNN room as a learner does it, without a screen: back in time, divergence, a rival, own classes, files, architectures.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/data/strokes.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::unique_ptr<TestScreen> training_screen() {
    auto screen = std::make_unique<TestScreen>(1280.0f, 1600.0f, 1.0f, false, rooms());
    screen->api->set("cnn.view", "\"train\"");
    screen->api->set("cnn.samples", "400");
    screen->api->set("cnn.batch", "16");
    screen->settle();
    return screen;
}

void train(TestScreen& screen, int steps) {
    screen.api->train("{\"steps\":" + std::to_string(steps) + "}");
    screen.settle(20000);
}

nlohmann::json last(TestScreen& screen, const char* name) {
    nlohmann::json found;
    for (const auto& event : screen.json(screen.api->take_events()))
        if (event["event"] == name) found = event["detail"];
    return found;
}

std::string points_json(const Stroke& stroke) {
    nlohmann::json points = nlohmann::json::array();
    for (const Point& point : stroke) points.push_back({std::clamp(point.x, 0.0f, 1.0f), std::clamp(point.y, 0.0f, 1.0f)});
    return points.dump();
}

void draw(TestScreen& screen, int32_t digit, uint64_t seed) {
    Random random(seed, static_cast<uint64_t>(digit));
    screen.api->clear();
    for (const Stroke& stroke : draw_digit(digit, random)) screen.api->stroke(points_json(stroke));
}

size_t answer(TestScreen& screen) {
    const Tensor probabilities = screen.api->tensor("cnn.probabilities");
    return static_cast<size_t>(std::ranges::max_element(probabilities.values()) - probabilities.values().begin());
}

std::vector<uint8_t> idx(const std::vector<uint32_t>& extents, const std::vector<uint8_t>& values) {
    std::vector<uint8_t> bytes{0, 0, 8, static_cast<uint8_t>(extents.size())};
    for (const uint32_t extent : extents)
        for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(extent >> shift));
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
}

}  // namespace

TEST_CASE("going back in time brings the weights of that step back, and training on gives the same bits again") {
    auto screen = training_screen();
    screen->click(screen->middle("cnn.anew"));
    train(*screen, 10);
    const std::string at_10 = screen->api->checksum();
    train(*screen, 15);
    const std::string at_25 = screen->api->checksum();
    CHECK(at_25 != at_10);
    screen->api->step(-15);
    screen->settle(20000);
    CHECK(screen->api->checksum() == at_10);
    train(*screen, 15);
    CHECK(screen->api->checksum() == at_25);
}

TEST_CASE("a learning rate far too high is explained, and one click goes back to sound weights and a tenth of the rate") {
    auto screen = training_screen();
    screen->click(screen->middle("cnn.anew"));
    screen->api->set("cnn.optimizer", "\"momentum\"");
    train(*screen, 5);
    CHECK_FALSE(screen->drawn("training.divergence"));
    screen->api->set("cnn.rate", "10");
    train(*screen, 60);
    REQUIRE(screen->drawn("training.divergence"));
    screen->click(screen->middle("training.rescue"));
    screen->settle(2000);
    CHECK(screen->app->room().fields().get("cnn.rate") == FieldValue(1.0));
    CHECK_FALSE(screen->drawn("training.divergence"));
    for (const float value : screen->api->tensor("cnn.logits").values()) CHECK(std::fabs(value) < 100);
}

TEST_CASE("a fully connected network trains beside it from nothing, and its curves are there") {
    auto screen = training_screen();
    const std::string shipped = screen->api->checksum();
    screen->api->set("cnn.rival", "true");
    CHECK(screen->api->checksum() != shipped);
    screen->api->take_events();
    screen->api->train(R"({"epochs":1})");
    screen->settle(20000);
    const auto done = last(*screen, "done");
    CHECK(done["epoch"] == 1);
    CHECK(done["test_accuracy"].get<double>() == doctest::Approx(done["validation_accuracy"].get<double>()));
    CHECK(screen->drawn("training.accuracy"));
}

TEST_CASE("classes of one's own, eight drawings each, are told apart on drawings never seen") {
    auto screen = training_screen();
    screen->api->set("cnn.data", "\"own\"");
    screen->api->set("cnn.samples", "600");
    const int32_t digits[] = {0, 4, 7};
    for (uint64_t seed = 1; seed <= 8; ++seed)
        for (const int32_t digit : digits) {
            draw(*screen, digit, seed);
            screen->api->example("class " + std::to_string(digit));
        }
    CHECK(screen->json(screen->api->info())["classes"] == nlohmann::json({"class 0", "class 4", "class 7"}));
    screen->api->train(R"({"epochs":5})");
    screen->settle(20000);
    int right = 0;
    for (uint64_t seed = 101; seed <= 120; ++seed)
        for (size_t i = 0; i < 3; ++i) {
            draw(*screen, digits[i], seed);
            right += answer(*screen) == i;
        }
    CHECK(right >= 57);   // 95 % of 60
}

TEST_CASE("own classes come back with the state, and undo takes one back") {
    auto screen = training_screen();
    screen->api->set("cnn.data", "\"own\"");
    draw(*screen, 3, 1);
    screen->api->example("curl");
    draw(*screen, 1, 1);
    screen->api->example("line");
    const std::string state = screen->api->state();
    screen->api->undo();
    CHECK(screen->json(screen->api->state())["state"]["examples"].size() == 1);
    screen->api->redo();
    CHECK(screen->json(screen->api->state())["state"] == screen->json(state)["state"]);
    screen.reset();
    screen = training_screen();
    screen->api->restore(state);
    CHECK(screen->json(screen->api->state())["state"] == screen->json(state)["state"]);
    CHECK(screen->api->get("cnn.classes") == "\"curl, line\"");
    CHECK(screen->api->tensor("cnn.probabilities").shape() == Shape{1, 2});
}

TEST_CASE("training on classes without drawings says which, and nothing is lost") {
    auto screen = training_screen();
    screen->api->set("cnn.data", "\"own\"");
    draw(*screen, 3, 1);
    screen->api->example("curl");
    CHECK_THROWS_AS(screen->api->train("true"), ValueError);
    CHECK(screen->json(screen->api->state())["state"]["examples"].size() == 1);
    screen->api->clear();
    CHECK_THROWS_AS(screen->api->example("nothing"), ValueError);
}

TEST_CASE("two idx files, in either order, are data to train on; broken ones are refused") {
    auto screen = training_screen();
    std::vector<uint8_t> pixels(40 * 784), labels(40);
    for (size_t i = 0; i < 40; ++i) {
        labels[i] = static_cast<uint8_t>(i % 2);
        for (size_t p = 0; p < 784; ++p) pixels[i * 784 + p] = static_cast<uint8_t>((p / 28 < 14) == (i % 2 == 0) ? 200 : 10);
    }
    CHECK_THROWS_AS(screen->api->load(idx({40}, std::vector<uint8_t>(39)), "labels"), FormatError);
    screen->api->load(idx({40}, labels), "labels");
    screen->api->load(idx({40, 28, 28}, pixels), "pictures");
    CHECK(screen->api->get("cnn.data") == "\"files\"");
    screen->api->take_events();
    screen->api->train(R"({"epochs":6})");
    screen->settle(20000);
    CHECK(last(*screen, "done")["validation_accuracy"].get<double>() == 1.0);
}

TEST_CASE("an architecture is checked before it is taken; what does not fit changes nothing") {
    auto screen = training_screen();
    const std::string before = screen->api->checksum();
    for (const char* wrong : {"conv 8", "dense 4, conv 8 3", "max 9, max 9", "dense 4096, dense 4096", "hello"})
        CHECK_THROWS(screen->api->set("cnn.architecture", nlohmann::json(wrong).dump()));
    CHECK(screen->api->checksum() == before);
    screen->api->set("cnn.architecture", "\"conv 4 5 stride 2, norm, relu, average 2, dense 12, tanh\"");
    CHECK(screen->api->tensor("cnn.conv1").shape() == Shape{1, 4, 14, 14});
    CHECK(screen->api->tensor("cnn.norm1").shape() == Shape{1, 4, 14, 14});
    CHECK(screen->api->tensor("cnn.tanh1").shape() == Shape{1, 12});
    train(*screen, 20);
    screen->api->undo();
    CHECK(screen->api->tensor("cnn.conv1").shape() == Shape{1, 8, 28, 28});
}

TEST_CASE("layers are added, resized and removed by buttons") {
    auto screen = training_screen();
    screen->click(screen->middle("layer:0"));
    screen->click(screen->middle("layer.size.less"));
    CHECK(screen->api->get("cnn.architecture").starts_with("\"conv 7 3,"));
    screen->click(screen->middle("layer.add:norm"));
    CHECK(screen->api->get("cnn.architecture").starts_with("\"conv 7 3, norm, relu,"));
    screen->click(screen->middle("layer.remove"));
    CHECK(screen->api->get("cnn.architecture").starts_with("\"conv 7 3, relu,"));
}

TEST_CASE("slow motion goes through forward, loss, backward and update, and takes one step each time round") {
    auto screen = training_screen();
    screen->click(screen->middle("training.slow"));
    for (int frames = 0; frames < 60 * 11; ++frames) screen->frame();
    CHECK(screen->drawn("training.caption"));
    const auto step = last(*screen, "step");
    REQUIRE(step.contains("step"));
    CHECK(step["step"] == 1);
}

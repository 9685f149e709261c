// The CNN room as a learner uses it, without a screen: drawing, hovering, undoing, uploading, loading, training.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "demos/weights.h"
#include "engine/models/digits.h"
#include "engine/train/weights.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

const char* const layers[] = {"cnn.conv1", "cnn.relu1",  "cnn.pool1", "cnn.conv2",  "cnn.relu2",
                              "cnn.pool2", "cnn.dense1", "cnn.relu3", "cnn.logits", "cnn.probabilities"};

std::unique_ptr<TestScreen> cnn_screen(float width = 1280, float height = 720) {
    return std::make_unique<TestScreen>(width, height, 1.0f, false, rooms());
}

std::vector<float> values(TestScreen& screen, std::string_view name) {
    const Tensor tensor = screen.api->tensor(name);
    return {tensor.values().begin(), tensor.values().end()};
}

int answer(TestScreen& screen) {
    const auto probabilities = values(screen, "cnn.probabilities");
    return static_cast<int>(std::ranges::max_element(probabilities) - probabilities.begin());
}

// A drag of the mouse over the pad, positions in [0, 1].
void drag(TestScreen& screen, const std::vector<ImVec2>& path) {
    const Rect pad = screen.rect("cnn.pad");
    const auto place = [&](ImVec2 p) { return ImVec2{pad.x + p.x * pad.w, pad.y + p.y * pad.h}; };
    screen.move(place(path.front()));
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    screen.app->wake();
    screen.settle();
    // Many positions within one frame, as a fast hand and a slow screen make them.
    for (const ImVec2& point : path) ImGui::GetIO().AddMousePosEvent(place(point).x, place(point).y);
    screen.app->wake();
    screen.settle();
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    screen.app->wake();
    screen.settle();
}

}  // namespace

TEST_CASE("the room opens with a drawn 3 that the network recognises") {
    auto screen = cnn_screen();
    CHECK(answer(*screen) == 3);
    CHECK(values(*screen, "cnn.probabilities")[3] > 0.9f);
}

TEST_CASE("a stroke by mouse changes the input and every layer, with every position that the pointer passed") {
    auto screen = cnn_screen();
    screen->click(screen->middle("cnn.clear"));
    for (const float value : values(*screen, "cnn.input")) REQUIRE(value == 0);
    drag(*screen, {{0.3f, 0.25f}, {0.5f, 0.24f}, {0.7f, 0.23f}, {0.6f, 0.45f}, {0.5f, 0.62f}, {0.44f, 0.8f}});
    CHECK(answer(*screen) == 7);   // only with the bend in it, which lay between two frames
}

TEST_CASE("what is shown is what the network computes on the input that is shown") {
    auto screen = cnn_screen();
    Random random(0);
    const Sequential network = digits_network(random);
    apply_weights(read_safetensors(weights("digits")), network.parameters(), network.buffers());
    Graph graph("cnn.");
    classify(network, graph.input(screen->api->tensor("cnn.input").clone(), "input"));
    for (const char* name : layers) CHECK(checksum(graph.find(name).tensor()) == checksum(screen->api->tensor(name)));
}

TEST_CASE("hovering a cell of any layer shows its value, and its explanation adds up") {
    auto screen = cnn_screen();
    for (const char* name :
         {"cnn.input", "cnn.conv1", "cnn.relu1", "cnn.pool1", "cnn.conv2", "cnn.relu2", "cnn.pool2", "cnn.dense1", "cnn.relu3"}) {
        const Rect rect = screen->rect(name);
        screen->move({rect.x + rect.w * 0.21f, rect.y + rect.h * 0.1f});
        const Element* subject = screen->app->inspector().subject();
        REQUIRE_MESSAGE(subject, name);
        CHECK(subject->node == name);
        const auto graph = screen->app->room().graph();
        const Explanation explanation = graph->explain(graph->find(name).node, subject->index);
        CHECK(explanation.value == values(*screen, name)[static_cast<size_t>(subject->index)]);
        float sum = 0;
        for (const Term& term : explanation.terms) sum += term.value * term.factor;
        if (explanation.kind == Explanation::Kind::sum && !explanation.terms.empty()) CHECK(sum == explanation.value);
    }
}

TEST_CASE("strokes and clearing are undone and redone exactly") {
    auto screen = cnn_screen();
    const auto first = values(*screen, "cnn.input");
    drag(*screen, {{0.2f, 0.2f}, {0.8f, 0.2f}});
    const auto second = values(*screen, "cnn.input");
    CHECK(second != first);
    screen->click(screen->middle("cnn.clear"));
    screen->api->undo();
    CHECK(values(*screen, "cnn.input") == second);
    screen->api->undo();
    CHECK(values(*screen, "cnn.input") == first);
    screen->api->redo();
    CHECK(values(*screen, "cnn.input") == second);
}

TEST_CASE("the eraser takes away what it passes over") {
    auto screen = cnn_screen();
    const auto before = values(*screen, "cnn.input");
    screen->click(screen->middle("cnn.eraser"));
    CHECK(screen->api->get("cnn.erase") == "true");
    drag(*screen, {{0.3f, 0.2f}, {0.5f, 0.2f}, {0.65f, 0.25f}});
    CHECK(values(*screen, "cnn.input") != before);
}

TEST_CASE("an uploaded picture, dark on light, goes through the network, and an empty one is refused and changes nothing") {
    auto screen = cnn_screen();
    constexpr int width = 200, height = 260;
    std::vector<uint8_t> paper(width * height * 4, 255);
    const auto before = values(*screen, "cnn.input");
    CHECK_THROWS_AS(screen->api->picture(paper, width, height), ValueError);
    CHECK(values(*screen, "cnn.input") == before);
    for (int y = 30; y < 230; ++y)
        for (int x = 92; x < 110; ++x)
            for (int channel = 0; channel < 3; ++channel) paper[static_cast<size_t>((y * width + x) * 4 + channel)] = 20;
    screen->api->picture(paper, width, height);
    CHECK(answer(*screen) == 1);
    screen->api->undo();
    CHECK(values(*screen, "cnn.input") == before);
}

TEST_CASE("undoing a stroke that was drawn over an uploaded picture brings the picture back") {
    auto screen = cnn_screen();
    constexpr int width = 40, height = 40;
    std::vector<uint8_t> paper(static_cast<size_t>(width * height * 4), 255);
    for (int y = 8; y < 32; ++y)
        for (int x = 18; x < 22; ++x)
            for (int c = 0; c < 3; ++c) paper[static_cast<size_t>((y * width + x) * 4 + c)] = 0;
    screen->api->picture(paper, width, height);
    screen->settle();
    const auto before = values(*screen, "cnn.input");
    drag(*screen, {{0.2f, 0.2f}, {0.5f, 0.6f}, {0.8f, 0.8f}});
    CHECK(values(*screen, "cnn.input") != before);
    screen->click(screen->middle("app.undo"));
    CHECK(values(*screen, "cnn.input") == before);
    CHECK(screen->drawn("cnn.picture"));
}

TEST_CASE("a drawing that comes while the hand is down ends its stroke, and the next stroke is undone to what was there before it") {
    auto screen = cnn_screen();
    const Rect pad = screen->rect("cnn.pad");
    screen->move({pad.x + 0.3f * pad.w, pad.y + 0.3f * pad.h});
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    screen->app->wake();
    screen->settle();
    screen->move({pad.x + 0.6f * pad.w, pad.y + 0.6f * pad.h});
    screen->api->stroke("[[0.1, 0.9], [0.9, 0.9]]");
    screen->settle();
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    screen->app->wake();
    screen->settle();
    const auto before = values(*screen, "cnn.input");
    drag(*screen, {{0.2f, 0.2f}, {0.5f, 0.6f}, {0.8f, 0.8f}});
    CHECK(values(*screen, "cnn.input") != before);
    screen->click(screen->middle("app.undo"));
    CHECK(values(*screen, "cnn.input") == before);
}

TEST_CASE("state and link bring a drawing and an uploaded picture back with the same bits") {
    auto screen = cnn_screen();
    screen->api->clear();
    screen->api->stroke("[[0.5,0.2],[0.51,0.5],[0.5,0.8]]");
    const auto drawn = values(*screen, "cnn.input");
    const std::string state = screen->api->state(), link = screen->api->link();
    screen->api->clear();
    screen->api->restore(state);
    CHECK(values(*screen, "cnn.input") == drawn);
    screen->api->clear();
    screen->api->follow(link);
    CHECK(values(*screen, "cnn.input") == drawn);
    nlohmann::json broken = screen->json(state);
    broken["state"]["strokes"].push_back({1, 2, 3});   // an x without a y
    CHECK_THROWS_AS(screen->api->restore(broken.dump()), FormatError);
    CHECK(values(*screen, "cnn.input") == drawn);
}

TEST_CASE("weights are saved and loaded, and a broken file is refused with everything as it was") {
    auto screen = cnn_screen();
    const std::string before = screen->api->checksum();
    const std::vector<uint8_t> file = screen->api->save();
    CHECK_THROWS_AS(screen->api->load(std::vector<uint8_t>{1, 2, 3}, "x.safetensors"), FormatError);
    CHECK_THROWS_AS(screen->api->load(std::span(file).first(file.size() - 4), "x.safetensors"), FormatError);
    CHECK(screen->api->checksum() == before);
    screen->api->load(file, "x.safetensors");
    CHECK(screen->api->checksum() == before);
}

TEST_CASE("training from scratch learns, moves every map, and stops at the step that was asked for") {
    auto screen = cnn_screen();
    screen->click(screen->middle("cnn.anew"));
    const std::string fresh = screen->api->checksum();
    const auto before = values(*screen, "cnn.relu2");
    screen->api->take_events();
    screen->api->train(R"({"steps":30})");
    screen->settle(20000);
    CHECK(screen->api->checksum() != fresh);
    CHECK(values(*screen, "cnn.relu2") != before);
    const auto events = screen->json(screen->api->take_events());
    double last_loss = 0;
    bool done = false;
    for (const auto& event : events) {
        if (event["event"] == "step") last_loss = event["detail"]["loss"];
        if (event["event"] == "done") {
            done = true;
            CHECK(event["detail"]["step"] == 30);
        }
    }
    CHECK(done);
    CHECK(last_loss < 2.0);   // an untrained network stands at log(10) = 2.30
    screen->click(screen->middle("cnn.shipped"));
    CHECK(answer(*screen) == 3);
}

TEST_CASE("on a phone and on a wall everything of the room stands inside, and the maps are where rects says") {
    for (const auto& [width, height] : {std::pair(320.0f, 568.0f), {390.0f, 844.0f}, {1280.0f, 720.0f}, {3840.0f, 2160.0f}}) {
        auto screen = cnn_screen(width, height);
        for (const char* name : {"cnn.pad", "cnn.input", "cnn.conv1", "cnn.pool2", "cnn.probabilities", "cnn.train"}) {
            const Rect rect = screen->rect(name);
            CHECK_MESSAGE(rect.x >= 0, name << " at " << width);
            CHECK_MESSAGE(rect.right() <= width, name << " at " << width);
            CHECK_MESSAGE(rect.w > 10, name << " at " << width);
        }
    }
}

TEST_CASE("backward, every layer shows the gradient of the loss for the chosen answer, and its terms add up to it") {
    auto screen = cnn_screen();
    screen->api->set("cnn.target", "\"8\"");
    screen->api->set("cnn.show", "\"gradients\"");
    screen->settle();
    // The gradient of the cross-entropy with respect to the scores is softmax minus one-hot.
    const auto probabilities = values(*screen, "cnn.probabilities"), gradient = values(*screen, "grad:cnn.logits");
    for (size_t i = 0; i < 10; ++i) CHECK(gradient[i] == doctest::Approx(probabilities[i] - (i == 8 ? 1.0f : 0.0f)).epsilon(1e-5));
    CHECK(values(*screen, "cnn.loss")[0] == doctest::Approx(-std::log(probabilities[8])).epsilon(1e-4));
    for (const char* name : {"grad:cnn.input", "grad:cnn.conv1", "grad:cnn.pool2", "grad:cnn.dense1", "grad:cnn.conv1.weight"}) {
        const auto all = values(*screen, name);
        const size_t at = static_cast<size_t>(std::ranges::max_element(all, {}, [](float v) { return std::abs(v); }) - all.begin());
        REQUIRE(all[at] != 0);
        const auto explanation = screen->json(screen->api->explain(name, std::to_string(at)));
        double sum = 0;
        for (const auto& term : explanation["terms"]) sum += term["value"].get<double>() * term["factor"].get<double>();
        CHECK_MESSAGE(sum == doctest::Approx(static_cast<double>(all[at])).epsilon(1e-3), name);
    }
}

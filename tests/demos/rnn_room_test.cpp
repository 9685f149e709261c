// The RNN room as a learner uses it, without a screen: time, clamping, leaving out, every task in every view, links, undo.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "demos/text/text.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::unique_ptr<TestScreen> rnn_screen(float width = 1280, float height = 1600) {
    auto screen = std::make_unique<TestScreen>(width, height, 1.0f, false, rooms());
    screen->api->open("rnn");
    screen->settle();
    return screen;
}

void set(TestScreen& screen, const char* name, const std::string& json) {
    screen.api->set(name, json);
    screen.settle();
}

std::vector<float> row(const Tensor& tensor, int64_t t) {
    const int64_t width = tensor.shape()[-1];
    return {tensor.data() + t * width, tensor.data() + (t + 1) * width};
}

constexpr const char* tasks[] = {"sum", "sentiment", "needle", "generate", "forecast"};
constexpr const char* views[] = {"unrolled", "gradients", "units", "train", "predict", "cost"};

}  // namespace

TEST_CASE("a cell that is held changes its step and what comes after, nothing before, and letting go brings the bits back") {
    auto screen = rnn_screen();
    const Tensor before = screen->api->tensor("rnn.hidden");
    auto state = screen->json(screen->api->state());
    state["state"]["held"] = {{"hidden", 4, 7, 0.5}};
    screen->api->restore(state.dump());
    screen->settle();
    const Tensor after = screen->api->tensor("rnn.hidden");
    CHECK(after.data()[4 * 32 + 7] == 0.5f);
    CHECK(row(after, 3) == row(before, 3));
    CHECK(row(after, 9) != row(before, 9));
    CHECK(screen->json(screen->api->explain("rnn.hidden", "[4,7]"))["formula"] == "held");
    screen->click(screen->middle("rnn.let_go"));
    CHECK(checksum(screen->api->tensor("rnn.hidden")) == checksum(before));
    screen->api->undo();
    CHECK(screen->api->tensor("rnn.hidden").data()[4 * 32 + 7] == 0.5f);
}

TEST_CASE("dragging a cell of the hidden state holds it, one drag is one step of undo") {
    auto screen = rnn_screen();
    const Tensor before = screen->api->tensor("rnn.hidden");
    const Rect cells = screen->rect("rnn.hidden");
    const ImVec2 from{cells.x + cells.w * 0.25f, cells.y + cells.h * 0.5f};
    screen->move(from);
    ImGuiIO& io = ImGui::GetIO();
    io.AddMouseButtonEvent(0, true);
    screen->app->wake();
    screen->settle();
    for (int i = 1; i <= 4; ++i) screen->move({from.x, from.y - 10.0f * static_cast<float>(i)});
    io.AddMouseButtonEvent(0, false);
    screen->app->wake();
    screen->settle();
    const Tensor after = screen->api->tensor("rnn.hidden");
    CHECK(row(after, 1) == row(before, 1));
    CHECK(row(after, 2) != row(before, 2));
    screen->api->undo();
    CHECK(checksum(screen->api->tensor("rnn.hidden")) == checksum(before));
}

TEST_CASE("time is stepped forth and back within the sequence, and the answer is that of the step that it has reached") {
    auto screen = rnn_screen();
    CHECK(screen->api->get("rnn.step") == "0");
    screen->api->step(-3);
    CHECK(screen->api->get("rnn.step") == "7");
    screen->api->step(-100);
    CHECK(screen->api->get("rnn.step") == "1");
    screen->api->step(2);
    screen->settle();
    CHECK(screen->api->get("rnn.step") == "3");
    screen->click(screen->middle("rnn.last"));
    CHECK(screen->api->get("rnn.step") == "0");
}

TEST_CASE("hovering a token computes everything without it, and leaving it brings the bits back") {
    auto screen = rnn_screen();
    set(*screen, "rnn.task", "\"sentiment\"");
    const Tensor before = screen->api->tensor("rnn.hidden");
    screen->move(screen->middle("rnn.tokens:3"));
    const Tensor without = screen->api->tensor("rnn.hidden");
    CHECK(row(without, 2) == row(before, 2));
    CHECK(row(without, 3) == row(before, 2));   // the state is carried over the step
    CHECK(row(without, 4) != row(before, 4));
    screen->move({2, 2});
    CHECK(checksum(screen->api->tensor("rnn.hidden")) == checksum(before));
}

TEST_CASE("every task is drawn in every view, wide and narrow, in both languages, light and dark") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), std::pair(390.0f, 844.0f)}) {
        auto screen = rnn_screen(width, height);
        screen->api->set_language(width > 1000 ? "en" : "zh");
        screen->api->set_theme(width > 1000 ? "light" : "dark");
        for (const char* task : tasks)
            for (const char* view : views) {
                CAPTURE(task);
                CAPTURE(view);
                set(*screen, "rnn.task", "\"" + std::string(task) + "\"");
                set(*screen, "rnn.view", "\"" + std::string(view) + "\"");
                for (const NamedRect& each : screen->app->rects()) {
                    if (!each.name.starts_with("rnn.")) continue;
                    CAPTURE(each.name);
                    CHECK(std::isfinite(each.rect.x + each.rect.y + each.rect.w + each.rect.h));
                    CHECK(each.rect.x >= -1);
                    CHECK(each.rect.right() <= width + 1);
                }
            }
    }
}

TEST_CASE("an empty text, one token, emoji and ten thousand characters are drawn in every view") {
    auto screen = rnn_screen();
    set(*screen, "rnn.task", "\"sentiment\"");
    set(*screen, "rnn.language", "\"zh\"");
    std::string long_text;
    for (int i = 0; i < 10000; ++i) long_text += "\u597d";
    for (const std::string& text :
         {std::string(), std::string("\u597d"), std::string("\U0001f469\u200d\U0001f467 \U0001f642"), long_text}) {
        screen->api->text(text);
        for (const char* view : {"unrolled", "units", "train"}) {
            set(*screen, "rnn.view", "\"" + std::string(view) + "\"");
            CHECK(screen->drawn("rnn.input_card"));
        }
    }
    CHECK(screen->api->tensor("rnn.hidden").extent(0) == 10000);
    screen->api->text("");
    CHECK_THROWS_AS(screen->api->tensor("rnn.hidden"), Error);
    CHECK_THROWS_AS(screen->api->step(1), ValueError);
}

TEST_CASE("a link brings task, input and settings back") {
    auto screen = rnn_screen();
    set(*screen, "rnn.task", "\"sentiment\"");
    screen->api->text("a fine little film");
    const std::string link = screen->api->link();
    const uint64_t sum = checksum(screen->api->tensor("rnn.hidden"));
    screen.reset();
    auto other = rnn_screen();
    other->api->follow(link);
    other->settle();
    CHECK(checksum(other->api->tensor("rnn.hidden")) == sum);
}

TEST_CASE("states that make no sense are refused and change nothing") {
    auto screen = rnn_screen();
    const uint64_t sum = checksum(screen->api->tensor("rnn.hidden"));
    const auto state = screen->json(screen->api->state());
    const auto refused = [&](const nlohmann::json& inner) {
        auto wrong = state;
        wrong["state"] = inner;
        CHECK_THROWS_AS(screen->api->restore(wrong.dump()), Error);
        CHECK(checksum(screen->api->tensor("rnn.hidden")) == sum);
    };
    refused({{"held", {{"hidden", -1, 0, 1}}}});
    refused({{"held", {{"hidden", 0, 0, "x"}}}});
    refused({{"input", {{"numbers", {2.0}}}}});
    refused({{"input", {{"curve", {"a"}}}}});
    refused({{"input", {{"english", 5}}}});
}

TEST_CASE("a network that was shipped is not trained, and says so") {
    auto screen = rnn_screen();
    set(*screen, "rnn.task", "\"sentiment\"");
    CHECK_THROWS_AS(screen->api->train("true"), ValueError);
}

TEST_CASE("ten epochs of sums learn them, the same seed gives the same bits, and three cells train side by side") {
    auto screen = rnn_screen();
    set(*screen, "rnn.view", "\"train\"");
    const auto run = [&] {
        screen->api->train("{\"epochs\":10}");
        screen->settle(20000);
        return screen->api->checksum();
    };
    const std::string first = run();
    screen->click(screen->middle("rnn.anew"));
    CHECK(run() == first);
    for (int i = 0; i < 5; ++i) CHECK(screen->drawn("rnn.first:" + std::to_string(i)));
    const Tensor before = screen->api->tensor("rnn.input");
    screen->click(screen->middle("rnn.first:2"));
    CHECK(checksum(screen->api->tensor("rnn.input")) != checksum(before));
    set(*screen, "rnn.compare", "true");
    screen->api->train("{\"epochs\":1}");
    screen->settle(20000);
    nlohmann::json last;
    for (const auto& event : screen->json(screen->api->take_events()))
        if (event["event"] == "epoch") last = event["detail"];
    CHECK(last["contenders"].size() == 3);
}

TEST_CASE("weights are saved, loaded, and refused where they belong to another network") {
    auto screen = rnn_screen();
    const std::vector<uint8_t> bytes = screen->api->save();
    const std::string sum = screen->api->checksum();
    set(*screen, "rnn.seed", "7");
    CHECK(screen->api->checksum() != sum);
    screen->api->load(bytes, "weights.safetensors");
    CHECK(screen->api->checksum() == sum);
    set(*screen, "rnn.hidden_size", "16");
    CHECK_THROWS_AS(screen->api->load(bytes, "weights.safetensors"), Error);
}

// What a learner did in the RNN room is kept: what is held, typed and trained, over visits to other rooms, undo, Reset, other tasks and
// cells.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "demos/rnn/shipped_models.h"
#include "demos/weights.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

struct RnnScreen : TestScreen {
    RnnScreen() : TestScreen(1280, 1600, 1.0f, false, rooms()) {
        api->open("rnn");
        settle();
    }
    void put(const char* name, const std::string& json_value) {
        api->set(name, json_value);
        settle();
    }
    // Drags the cell of the hidden state at a share of its strip: holds it.
    void hold(float x, float y) {
        const Rect cells = rect("rnn.hidden");
        const ImVec2 from{cells.x + cells.w * x, cells.y + cells.h * y};
        move(from);
        press_button(true);
        for (int i = 1; i <= 4; ++i) move({from.x, from.y - 10.0f * static_cast<float>(i)});
        press_button(false);
    }
    uint64_t hidden() const { return checksum(api->tensor("rnn.hidden")); }
    std::vector<float> numbers() const {
        const Tensor input = api->tensor("rnn.input");
        return {input.values().begin(), input.values().end()};
    }
    bool told(const char* event) {
        bool found = false;
        for (const auto& each : json(api->take_events())) found = found || each["event"] == event;
        return found;
    }

private:
    void press_button(bool down) {
        ImGui::GetIO().AddMouseButtonEvent(0, down);
        app->wake();
        settle();
    }
};

}  // namespace

TEST_CASE("a held cell, the numbers and the trained weights are there after a visit to another room") {
    RnnScreen screen;
    screen.api->train("{\"epochs\":2}");
    screen.settle(20000);
    screen.hold(0.45f, 0.3f);
    const uint64_t hidden = screen.hidden();
    const std::string weights = screen.api->checksum(), state = screen.api->state();
    screen.click(screen.middle("room:cnn"));
    screen.click(screen.middle("room:rnn"));
    CHECK(screen.hidden() == hidden);
    CHECK(screen.api->checksum() == weights);
    CHECK(screen.api->state() == state);
    CHECK(screen.drawn("rnn.let_go"));
    screen.api->train("{\"epochs\":1}");  // goes on from there
    screen.settle(20000);
    CHECK(screen.api->checksum() != weights);
}

TEST_CASE("leaving a room ends its training, and says so") {
    RnnScreen screen;
    screen.api->train("true");
    for (int i = 0; i < 5; ++i) screen.frame();
    screen.told("step");
    screen.api->open("cnn");
    CHECK(screen.told("done"));
    screen.settle();
    screen.api->open("rnn");
    screen.settle();
    CHECK_FALSE(screen.app->wants_frame());
}

TEST_CASE("stopping what does not train is answered at once") {
    RnnScreen screen;
    screen.told("ready");
    screen.api->train("false");
    CHECK(screen.told("done"));
}

TEST_CASE("Reset and a text from the page are undone while a cell is held") {
    RnnScreen screen;
    screen.put("rnn.length", "8");
    screen.hold(0.45f, 0.3f);
    const uint64_t hidden = screen.hidden();
    screen.click(screen.middle("app.reset"));
    CHECK(screen.api->get("rnn.length") == "10");
    screen.api->undo();
    screen.settle();
    CHECK(screen.api->get("rnn.length") == "8");
    CHECK(screen.hidden() == hidden);
    screen.api->text("a film");
    screen.api->undo();
    screen.settle();
    CHECK(screen.api->get("rnn.task") == "\"sum\"");
    CHECK(screen.hidden() == hidden);
}

TEST_CASE("each network keeps what is held in it, and only what exists is counted") {
    RnnScreen screen;
    const uint64_t plain = screen.hidden();
    screen.hold(0.85f, 0.3f);
    const uint64_t held = screen.hidden();
    CHECK(held != plain);
    screen.put("rnn.cell", "\"lstm\"");
    CHECK_FALSE(screen.drawn("rnn.let_go"));
    screen.put("rnn.task", "\"sentiment\"");
    CHECK_FALSE(screen.drawn("rnn.let_go"));
    screen.put("rnn.task", "\"sum\"");
    screen.put("rnn.cell", "\"rnn\"");
    CHECK(screen.hidden() == held);
    screen.put("rnn.length", "3");
    CHECK_FALSE(screen.drawn("rnn.let_go"));
    screen.put("rnn.view", "\"gradients\"");
    screen.put("rnn.length", "10");
    CHECK(screen.drawn("rnn.let_go"));  // in every view
    screen.click(screen.middle("rnn.let_go"));
    CHECK(screen.hidden() == plain);
}

TEST_CASE("a number that was set to 0 stays, and numbers come back when the sequence grows again") {
    RnnScreen screen;
    auto state = screen.json(screen.api->state());
    std::vector<float> wanted = screen.numbers();
    wanted[3] = wanted[8] = 0;  // the latter beyond the shorter sequence
    state["state"]["input"]["numbers"] = wanted;
    screen.api->restore(state.dump());
    screen.put("rnn.length", "12");
    const std::vector<float> twelve = screen.numbers();
    REQUIRE(twelve.size() == 12);
    CHECK(std::equal(wanted.begin(), wanted.end(), twelve.begin()));
    screen.put("rnn.length", "5");
    CHECK(screen.api->tensor("rnn.hidden").extent(0) == 5);
    screen.api->undo();
    screen.settle();
    CHECK(screen.numbers() == twelve);
}

TEST_CASE("one wrong value in a link is said and the others are taken") {
    RnnScreen screen;
    CHECK_THROWS_WITH_AS(screen.api->follow("room=rnn&rnn.length=999&rnn.cell=lstm"), doctest::Contains("rnn.length"), ValueError);
    CHECK(screen.api->get("rnn.cell") == "\"lstm\"");
    CHECK(screen.api->get("rnn.length") == "10");
}

TEST_CASE("a text with a zero byte is read to its end") {
    RnnScreen screen;
    screen.api->text(std::string("good\0and bad", 12));
    CHECK(screen.api->tensor("rnn.hidden").extent(0) == 3);
}

TEST_CASE("the text to learn is a field: links, undo and the page API have it") {
    RnnScreen screen;
    screen.put("rnn.task", "\"generate\"");
    screen.put("rnn.source", "\"own\"");
    screen.put("rnn.corpus", "\"abcabcabc\"");
    const std::string link = screen.api->link();
    screen.api->undo();
    CHECK(screen.api->get("rnn.corpus") != "\"abcabcabc\"");
    screen.api->follow(link);
    CHECK(screen.api->get("rnn.corpus") == "\"abcabcabc\"");
}

TEST_CASE("the sentiment networks are at most 400 KB and state what they get right of what was held back") {
    for (const auto& [name, least] : {std::pair("sentiment_en", 78.0), std::pair("sentiment_zh", 85.0)}) {
        CHECK(weights(name).size() <= 400'000);
        CHECK(std::stod(shipped_model(name).metadata.at("accuracy")) >= least);
    }
}

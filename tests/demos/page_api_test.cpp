// The page API over a room: what it says of tensors, and that state, link and restore bring back what was there.
#include <doctest/doctest.h>

#include "engine/errors.h"
#include "engine/io/resample.h"
#include "engine/io/safetensors.h"
#include "engine/parallel.h"
#include "tests/demos/screen.h"

using namespace trilens;

TEST_CASE("tensors() names every value and weight, and tensor() is the very one on screen") {
    TestScreen screen;
    const auto tensors = screen.json(screen.api->tensors());
    std::vector<std::string> names;
    for (const auto& each : tensors) names.push_back(each["name"]);
    CHECK(names ==
          std::vector<std::string>{"toy.input", "toy.conv1.weight", "toy.conv1.bias", "toy.conv1", "toy.relu1", "toy.probabilities"});
    CHECK(tensors[3]["shape"] == nlohmann::json({1, 4, 12, 12}));
    CHECK(screen.api->tensor("toy.conv1").shape() == Shape{1, 4, 12, 12});
    CHECK_THROWS_AS(screen.api->tensor("toy.conv9"), ValueError);
    CHECK_THROWS_AS(screen.api->tensor("grad:toy.conv1"), ValueError);
    CHECK_THROWS_AS(screen.api->tensor("#9999"), ValueError);
}

TEST_CASE("explain() adds up to the tensor and its terms are elements of the tensors it names") {
    TestScreen screen;
    const Tensor conv = screen.api->tensor("toy.conv1");
    for (const int64_t flat : {0, 13, 100, 287, 575}) {
        const auto e = screen.json(screen.api->explain("toy.conv1", std::to_string(flat)));
        CHECK(e["kind"] == "sum");
        CHECK(e["value"].get<float>() == conv.data()[flat]);
        float sum = 0;
        for (const auto& term : e["terms"]) {
            sum += term["value"].get<float>() * term["factor"].get<float>();
            const Tensor source = screen.api->tensor(term["name"].get<std::string>());
            CHECK(source.data()[flat_index(source.shape(), term["index"].get<std::vector<int64_t>>())] == term["value"].get<float>());
            if (!term.contains("factor_name")) continue;
            const Tensor weight = screen.api->tensor(term["factor_name"].get<std::string>());
            CHECK(weight.data()[flat_index(weight.shape(), term["factor_index"].get<std::vector<int64_t>>())] ==
                  term["factor"].get<float>());
        }
        CHECK(sum == conv.data()[flat]);
    }
    CHECK(screen.json(screen.api->explain("toy.conv1", "[0, 1, 2, 3]"))["index"] == nlohmann::json({0, 1, 2, 3}));
    for (const char* index : {"[0, 4, 0, 0]", "[0, 0]", "576", "-1", "\"0\"", "[0, 0, 0.5, 0]", "nonsense"})
        CHECK_THROWS_AS(screen.api->explain("toy.conv1", index), Error);
}

TEST_CASE("state and restore bring back fields, drawing, language and theme, or change nothing") {
    TestScreen screen;
    screen.api->set("toy.brush", "4");
    screen.api->set("toy.note", "\"三 &=#%+ \\\"x\\\"\"");
    screen.api->stroke("[[0.1, 0.1]]");
    screen.api->set_language("zh");
    screen.api->set_theme("dark");
    const std::string state = screen.api->state();
    SUBCASE("after other changes") {
        screen.api->clear();
        screen.api->set("toy.brush", "1");
        screen.api->set_language("en");
        screen.api->restore(state);
    }
    SUBCASE("from another room") {
        screen.api->open("other");
        screen.api->restore(state);
    }
    CHECK(screen.api->state() == state);

    for (const char* bad :
         {"", "7", "{}", "{\"trilens\": 2}", "{\"trilens\": 1, \"room\": \"attic\"}", "{\"trilens\": 1, \"lang\": \"xx\"}",
          "{\"trilens\": 1, \"lang\": 3}", "{\"trilens\": 1, \"fields\": {\"toy.brush\": 9}}",
          "{\"trilens\": 1, \"fields\": {\"toy.brush\": 1, \"toy.none\": 9}}", "{\"trilens\": 1, \"fields\": 3}",
          "{\"trilens\": 1, \"theme\": \"blue\", \"fields\": {\"toy.brush\": 1}}", "{\"trilens\": 1, \"room_state\": 3}",
          "{\"trilens\": 1, \"fields\": {\"toy.brush\": 1}, \"state\": [1, 2]}",
          "{\"trilens\": 1, \"room\": \"other\", \"state\": [1, 2]}"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(screen.api->restore(bad), Error);
        CHECK(screen.api->state() == state);
    }
}

TEST_CASE("restore is undone in one step") {
    TestScreen screen;
    const std::string first = screen.api->state();
    screen.api->set("toy.brush", "5");
    screen.api->stroke("[[0.9, 0.9]]");
    screen.api->restore(first);
    CHECK(screen.api->state() == first);
    screen.api->undo();
    CHECK(screen.api->get("toy.brush") == "5");
}

TEST_CASE("a link says only what differs and restores it elsewhere") {
    std::string link, state;
    {
        TestScreen screen;
        CHECK(screen.api->link() == "room=toy&lang=en");
        screen.api->set("toy.gain", "0.3");
        screen.api->set("toy.note", "\"a b&c=d#e%f+g 数\"");
        CHECK(screen.api->link().find("toy.brush") == std::string::npos);
        CHECK(screen.api->link().find("state=") == std::string::npos);
        screen.api->stroke("[[0.5, 0.1]]");
        screen.api->set_language("zh");
        link = screen.api->link();
        for (const char letter : link) CHECK((letter > ' ' && letter < 127 && letter != '#' && letter != '"'));
        state = screen.api->state();
    }
    TestScreen screen;
    screen.api->follow("?" + link);
    CHECK(screen.api->state() == state);
    screen.api->follow("#unknown=1&toy.brush=3");
    CHECK(screen.api->get("toy.brush") == "3");
    for (const char* bad : {"toy.brush=x", "toy.brush=", "room=attic", "lang=klingon", "state=*", "state=AAAA", "theme=blue"}) {
        CAPTURE(bad);
        const std::string before = screen.api->state();
        CHECK_THROWS_AS(screen.api->follow(bad), Error);
        CHECK(screen.api->state() == before);
    }
}

TEST_CASE("a room keeps its work while another is open") {
    TestScreen screen;
    screen.api->set("toy.brush", "5");
    screen.api->stroke("[[0.5, 0.5]]");
    const std::string state = screen.api->state();
    screen.click(screen.middle("room:other"));
    CHECK(screen.json(screen.api->info())["room"] == "other");
    CHECK(screen.json(screen.api->fields())[0]["name"] == "other.relu");
    screen.settle();
    screen.api->open("toy");
    CHECK(screen.api->state() == state);
}

TEST_CASE("what a room has not is refused with a sentence") {
    TestScreen screen;
    const std::vector<uint8_t> pixels(16);
    CHECK_THROWS_WITH_AS(screen.api->picture(pixels, 2, 2), "the room toy has no place for a picture", ValueError);
    CHECK_THROWS_AS(screen.api->picture(pixels, 3, 2), ShapeError);
    CHECK_THROWS_WITH_AS(screen.api->text("x"), "the room toy has no place for a sentence", ValueError);
    CHECK_THROWS_AS(screen.api->step(1), ValueError);
    CHECK_THROWS_AS(screen.api->save(), ValueError);
    for (const char* bad : {"[]", "[[0.5]]", "[[2, 0]]", "[[\"a\", 0]]", "3", "[[0.1, null]]"})
        CHECK_THROWS_AS(screen.api->stroke(bad), ValueError);
    for (const char* bad : {"3", "{}", "{\"hours\": 1}", "{\"steps\": 0}", "[1]", "\"x\""})
        CHECK_THROWS_AS(screen.api->train(bad), ValueError);
}

TEST_CASE("info() states what the page asks of files: the size of a picture, the endings of weights") {
    TestScreen screen;
    const auto info = screen.json(screen.api->info());
    CHECK(info["most_pixels"] == most_pixels);
    CHECK(info["weight_files"] == nlohmann::json({"safetensors"}));
}

TEST_CASE("a room without weights says so before it looks at the file") {
    TestScreen screen;
    for (const std::vector<uint8_t>& bytes : {std::vector<uint8_t>{1, 2, 3}, write_safetensors({})})
        CHECK_THROWS_WITH_AS(screen.api->load(bytes, "x.safetensors"), "the room toy has no weights to load", ValueError);
}

TEST_CASE("checksum is sixteen hex digits of the weights") {
    TestScreen screen;
    const std::string sum = screen.api->checksum();
    CHECK(sum.size() == 16);
    CHECK(sum.find_first_not_of("0123456789abcdef") == std::string::npos);
    screen.api->clear();
    CHECK(screen.api->checksum() == sum);
}

TEST_CASE("events come once, in order: ready first, then changes, one for each look") {
    TestScreen screen;
    auto events = screen.json(screen.api->take_events());
    REQUIRE(events.size() == 2);
    CHECK(events[0]["event"] == "ready");
    CHECK(events[1]["event"] == "change");
    CHECK(screen.api->take_events() == "[]");
    screen.api->set("toy.brush", "3");
    screen.api->set("toy.brush", "4");
    CHECK(screen.json(screen.api->take_events()).size() == 1);
    screen.app->report("the file is broken");
    events = screen.json(screen.api->take_events());
    CHECK(events[0]["event"] == "error");
    CHECK(events[0]["detail"]["message"] == "the file is broken");
}

TEST_CASE("what is longer or deeper than a call may be given is refused with the limit, and changes nothing") {
    TestScreen screen;
    const std::string before = screen.api->state();
    std::string long_stroke = "[";
    for (int i = 0; i <= 10'000; ++i) long_stroke += std::string(i ? "," : "") + "[0.5,0.5]";
    CHECK_THROWS_WITH_AS(screen.api->stroke(long_stroke + "]"), "points of a stroke: 10001, at most 10000", ValueError);
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK_THROWS_WITH_AS(screen.api->restore(deep), "JSON nested deeper than 32", FormatError);
    CHECK_THROWS_AS(screen.api->set("toy.note", deep), FormatError);
    CHECK_THROWS_WITH_AS(screen.api->example(std::string(1'000'000, 'x')), "bytes of a class's name: 1000000, at most 200", ValueError);
    CHECK_THROWS_WITH_AS(screen.api->signal(std::vector<float>(10'000'001)), "samples of a recording: 10000001, at most 10000000",
                         ValueError);
    CHECK(screen.api->state() == before);
}

TEST_CASE("a job is worked on by frames, or by a thread, until it is done; what it throws is told") {
    for (const bool worker : {false, true}) {
        CAPTURE(worker);
        TestScreen screen(1280, 720, 1, worker);
        screen.api->take_events();
        screen.api->train("{\"steps\": 2000}");
        int64_t last = 0;
        for (int i = 0; i < 100000 && screen.app->wants_frame(); ++i) screen.frame();
        for (const auto& event : screen.json(screen.api->take_events()))
            if (event["event"] == "step") {
                CHECK(event["detail"]["count"].get<int64_t>() > last);
                last = event["detail"]["count"];
            }
        CHECK(last == 2000);
        CHECK_FALSE(screen.app->wants_frame());
    }
}

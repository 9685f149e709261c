// Settings: one list drives control, page API, link and undo, and refuses alike everywhere.
#include <doctest/doctest.h>

#include <optional>
#include <set>
#include <stdexcept>

#include "demos/fields.h"
#include "demos/history.h"
#include "demos/rooms.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::string message_of(auto&& body) {
    try {
        body();
    } catch (const ValueError& error) {
        return error.what();
    }
    return "nothing was thrown";
}

// Another value than the field's: the other flag, the next choice, the other end of the range. None for a text.
std::optional<FieldValue> another(const Field& field) {
    const FieldValue now = field.get();
    if (const bool* flag = std::get_if<bool>(&now)) return !*flag;
    if (field.type == Field::Type::choice) {
        const std::string& name = std::get<std::string>(now);
        return field.choices[field.choices[0].name == name ? 1 : 0].name;
    }
    if (const int64_t* whole = std::get_if<int64_t>(&now)) return *whole + (static_cast<double>(*whole) < field.range.max ? 1 : -1);
    if (const double* real = std::get_if<double>(&now)) return *real == field.range.min ? field.range.max : field.range.min;
    return std::nullopt;
}

}  // namespace

TEST_CASE("every field of every room that ships changes what its effect says, and nothing else") {
    using Effect = Field::Effect;
    // They begin anew, so that what is compared starts from nothing.
    const std::set<std::string> begin_anew{"cnn.rival", "rnn.compare"};
    for (const RoomEntry& entry : rooms()) {
        TestScreen screen(1280, 720, 1, false, rooms());
        screen.api->open(entry.id);
        Room& room = screen.app->room();
        std::set<Effect> seen;
        for (const Field& field : room.fields().all()) {
            const auto wanted = another(field);
            if (!wanted || begin_anew.contains(field.name)) continue;
            CAPTURE(field.name);
            const auto before = room.graph();
            const auto parameters = room.parameters();
            const FieldValue value = field.get();
            screen.app->set(field.name, *wanted);
            const bool computed = room.graph() != before;
            CHECK(computed == (field.effect == Effect::computes || field.effect == Effect::network));
            if (field.effect != Effect::network) CHECK(room.parameters() == parameters);
            seen.insert(field.effect);
            screen.app->set(field.name, value);
        }
        CAPTURE(entry.id);
        CHECK(seen.size() == 5);
    }
}

TEST_CASE("a field is not listed before its effect is said") {
    Fields fields;
    bool flag = false;
    CHECK_THROWS_AS(fields.flag("toy.flag", Text::section_none, Text::section_none, flag), std::logic_error);
    fields.effect(Field::Effect::looks);
    CHECK(fields.flag("toy.flag", Text::section_none, Text::section_none, flag).effect == Field::Effect::looks);
}

TEST_CASE("a field refuses what is not allowed, names field, value and what is allowed, and keeps its value") {
    TestScreen screen;
    struct Case {
        const char *name, *value;
        std::vector<const char*> parts;
    };
    const Case cases[] = {
        {"toy.relu", "1", {"toy.relu", "1", "true or false"}},
        {"toy.brush", "6", {"toy.brush", "6", "whole number from 1 to 5"}},
        {"toy.brush", "2.5", {"toy.brush", "2.5", "whole number"}},
        {"toy.brush", "\"2\"", {"toy.brush", "2"}},
        {"toy.gain", "0.05", {"toy.gain", "0.05", "from 0.1 to 10"}},
        {"toy.gain", "1e300", {"toy.gain", "1e+300"}},
        {"toy.colormap", "\"rainbow\"", {"toy.colormap", "rainbow", "viridis, magma, grey"}},
        {"toy.note", "\"0123456789012345678901234567890123456789x\"", {"toy.note", "at most 40 bytes"}},
        {"toy.note", "[1]", {"toy.note", "[1]"}},
        {"toy.gain", "null", {"toy.gain", "null"}},
        {"toy.nothing", "1", {"toy.nothing", "toy.brush"}},
    };
    const std::string before = screen.api->state();
    for (const Case& each : cases) {
        CAPTURE(each.name);
        CAPTURE(each.value);
        const std::string message = message_of([&] { screen.api->set(each.name, each.value); });
        for (const char* part : each.parts) CHECK_MESSAGE(message.find(part) != std::string::npos, message);
    }
    CHECK(screen.api->state() == before);
    CHECK_FALSE(screen.app->can_undo());
}

TEST_CASE("whole reals are integers, integers are reals, and a float reads as a person writes it") {
    TestScreen screen;
    screen.api->set("toy.brush", "3.0");
    CHECK(screen.api->get("toy.brush") == "3");
    screen.api->set("toy.gain", "2");
    CHECK(screen.api->get("toy.gain") == "2.0");
    screen.api->set("toy.gain", "0.3");
    CHECK(screen.api->get("toy.gain") == "0.3");
}

TEST_CASE("every field says its name, type, value, limits and what it is for, in the learner's language") {
    TestScreen screen;
    const auto english = screen.json(screen.api->fields());
    REQUIRE(english.size() == 5);
    CHECK(english[1]["name"] == "toy.brush");
    CHECK(english[1]["type"] == "int");
    CHECK(english[1]["value"] == 2);
    CHECK(english[1]["min"] == 1);
    CHECK(english[1]["max"] == 5);
    CHECK(english[3]["choices"] == nlohmann::json({"viridis", "magma", "grey"}));
    screen.api->set_language("zh");
    const auto chinese = screen.json(screen.api->fields());
    CHECK(chinese[1]["label"] != english[1]["label"]);
    CHECK(chinese[1]["label"] == "卷积核");
}

TEST_CASE("undo and redo walk through settings, and a new change ends what could be redone") {
    TestScreen screen;
    screen.api->set("toy.brush", "3");
    screen.api->set("toy.brush", "4");
    screen.api->set("toy.colormap", "\"magma\"");
    screen.api->undo();
    screen.api->undo();
    CHECK(screen.api->get("toy.brush") == "3");
    CHECK(screen.api->get("toy.colormap") == "\"viridis\"");
    screen.api->redo();
    CHECK(screen.api->get("toy.brush") == "4");
    screen.api->set("toy.relu", "false");
    CHECK_FALSE(screen.app->can_redo());
    for (int i = 0; i < 5; ++i) screen.api->undo();
    CHECK(screen.api->get("toy.brush") == "2");
    CHECK(screen.api->get("toy.relu") == "true");
    CHECK_FALSE(screen.app->can_undo());
}

TEST_CASE("setting a field to what it is is no change") {
    TestScreen screen;
    screen.api->set("toy.brush", "2");
    CHECK_FALSE(screen.app->can_undo());
}

TEST_CASE("the values of one drag are one step of undo") {
    TestScreen screen;
    for (int64_t value = 3; value <= 5; ++value) screen.app->set("toy.brush", value, true);
    screen.settle();  // nothing is held any more: the drag ends
    screen.app->set("toy.brush", int64_t{1}, true);
    screen.api->undo();
    CHECK(screen.api->get("toy.brush") == "5");
    screen.api->undo();
    CHECK(screen.api->get("toy.brush") == "2");
}

TEST_CASE("strokes and clearing are undone with the drawing as it was") {
    TestScreen screen;
    const auto picture = [&] { return checksum(screen.api->tensor("toy.input")); };
    const uint64_t first = picture();
    screen.api->stroke("[[0.5, 0.5], [0.6, 0.5]]");
    const uint64_t second = picture();
    screen.api->clear();
    CHECK(second != first);
    CHECK(picture() != second);
    screen.api->undo();
    CHECK(picture() == second);
    screen.api->undo();
    CHECK(picture() == first);
    screen.api->redo();
    CHECK(picture() == second);
}

TEST_CASE("Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo") {
    TestScreen screen;
    screen.api->set("toy.brush", "5");
    screen.press(ImGuiKey_Z, true);
    CHECK(screen.api->get("toy.brush") == "2");
    screen.press(ImGuiKey_Z, true, true);
    CHECK(screen.api->get("toy.brush") == "5");
    screen.press(ImGuiKey_Z, true);
    screen.press(ImGuiKey_Y, true);
    CHECK(screen.api->get("toy.brush") == "5");
}

TEST_CASE("the history forgets the oldest changes and no others") {
    History history;
    int value = 0;
    for (int i = 1; i <= 250; ++i) {
        history.record({"n", [&value, i] { value = i - 1; }, [&value, i] { value = i; }});
        value = i;
    }
    int undone = 0;
    for (; history.can_undo(); ++undone) history.undo();
    CHECK(undone == static_cast<int>(History::longest));
    CHECK(value == 50);
}

TEST_CASE("a click on a control sets its field") {
    TestScreen screen;
    screen.click(screen.middle("field:toy.colormap:magma"));
    CHECK(screen.api->get("toy.colormap") == "\"magma\"");
    const Rect flag = screen.rect("field:toy.relu");
    screen.click({flag.x + 10, flag.y + 10});
    CHECK(screen.api->get("toy.relu") == "false");
    screen.api->undo();
    screen.api->undo();
    CHECK(screen.api->get("toy.colormap") == "\"viridis\"");
    CHECK(screen.api->get("toy.relu") == "true");
}

TEST_CASE("a course page chooses which settings have controls; the others keep working") {
    TestScreen screen;
    screen.api->follow("controls=brush,toy.gain");
    screen.settle();
    CHECK(screen.rect("field:toy.brush").w > 0);
    CHECK(screen.rect("field:toy.gain").w > 0);
    for (const NamedRect& each : screen.app->rects()) CHECK(each.name != "field:toy.colormap");
    screen.api->set("toy.colormap", "\"magma\"");
    CHECK(screen.api->get("toy.colormap") == "\"magma\"");
    CHECK_THROWS_AS(screen.api->follow("controls=nothing"), ValueError);
    CHECK(screen.app->room().fields().at("toy.brush").listed);
}

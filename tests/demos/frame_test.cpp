// What is drawn: when, where, in which language, and that the inspector's numbers are the tensors'.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <cmath>

#include "demos/widgets/theme.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

TEST_CASE("idle costs nothing: three frames after an input no more is wanted") {
    TestScreen screen;
    CHECK_FALSE(screen.app->wants_frame());
    ImGui::GetIO().AddMousePosEvent(3, 3);
    screen.app->wake();
    CHECK(screen.settle() == 3);
    const int64_t frames = screen.app->frames();
    CHECK(screen.settle() == 0);
    CHECK(screen.app->frames() == frames);
}

TEST_CASE("hovering a cell shows the tensor's value and marks its patch below; a click pins it, Escape lets go") {
    TestScreen screen;
    const Rect maps = screen.rect("toy.conv1");
    const ImVec2 at{maps.x + maps.w * 0.1f, maps.y + maps.h * 0.1f};
    screen.move(at);
    const Element* subject = screen.app->inspector().subject();
    REQUIRE(subject);
    CHECK(subject->node == "toy.conv1");
    // Cell (2, 2) of map 0: two columns of maps, 12 cells each.
    CHECK(subject->index == 2 * 12 + 2);
    const std::vector<Mark> patch = screen.app->inspector().marks("toy.input");
    REQUIRE(patch.size() == 2);  // what it sees of the picture and what it is computed from are the same here
    CHECK(patch[0].kind == Mark::Kind::field);
    CHECK(patch[1].kind == Mark::Kind::patch);
    for (const Mark& mark : patch) {
        CHECK(mark.y == 1);
        CHECK(mark.x == 1);
        CHECK(mark.height == 3);
        CHECK(mark.width == 3);
    }
    CHECK_FALSE(screen.app->inspector().pinned());
    screen.click(at);
    CHECK(screen.app->inspector().pinned());
    screen.move({5, 5});
    REQUIRE(screen.app->inspector().subject());
    CHECK(screen.app->inspector().subject()->index == 26);
    screen.press(ImGuiKey_Escape);
    CHECK_FALSE(screen.app->inspector().pinned());
    CHECK(screen.app->inspector().subject() == nullptr);
}

TEST_CASE("a tap of a finger pins a cell, also on a phone, where the card then opens below") {
    TestScreen screen(390, 844, 2);
    ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
    screen.move({1, 1});
    const Rect maps = screen.rect("toy.conv1");
    screen.click({maps.x + maps.w * 0.2f, maps.y + maps.h * 0.7f});
    REQUIRE(screen.app->inspector().pinned());
    CHECK(screen.app->inspector().subject()->node == "toy.conv1");
    CHECK(screen.rect("inspector").bottom() > 844 * 0.6f);
    screen.click(screen.middle("inspector.release"));
    CHECK_FALSE(screen.app->inspector().pinned());
}

TEST_CASE("the page pins an element and reads what is shown, in the words of explain()") {
    TestScreen screen;
    CHECK(screen.api->inspected() == "null");
    screen.api->inspect("toy.relu1", "[0, 1, 2, 3]");
    screen.settle();
    CHECK(screen.api->inspected() == screen.api->explain("toy.relu1", "[0, 1, 2, 3]"));
    CHECK_THROWS_AS(screen.api->inspect("toy.relu1", "[0, 9, 0, 0]"), ValueError);
    screen.api->inspect("", "");
    screen.settle();
    CHECK(screen.api->inspected() == "null");
}

TEST_CASE("the keyboard alone reaches and changes a setting") {
    TestScreen screen;
    const auto focused = [] {
        const ImGuiContext& context = *ImGui::GetCurrentContext();
        return context.NavWindow ? ImGui::WindowRectRelToAbs(context.NavWindow, context.NavWindow->NavRectRel[0]).GetCenter()
                                 : ImVec2(-1, -1);
    };
    int tabs = 0;
    for (; tabs < 40 && !screen.rect("field:toy.relu").contains(focused()); ++tabs) screen.press(ImGuiKey_Tab);
    CHECK(tabs < 20);
    screen.press(ImGuiKey_Space);
    CHECK(screen.api->get("toy.relu") == "false");
    screen.press(ImGuiKey_Tab);
    screen.press(ImGuiKey_RightArrow);
    CHECK(screen.api->get("toy.brush") == "3");
    CHECK(screen.settle(600) < 10);  // a focused control wants no frames either
}

TEST_CASE("reset puts every setting back in one step that can be undone") {
    TestScreen screen;
    screen.api->set("toy.brush", "5");
    screen.api->set("toy.gain", "3");
    screen.settle();
    screen.click(screen.middle("app.reset"));
    CHECK(screen.api->get("toy.brush") == "2");
    CHECK(screen.api->get("toy.gain") == "0.5");
    screen.api->undo();
    CHECK(screen.api->get("toy.gain") == "3.0");
}

TEST_CASE("operands are followed down to the picture and back") {
    TestScreen screen;
    Inspector& inspector = screen.app->inspector();
    inspector.pin({"toy.relu1", 30});
    screen.app->wake();
    screen.settle();
    screen.click({screen.rect("inspector.term0").x + 20, screen.middle("inspector.term0").y});
    REQUIRE(inspector.subject());
    CHECK(*inspector.subject() == Element{"toy.conv1", 30});
    const Rect sum = screen.rect("inspector.sum");
    screen.click({sum.x + 5, sum.y + 8});
    REQUIRE(inspector.subject());
    CHECK(*inspector.subject() == Element{"toy.input", 1 * 12 + 5});
    screen.click(screen.middle("inspector.back"));
    CHECK(*inspector.subject() == Element{"toy.conv1", 30});
    screen.click(screen.middle("inspector.release"));
    CHECK_FALSE(inspector.pinned());
}

TEST_CASE("the inspector follows the computation: a pinned element shows the new value") {
    TestScreen screen;
    screen.app->inspector().pin({"toy.input", 0});
    screen.app->wake();
    screen.settle();
    screen.api->clear();
    screen.settle();
    CHECK(screen.json(screen.api->explain("toy.input", "0"))["value"] == 0.0);
    screen.api->stroke("[[0, 0]]");
    screen.settle();
    CHECK(screen.json(screen.api->explain("toy.input", "0"))["value"] == 1.0);
    CHECK(screen.app->inspector().subject()->node == "toy.input");
}

TEST_CASE("at every size, in both languages, by mouse and by finger, all that is named stands inside the window") {
    for (const auto& [width, height] :
         {std::pair{320.0f, 568.0f}, {390.0f, 844.0f}, {768.0f, 1024.0f}, {1280.0f, 720.0f}, {3840.0f, 2160.0f}})
        for (const char* lang : {"en", "zh"})
            for (const bool touch : {false, true}) {
                CAPTURE(width);
                CAPTURE(lang);
                CAPTURE(touch);
                TestScreen screen(width, height, width < 500 ? 3.0f : 1.0f);
                screen.api->set_language(lang);
                if (touch) ImGui::GetIO().AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
                screen.app->inspector().pin({"toy.conv1", 40});
                screen.move({1, 1});
                CHECK(screen.app->rects().size() > 12);
                for (const NamedRect& each : screen.app->rects()) {
                    CAPTURE(each.name);
                    CHECK(each.rect.x >= -0.5f);
                    CHECK(each.rect.right() <= width + 0.5f);
                    CHECK(each.rect.w > 0);
                    CHECK(each.rect.h > 0);
                    if (touch && each.name.starts_with("app.") && each.name != "app.status")
                        CHECK(std::min(each.rect.w, each.rect.h) >= 44);
                }
            }
}

TEST_CASE("the rooms that ship fit at every size, settle, and explain what is pointed at") {
    for (const auto& [width, height] : {std::pair{320.0f, 568.0f}, {390.0f, 844.0f}, {1280.0f, 720.0f}, {3840.0f, 2160.0f}})
        for (const RoomEntry& entry : rooms()) {
            CAPTURE(width);
            CAPTURE(entry.id);
            TestScreen screen(width, height, 1, false, rooms());
            screen.api->open(entry.id);
            CHECK(screen.settle(60) < 60);
            const auto tensors = screen.json(screen.api->tensors());
            REQUIRE(!tensors.empty());
            for (const auto& tensor : tensors) {
                CAPTURE(tensor["name"].get<std::string>());
                const std::string name = tensor["name"];
                const auto e = screen.json(screen.api->explain(name, "0"));
                CHECK(e["value"].get<float>() == screen.api->tensor(name).data()[0]);
                if (name.starts_with("grad:")) continue;   // the card shows a gradient beside its value
                screen.api->inspect(name, "0");
                screen.settle();
                CHECK(screen.json(screen.api->inspected())["value"] == e["value"]);
            }
            for (const NamedRect& each : screen.app->rects()) {
                CAPTURE(each.name);
                CHECK(each.rect.x >= -0.5f);
                CHECK(each.rect.right() <= width + 0.5f);
            }
        }
}

TEST_CASE("cells are whole device pixels, so maps are crisp at any pixel ratio") {
    for (const float device_pixels : {1.0f, 1.25f, 1.5f, 2.0f, 3.0f}) {
        TestScreen screen(1280, 720, device_pixels);
        const Rect maps = screen.rect("toy.input");
        const float cell = maps.w * device_pixels / 12;
        CHECK(std::fabs(cell - std::round(cell)) < 1e-3f);
        CHECK(std::fabs(maps.x * device_pixels - std::round(maps.x * device_pixels)) < 1e-2f);
    }
}

TEST_CASE("one texture holds all maps of a tensor, is uploaded only when its values change, and comes back after a lost context") {
    TestScreen screen;
    const int textures = screen.textures;
    CHECK(textures == 3);
    const int uploads = screen.uploads;
    screen.move({1, 1});
    CHECK(screen.uploads == uploads);
    screen.api->stroke("[[0.05, 0.95]]");
    screen.settle();
    CHECK(screen.uploads >= uploads + 3);
    screen.lose_context();
    screen.app->wake();
    screen.settle();
    CHECK(screen.textures == textures);
    for (int i = 0; i < 4; ++i) {
        screen.resize(1280 + 150.0f * static_cast<float>(i), 720);
        screen.settle();
    }
    CHECK(screen.textures == textures);
}

TEST_CASE("a notice is shown until it is closed") {
    TestScreen screen;
    screen.app->report("This file holds no weights.");
    screen.settle();
    screen.click(screen.middle("app.notice"));
    for (const NamedRect& each : screen.app->rects()) CHECK(each.name != "app.notice");
}

TEST_CASE("the buttons of the bar undo, redo, change language and theme") {
    TestScreen screen;
    screen.api->set("toy.brush", "4");
    screen.settle();
    screen.click(screen.middle("app.undo"));
    CHECK(screen.api->get("toy.brush") == "2");
    screen.click(screen.middle("app.redo"));
    CHECK(screen.api->get("toy.brush") == "4");
    screen.click(screen.middle("app.language"));
    CHECK(screen.json(screen.api->info())["lang"] == "zh");
    screen.click(screen.middle("app.theme"));
    CHECK(screen.json(screen.api->info())["theme"] == "dark");
}

TEST_CASE("a finger scrolls by dragging what claims nothing, and a drag is no tap") {
    TestScreen screen(390, 500);
    ImGuiIO& io = ImGui::GetIO();
    io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
    screen.move(screen.middle("toy.input"));
    const float before = screen.rect("toy.conv1").y;
    ImVec2 at = screen.middle("toy.input");
    screen.move(at);
    io.AddMouseButtonEvent(0, true);
    screen.app->wake();
    screen.settle();
    for (int i = 0; i < 10; ++i) screen.move({at.x, at.y -= 10});
    io.AddMouseButtonEvent(0, false);
    screen.app->wake();
    screen.settle();
    const float moved = before - screen.rect("toy.conv1").y;
    CHECK(moved > 89);
    CHECK(moved < 101);
    CHECK_FALSE(screen.app->inspector().pinned());
}

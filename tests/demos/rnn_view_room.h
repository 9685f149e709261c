// A room that is nothing but a workbench and one view of the RNN room, and a screen that shows it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "demos/rnn/tasks/tasks.h"
#include "demos/rnn/view.h"
#include "tests/demos/screen.h"

namespace trilens {

template <typename ViewType>
class RnnViewRoom : public Room {
public:
    RnnViewRoom()
        : view(bench),
          training_({[]() -> SessionSetup { throw ValueError("nothing is trained in this test"); }, [](const SessionSnapshot&) {}}) {
        fields_.effect(Field::Effect::computes);
        fields_.choice("rnn.task", Text::field_rnn_task, Text::help_rnn_task, bench.settings.task, rnn_task_choices());
        fields_.choice("rnn.cell", Text::field_rnn_cell, Text::help_rnn_cell, bench.settings.cell, rnn_cell_choices());
        fields_.integer("rnn.length", Text::field_rnn_length, Text::help_rnn_length, bench.settings.length, {1, 400, 1});
        view.list_fields(fields_);
        bench.compute();
        made = this;
    }

    std::string_view id() const override { return "rnn"; }
    Text title() const override { return Text::room_rnn; }
    std::shared_ptr<const Graph> graph() const override { return bench.graph(); }
    void attached() override {
        training_.attach(host());
        view.attach(RoomView::Services{&host(), &training_, [this] { recompute(); },
                                       [this](std::string_view name, const FieldValue& value) { set(name, value); },
                                       [this] { bench.start_anew(), recompute(); }});
        view.attach(RnnView::InputServices{[this](RnnInput input, bool) { put(std::move(input)); },
                                           [this](std::vector<Held> held, bool) { bench.held = std::move(held), recompute(); },
                                           [this](std::optional<int64_t> step) { bench.left_out = step, recompute(); }});
    }
    void field_changed(const Field& field) override {
        recompute();
        view.field_changed(field);
    }
    void text(std::string_view sentence) override {
        RnnInput input = bench.input;
        bench.text_of(input) = sentence;
        put(std::move(input));
    }
    std::shared_ptr<Job> job() override { return view.job(); }
    void update() override { view.update(); }
    bool animating() const override { return view.animating(); }
    nlohmann::json state() const override { return view.state(); }
    void restore(const nlohmann::json& state) override { view.restore(state); }
    float draw(Stage& stage, Rect area) override { return view.draw(stage, area); }

    void recompute() {
        bench.compute();
        view.computed();
        host().changed();
    }
    void put(RnnInput input) {
        bench.input = std::move(input);
        recompute();
    }

    RnnWorkbench bench;
    ViewType view;
    static inline RnnViewRoom* made = nullptr;

private:
    TrainingRun training_;
};

template <typename ViewType>
struct RnnViewScreen : TestScreen {
    using RoomType = RnnViewRoom<ViewType>;
    static constexpr RoomEntry table[] = {{"rnn", Text::room_rnn, [] { return std::unique_ptr<Room>(std::make_unique<RoomType>()); }}};

    explicit RnnViewScreen(const char* task, float width = 1280, float height = 1600, bool worker = false)
        : TestScreen(width, height, 1, worker, table) {
        put("rnn.task", std::string("\"") + task + "\"");
    }
    RoomType& room() { return *RoomType::made; }
    RnnWorkbench& bench() { return room().bench; }
    ViewType& view() { return room().view; }
    void put(const char* field, const std::string& json) {
        api->set(field, json);
        settle(20000);
    }
    void press_button(const char* name) { click(middle(name)); }
    void drag(ImVec2 from, ImVec2 to) {
        move(from);
        ImGui::GetIO().AddMouseButtonEvent(0, true);
        app->wake();
        settle();
        move(to);
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        app->wake();
        settle();
    }
    // How many rectangles with this beginning stand inside the screen; fails for one that does not.
    int inside(std::string_view beginning, float width) const {
        int found = 0;
        for (const NamedRect& each : app->rects()) {
            if (!each.name.starts_with(beginning)) continue;
            ++found;
            CHECK_MESSAGE(each.rect.x >= 0, each.name << " at " << width);
            CHECK_MESSAGE(each.rect.right() <= width + 0.5f, each.name << " at " << width);
            CHECK_MESSAGE(each.rect.w > 1, each.name << " at " << width);
        }
        return found;
    }
};

}  // namespace trilens

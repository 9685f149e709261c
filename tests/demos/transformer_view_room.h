// A room that is nothing but a workbench and one view of the Transformer room. A test lists the fields that its view sets.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "demos/transformer/view.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

namespace trilens {

template <typename ViewType>
class TransformerViewRoom : public Room {
public:
    std::string_view id() const override { return "transformer"; }
    Text title() const override { return Text::room_transformer; }
    std::shared_ptr<const Graph> graph() const override { return bench.graph(); }
    void attached() override {
        training_.attach(host());
        view.attach(RoomView::Services{&host(), &training_, [this] { recompute(); },
                                       [this](std::string_view name, const FieldValue& value) { set(name, value); }, nullptr});
    }
    void field_changed(const Field& field) override {
        recompute();
        view.field_changed(field);
    }
    void text(std::string_view sentence) override {
        bench.text_of(bench.input) = sentence;
        recompute();
    }
    void advance(int64_t steps) override { stepped = view.advance(steps); }
    nlohmann::json state() const override { return view.state(); }
    void restore(const nlohmann::json& state) override { view.restore(state); }
    float draw(Stage& stage, Rect area) override { return view.draw(stage, area); }
    void recompute() {
        bench.compute();
        view.computed();
        host().changed();
    }

    TransformerWorkbench bench;
    ViewType view{bench};
    bool stepped = false;  // what the view answered to the last advance()

private:
    TrainingRun training_{{[]() -> SessionSetup { throw ValueError("nothing is trained in this test"); }, [](const SessionSnapshot&) {}}};
};

}  // namespace trilens

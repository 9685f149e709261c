// The CNN room, inside: the glue between the workbench, the card with the pad, the views, and training. Its life is in room.cpp, its settings
// are in room_fields.cpp, its layout is in room_layout.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "demos/cnn/input_card.h"
#include "demos/cnn/view.h"
#include "demos/cnn/workbench.h"
#include "demos/room.h"
#include "demos/training/run.h"

namespace trilens {

// A view, in the table whose order is that of the tabs (view_table.cpp).
struct ViewEntry {
    const char* id;
    Text label, help;
    std::unique_ptr<View> (*make)(Workbench&);
};
std::span<const ViewEntry> view_table();

class CnnRoom : public Room {
public:
    CnnRoom();

    std::string_view id() const override { return "cnn"; }
    Text title() const override { return Text::room_cnn; }
    std::vector<std::string> class_names() const override { return bench_.classes(); }
    std::shared_ptr<const Graph> graph() const override { return bench_.graph(); }
    std::vector<const Parameter*> parameters() const override {
        const auto all = bench_.network().parameters();
        return {all.begin(), all.end()};
    }
    void attached() override;
    void field_changed(const Field& field) override;

    void picture(const Picture& picture) override;
    void signal(std::span<const float> samples) override;
    void stroke(std::span<const Point> points) override;
    void clear() override { show({}); }
    void example(std::string_view label, const Picture* picture) override;
    void advance(int64_t steps) override { view().advance(steps); }

    std::vector<uint8_t> save() const override;
    void load(std::span<const uint8_t> bytes, std::string_view filename) override;

    void train(const Training& training) override { training_.train(training); }
    std::shared_ptr<Job> job() override { return training_.running() ? training_.job() : view().job(); }
    void update() override {
        training_.update();
        view().update();
    }
    bool animating() const override { return view().animating(); }

    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;
    float draw(Stage& stage, Rect area) override;

private:
    bool on(std::string_view view) const { return view_table()[static_cast<size_t>(at_)].id == view; }
    View& view() const { return *views_[static_cast<size_t>(at_)]; }
    void list_fields();
    void list_shared_fields();
    void take_settings();
    void load_data(std::span<const uint8_t> bytes);
    void put_own(OwnClasses own);
    void set_own(OwnClasses own);
    void name_targets();
    void recompute();
    void show(Drawing drawing);
    void start_anew();
    float draw_views(Stage& stage, Rect area);
    void draw_training(Stage& stage, Rect area);
    float draw_input(Stage& stage, Rect area);

    Workbench bench_;
    InputCard input_card_;
    std::vector<std::unique_ptr<View>> views_;
    int at_ = 0;  // the view on screen
    Problem problem_ = Problem::digits;  // as the fields have them; take_settings() hands them to the workbench
    std::string architecture_, curve_architecture_, classes_ = names_text(bench_.own().names);
    TrainingRun training_;
};

}  // namespace trilens

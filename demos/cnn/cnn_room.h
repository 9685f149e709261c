// The CNN room, inside: the glue between the workbench, the card with the pad, the views, and training. Its life is in room.cpp, its
// settings are in room_fields.cpp, its layout is in room_layout.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "demos/cnn/input_card.h"
#include "demos/cnn/workbench.h"
#include "demos/viewed_room.h"

namespace trilens {

class CnnRoom : public ViewedRoom {
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

    void picture(const Picture& picture) override;
    void signal(std::span<const float> samples) override;
    void stroke(std::span<const Point> points) override;
    void clear() override { show({}); }
    void example(std::string_view label, const Picture* picture) override;
    void advance(int64_t steps) override { view().advance(steps); }

    std::vector<uint8_t> save() const override;
    bool take_data(std::span<const uint8_t> bytes) override;
    void expect_weights() const override {}
    void load(const WeightFile& file) override;

    void train(const Training& training) override { training_.train(training); }

    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;
    float draw(Stage& stage, Rect area) override;

private:
    void list_fields();
    void list_shared_fields();
    void take_settings() override;
    void put_own(OwnClasses own);
    void set_own(OwnClasses own);
    void name_targets();
    void recompute() override;
    void show(Drawing drawing);
    void start_anew() override;
    void use_shipped();
    void draw_training(Stage& stage, Rect area);
    float draw_input(Stage& stage, Rect area);

    Workbench bench_;
    InputCard input_card_;
    Problem problem_ = Problem::digits;  // as the fields have them; take_settings() hands them to the workbench
    std::string architecture_, curve_architecture_, classes_ = names_text(bench_.own().names);
};

}  // namespace trilens

// The Transformer room, inside: the glue between the workbench, the card with the input, the views, and training. Its life is in room.cpp, its settings are in
// room_fields.cpp, its layout is in room_layout.cpp, what is saved of it in room_state.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "demos/room.h"
#include "demos/training/run.h"
#include "demos/transformer/input_card.h"
#include "demos/transformer/view.h"
#include "demos/transformer/workbench.h"

namespace trilens {

class TransformerRoom : public Room {
public:
    TransformerRoom();

    std::string_view id() const override { return "transformer"; }
    Text title() const override { return Text::room_transformer; }
    std::vector<std::string> class_names() const override { return has_network() ? bench_.classes() : std::vector<std::string>{}; }
    std::shared_ptr<const Graph> graph() const override { return bench_.graph(); }
    std::vector<const Parameter*> parameters() const override;
    void attached() override;
    void field_changed(const Field& field) override;

    void text(std::string_view sentence) override;
    void stroke(std::span<const Point> points) override;
    void picture(const Picture& picture) override;
    void clear() override;
    void advance(int64_t steps) override;

    std::vector<uint8_t> save() const override { return bench_.save(); }
    void load(std::span<const uint8_t> bytes, std::string_view filename) override;

    void train(const Training& training) override;
    std::shared_ptr<Job> job() override { return training_.running() ? training_.job() : view().job(); }
    void update() override;
    bool animating() const override { return view().animating(); }

    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;
    float draw(Stage& stage, Rect area) override;

    static constexpr size_t longest_text = 40000;  // bytes: as long as a text box takes

private:
    bool has_network() const;  // a shipped one may not have come
    bool on(std::string_view view) const { return transformer_view_table()[static_cast<size_t>(at_)].id == view; }
    TransformerView& view() const { return *views_[static_cast<size_t>(at_)]; }
    void list_fields();
    void list_task_fields();
    void list_network_fields();
    void list_look_fields();
    void list_head_fields();
    void list_writing_fields();
    void take_settings();
    void recompute();
    void set_input(TransformerInput input, bool joins);
    void set_problem(SequenceProblem problem);
    void start_anew();
    float draw_tasks(Stage& stage, Rect area);
    float draw_views(Stage& stage, Rect area);

    TransformerWorkbench bench_;
    TransformerInputCard input_card_;
    std::vector<std::unique_ptr<TransformerView>> views_;
    int at_ = 0;  // the view on screen
    Language language_ = language();  // of the page when it was computed
    std::string network_;  // TransformerWorkbench::network_key() as of the last change
    TrainingRun training_;
};

}  // namespace trilens

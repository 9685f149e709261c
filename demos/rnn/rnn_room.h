// The RNN room, inside: the glue between the workbench, the card with the input, the views, and training. Its life is in room.cpp, its settings are in
// room_fields.cpp, its layout is in room_layout.cpp, what is saved of it in room_state.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "demos/rnn/input_card.h"
#include "demos/rnn/view.h"
#include "demos/rnn/workbench.h"
#include "demos/room.h"
#include "demos/training/run.h"

namespace trilens {

class RnnRoom : public Room {
public:
    static constexpr size_t longest_text = 40000;  // bytes of each text of the input

    RnnRoom();

    std::string_view id() const override { return "rnn"; }
    Text title() const override { return Text::room_rnn; }
    std::vector<std::string> class_names() const override { return bench_.classes(); }
    std::shared_ptr<const Graph> graph() const override { return bench_.graph(); }
    std::vector<const Parameter*> parameters() const override;
    void attached() override;
    void field_changed(const Field& field) override;

    void text(std::string_view sentence) override;
    void signal(std::span<const float> samples) override;
    void clear() override;
    void advance(int64_t steps) override;

    std::vector<uint8_t> save() const override;
    void load(std::span<const uint8_t> bytes, std::string_view filename) override;

    void train(const Training& training) override;
    std::shared_ptr<Job> job() override { return training_.running() ? training_.job() : view().job(); }
    void update() override;
    bool animating() const override { return view().animating(); }

    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;
    float draw(Stage& stage, Rect area) override;

private:
    bool on(std::string_view view) const { return rnn_view_table()[static_cast<size_t>(at_)].id == view; }
    RnnView& view() const { return *views_[static_cast<size_t>(at_)]; }
    void list_fields();
    void list_task_fields();
    void list_network_fields();
    void list_look_fields();
    void take_settings();
    void recompute();
    void set_input(RnnInput input, bool joins);
    void hold(std::vector<Held> held, bool joins);
    void leave_out(std::optional<int64_t> step);
    void start_anew();
    float draw_tasks(Stage& stage, Rect area);
    float draw_views(Stage& stage, Rect area);

    RnnWorkbench bench_;
    RnnInputCard input_card_;
    std::vector<std::unique_ptr<RnnView>> views_;
    int at_ = 0;  // the view on screen
    std::string network_;  // RnnWorkbench::network_key() as of the last change
    TrainingRun training_;
    Language language_ = language();  // of the page when it was computed
};

}  // namespace trilens

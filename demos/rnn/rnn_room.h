// The RNN room, inside: the glue between the workbench, the card with the input, the views, and training. Its life is in room.cpp, its
// settings are in room_fields.cpp, its layout is in room_layout.cpp, what is saved of it in room_state.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "demos/rnn/input_card.h"
#include "demos/rnn/workbench.h"
#include "demos/task_room.h"

namespace trilens {

class RnnRoom : public TaskRoom<RnnWorkbench> {
public:
    RnnRoom();

    std::string_view id() const override { return "rnn"; }
    Text title() const override { return Text::room_rnn; }
    std::vector<std::string> class_names() const override { return bench_.classes(); }

    void text(std::string_view sentence) override { set_text(sentence, "sentiment"); }
    void signal(std::span<const float> samples) override;
    void clear() override;
    void advance(int64_t steps) override;
    void expect_weights() const override {}
    void load(const WeightFile& file) override;
    void train(const Training& training) override;

    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;
    float draw(Stage& stage, Rect area) override;

private:
    void list_fields();
    void list_task_fields();
    void list_network_fields();
    void list_look_fields();
    bool is_other_data(const RnnInput& wanted) const override;
    void hold(std::vector<Held> held, bool joins);
    void leave_out(std::optional<int64_t> step);

    RnnInputCard input_card_;
    std::optional<int64_t> asked_to_leave_out_;  // by the view on screen, in this frame
};

}  // namespace trilens

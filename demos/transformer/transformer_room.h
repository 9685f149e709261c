// The Transformer room, inside: the glue between the workbench, the card with the input, the views, and training. Its life is in room.cpp,
// its settings are in room_fields.cpp, its layout is in room_layout.cpp, what is saved of it in room_state.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "demos/task_room.h"
#include "demos/transformer/input_card.h"
#include "demos/transformer/workbench.h"

namespace trilens {

class TransformerRoom : public TaskRoom<TransformerWorkbench> {
public:
    TransformerRoom();

    std::string_view id() const override { return "transformer"; }
    Text title() const override { return Text::room_transformer; }
    std::vector<std::string> class_names() const override { return has_network() ? bench_.classes() : std::vector<std::string>{}; }

    void text(std::string_view sentence) override { set_text(sentence, "translate"); }
    void stroke(std::span<const Point> points) override;
    void picture(const Picture& picture) override;
    void clear() override;
    void advance(int64_t steps) override;
    void expect_weights() const override;
    void load(const WeightFile& file) override;
    void train(const Training& training) override;

    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;
    float draw(Stage& stage, Rect area) override;

private:
    bool has_network() const;  // a shipped one may not have come
    void list_fields();
    void list_task_fields();
    void list_network_fields();
    void list_look_fields();
    void list_head_fields();
    void list_writing_fields();
    void set_problem(SequenceProblem problem);
    void start_anew() override;

    TransformerInputCard input_card_;
};

}  // namespace trilens

// The unrolled view (curriculum R1 to R4): the network once for each time step, its states and gates as strips over the same time, played
// forth and back; units and gates can be held at a value, tokens left out.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "demos/rnn/unrolled_picture.h"
#include "demos/rnn/view.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/time_axis.h"
#include "demos/widgets/time_strip.h"
#include "demos/widgets/token_strip.h"

namespace trilens {

class UnrolledView : public RnnView {
public:
    using RnnView::RnnView;

    void field_changed(const Field& field) override;
    void computed() override;
    float draw(Stage& stage, Rect area) override;

private:
    void go_to(int64_t step);
    void play(double now);
    float draw_player(Stage& stage, Rect area);
    float draw_tokens(Stage& stage, Rect area);
    float draw_over_time(Stage& stage, Rect area);
    void edit(const std::string& part, const TimeStripEvent& event);
    float draw_absence(Stage& stage, Rect area);
    float draw_strips(Stage& stage, Rect area);
    float draw_formula_line(Stage& stage, Rect area);
    float draw_probability(Stage& stage, Rect area);

    TimeAxis axis_;
    TokenStrip token_strip_;
    std::map<std::string, TimeStrip, std::less<>> strips_;
    MeasuredCards cards_;
    bool playing_ = false;
    double next_ = 0;  // when the next step comes while it plays
    std::optional<float> answer_with_all_;  // of the answer before a token was left out
    int64_t unit_ = -1, unit_step_ = -1, unit_reached_ = -1;  // last hovered in the hidden state, until time moves on
    std::optional<int64_t> left_out_by_tap_;
};

}  // namespace trilens

// Units: brush a phrase and see which hidden units fire on it and where else they do; which tokens moved the answer.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "demos/rnn/influence.h"
#include "demos/rnn/unit_ranking.h"
#include "demos/rnn/view.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/time_axis.h"
#include "demos/widgets/token_strip.h"

namespace trilens {

class RnnUnitsView : public RnnView {
public:
    static constexpr size_t shown_units = 8, shown_steps = 5;

    using RnnView::RnnView;
    void list_fields(Fields& fields) override;
    float draw(Stage& stage, Rect area) override;
    bool animating() const override { return influence_.job() != nullptr; }
    std::shared_ptr<Job> job() override { return influence_.job(); }
    void update() override { influence_.update(); }

    // What is on screen, as of the last frame.
    const std::vector<RankedUnit>& ranking() const { return ranking_; }
    const InfluenceResult* influence() const { return influence_.latest(); }
    std::string node() const;  // "rnn.hidden", "rnn.gate.i"
    StepRange phrase() const;  // what is brushed; else the last step. The sequence is not empty
    int64_t unit() const { return unit_; }  // whose values colour the tokens; -1: none

private:
    const Tensor& states() const { return bench().graph()->find(node()).tensor(); }
    void compute();
    void brush(StepRange range, bool joins);
    void choose(int64_t unit);
    std::string words(StepRange range) const;

    float draw_phrase(Stage& stage, Rect area);
    float draw_parts(Stage& stage, Rect area);

    float draw_units(Stage& stage, Rect area);  // units_rows.cpp
    float draw_row(Stage& stage, const RankedUnit& ranked, Rect area);
    void draw_values(Stage& stage, const RankedUnit& ranked, const std::vector<int64_t>& elsewhere, Rect area) const;
    void take_pointer(Stage& stage, int64_t unit, bool clicked, Rect cells);

    float draw_influence(Stage& stage, Rect area);  // units_influence.cpp
    float draw_strongest(Stage& stage, const InfluenceResult& result, Rect area);

    // Fields.
    int part_ = 0;
    int from_ = 0, to_ = 0;  // what is brushed, counted from 1; 0: nothing
    int unit_ = -1;
    float threshold_ = 0.5f;

    uint64_t version_ = 0;  // of the workbench that the ranking is of
    StepRange ranked_for_{-1, -1};
    std::string ranked_node_;
    std::vector<RankedUnit> ranking_;
    float lowest_ = 0, highest_ = 1;  // of the units shown, with 0

    int64_t hovered_ = -1, marked_ = -1;  // steps: hovered so far in this frame, and in the last one
    int64_t grabbed_ = -1;  // where on a row the hand went down
    bool brushing_ = false;  // the drag has brushed already
    TimeAxis axis_;
    TokenStrip strip_, influence_strip_;
    Influence influence_;
    MeasuredCards cards_;
};

}  // namespace trilens

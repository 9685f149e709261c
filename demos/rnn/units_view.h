// Units (issue 4): brush a phrase and see which hidden units fire on it and where else they do; which tokens moved the answer.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "demos/rnn/influence.h"
#include "demos/rnn/unit_ranking.h"
#include "demos/rnn/view.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/token_strip.h"

namespace trilens {

class RnnUnitsView : public RnnView {
public:
    using RnnView::RnnView;

    void list_fields(Fields& fields) override;
    float draw(Stage& stage, Rect area) override;

private:
    enum class Part { hidden, cell_state };
    const char* node() const;
    void compute();
    float draw_phrase(Stage& stage, Rect area);
    float draw_unit(Stage& stage, const RankedUnit& unit, Rect area);
    float draw_influence(Stage& stage, Rect area);

    Part part_ = Part::hidden;
    std::optional<std::pair<int64_t, int64_t>> phrase_;   // none: the whole last token
    int64_t unit_ = -1;                                   // whose value colours the tokens; -1: the first of the ranking
    uint64_t version_ = 0;
    std::pair<int64_t, int64_t> ranked_for_{-1, -1};
    Part ranked_part_ = Part::hidden;
    std::vector<RankedUnit> ranking_;
    TokenStrip strip_, influence_strip_;
    Influence influence_;
    MeasuredCards cards_;
};

}  // namespace trilens

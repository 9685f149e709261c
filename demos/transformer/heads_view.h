// Heads (curriculum T1, T2, TA): every head of every layer as a map; one of them enlarged, with each cell spelled out from q.k to its
// weight; lines from token to token; heads that are switched off or made uniform, and what that changes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "demos/transformer/heads_effect.h"
#include "demos/transformer/heads_lines.h"
#include "demos/transformer/heads_map.h"
#include "demos/transformer/heads_reading.h"
#include "demos/transformer/view.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/token_strip.h"

namespace trilens {

class TransformerHeadsView : public TransformerView {
public:
    using TransformerView::TransformerView;
    void list_fields(Fields& fields) override;
    float draw(Stage& stage, Rect area) override;

    // What is on screen, as of the last frame.
    HeadsCell subject() const { return subject_; }  // the cell that is spelled out
    AttentionStage shown() const { return stage_; }
    const HeadsMap& map() const { return map_; }
    const HeadsLines& lines() const { return lines_; }
    unsigned line_heads() const;  // bit by bit: whose lines are drawn
    const HeadsEffect* effect() const {
        return effect_version_ == bench().version() && effect_stack_ == bench().stack() && effect_ ? &*effect_ : nullptr;
    }

private:
    using Where = TransformerLook::Where;
    HeadMode mode(int64_t layer, int64_t head) const;
    bool any_switched() const;
    std::string head_name(int64_t layer, int64_t head) const;  // "L1·H2"
    const std::string& query_label(int64_t query) const { return bench().queries(bench().stack()).labels[static_cast<size_t>(query)]; }
    const std::string& key_label(int64_t key) const { return bench().keys(bench().stack()).labels[static_cast<size_t>(key)]; }
    std::optional<HeadsReading> read(const Graph* graph) const;
    HeadsCell choose_subject(Stage& stage, const HeadsReading& reading);
    void take(Stage& stage, const HeadsReading& reading, const HeadsMapEvent& event);
    // Whether each row has a scale of its own, for a query that sees few keys has great weights (a causal map's first); else greatest() is
    // the weight of the last colour.
    bool by_rows() const { return stretched_ && bench().stack() == Where::decoder; }
    float greatest();

    float draw_all(Stage& stage, const HeadsReading& reading, Rect area);  // heads_grid.cpp
    float draw_grid(Stage& stage, Rect area);
    void paint_grid(Stage& stage, Rect first, float pitch_x, float pitch_y, int64_t layers, int64_t heads);
    void draw_small(Stage& stage, int64_t layer, int64_t head, Rect map);
    float draw_modes(Stage& stage, Rect area);
    float draw_shapes(Stage& stage, const HeadsReading& reading, Rect area);

    float draw_one(Stage& stage, const HeadsReading& reading, Rect area);  // heads_view.cpp
    float draw_stages(Stage& stage, Rect area);
    ColorScale scale_of(const HeadsReading& reading);

    float draw_row(Stage& stage, const HeadsReading& reading, Rect area);  // heads_formula.cpp
    float draw_entropy(Stage& stage, const HeadsReading& reading, Rect area) const;
    float draw_formula_card(Stage& stage, const HeadsReading& reading, Rect area);
    float draw_product(Stage& stage, const HeadsReading& reading, Rect area) const;
    float draw_scaling(Stage& stage, const HeadsReading& reading, Rect area) const;
    float draw_softmax(Stage& stage, const HeadsReading& reading, Rect area) const;

    float draw_lines_card(Stage& stage, const HeadsReading& reading, Rect area);  // heads_tokens.cpp
    float draw_chips(Stage& stage, const HeadsReading& reading, Rect area);
    float draw_line_words(Stage& stage, const HeadsReading& reading, Rect area) const;
    float draw_effect(Stage& stage, Rect area);
    float draw_answers(Stage& stage, Rect area) const;
    void measure_effect();

    // Fields.
    AttentionStage stage_ = AttentionStage::weights;
    int lines_of_ = 0;  // bit by bit: whose lines are drawn; 0: the chosen head's
    bool stretched_ = true;  // colours end at the stack's greatest weight, not at 1

    HeadsMap map_;
    HeadsLines lines_;
    TokenStrip change_strip_;
    MeasuredCards cards_;
    HeadsCell subject_;
    std::optional<HeadsCell> hovered_, next_hovered_;  // in the last frame; in this one so far
    std::optional<HeadsCell> cursor_;  // where the keyboard or a click left it
    int64_t token_ = -1;  // that the cursor was left under
    float greatest_ = 1;  // of the stack on screen
    std::string greatest_of_;
    std::optional<HeadsEffect> effect_;
    uint64_t effect_version_ = 0;  // of the workbench that it is of
    Where effect_stack_ = Where::encoder;
};

}  // namespace trilens

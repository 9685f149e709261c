// TransformerPredictView: what the network writes, token by token, and the choice behind each token (curriculum T4, T9): probabilities,
// where the chosen token looked, the texts of a beam search; the words of a blank; the class of a drawing with the attention of the class
// token over it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "demos/transformer/predict_attention.h"
#include "demos/transformer/view.h"
#include "demos/widgets/candidate_table.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/token_strip.h"

namespace trilens {

class TransformerPredictView : public TransformerView {
public:
    using TransformerView::TransformerView;
    void field_changed(const Field& field) override;
    void computed() override;
    float draw(Stage& stage, Rect area) override;
    bool advance(int64_t steps) override;

    // The row of "transformer.logits" whose choice is on screen; -1: none.
    int64_t row() const;
    // What could stand there, the most probable first, as many as are shown.
    std::vector<Candidate> candidates(int64_t row) const;

private:
    float draw_written(Stage& stage, Rect area);
    float draw_commands(Stage& stage, Rect area);
    void draw_text_so_far(Rect& area);
    void draw_right_answer(Stage& stage, Rect& area);
    void play(Stage& stage);
    float draw_choice(Stage& stage, Rect area, int64_t row);
    float draw_beams(Stage& stage, Rect area);
    float draw_blanks(Stage& stage, Rect area);
    float draw_class(Stage& stage, Rect area);
    float draw_elsewhere(Stage& stage, Rect area);
    bool split(const Stage& stage, Rect area, Rect& left, Rect& right) const;
    float draw_writing_cards(Stage& stage, Rect area);
    float draw_attention_card(Stage& stage, Rect area, TransformerLook::Where where, int64_t query);
    std::optional<int32_t> chosen_at(int64_t row) const;  // the token that the network took there, where it did
    int64_t step_after(int64_t steps) const;
    float draw_cards(Stage& stage, Rect area);
    int64_t steps_done() const { return static_cast<int64_t>(bench().written().tokens.size()); }

    std::optional<int64_t> followed_;  // place of the target whose choice is shown; none: what comes after the last
    bool playing_ = false;
    double due_ = -1;  // when the next token comes; negative: not known yet
    TokenStrip source_strip_, target_strip_;
    PredictAttention attention_;
    MeasuredCards cards_;
};

}  // namespace trilens

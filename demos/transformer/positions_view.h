// TransformerPositionsView: how tokens are told where they stand (curriculum T5): the map of the encoding, how alike positions are, and
// what becomes of the output when the tokens are shuffled, with and without it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "demos/transformer/positions_shuffle.h"
#include "demos/transformer/view.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class TransformerPositionsView : public TransformerView {
public:
    using TransformerView::TransformerView;
    void list_fields(Fields& fields) override;
    float draw(Stage& stage, Rect area) override;

    // What the map shows: [positions, numbers of the vector], of a rotary encoding [positions, pairs]: the cosine of the angle. Empty where
    // no position is told.
    Tensor table() const;
    // Both orders side by side, as of the last frame; none where nothing can be shuffled.
    const ShuffledOutputs* outputs() const { return outputs_ ? &*outputs_ : nullptr; }

private:
    float draw_map(Stage& stage, Rect area);
    float draw_wave(Stage& stage, Rect area);
    float draw_shuffle(Stage& stage, Rect area);
    float draw_switches(Stage& stage, Rect area);
    std::string told_of(int64_t position, int64_t column) const;

    int shown_ = 64;  // field
    int64_t position_ = 10, column_ = 4;  // that were clicked
    std::optional<ShuffledOutputs> outputs_;
    uint64_t outputs_version_ = 0;
    MeasuredCards cards_;
};

}  // namespace trilens

// The views of the Transformer room: one line each.
#include "demos/transformer/cost_view.h"
#include "demos/transformer/heads_view.h"
#include "demos/transformer/layer_view.h"
#include "demos/transformer/positions_view.h"
#include "demos/transformer/predict_view.h"
#include "demos/transformer/training_view.h"
#include "demos/transformer/view.h"

namespace trilens {

namespace {

template <typename ViewType>
constexpr auto make = make_view<ViewType, TransformerView, TransformerWorkbench>;

constexpr ViewEntry<TransformerView, TransformerWorkbench> views[] = {
    {"heads", Text::view_transformer_heads, Text::help_view_transformer_heads, make<TransformerHeadsView>},
    {"layer", Text::view_transformer_layer, Text::help_view_transformer_layer, make<TransformerLayerView>},
    {"positions", Text::view_transformer_positions, Text::help_view_transformer_positions, make<TransformerPositionsView>},
    {"predict", Text::view_transformer_predict, Text::help_view_transformer_predict, make<TransformerPredictView>},
    {"train", Text::view_transformer_train, Text::help_view_transformer_train, make<TransformerTrainingView>},
    {"cost", Text::view_transformer_cost, Text::help_view_transformer_cost, make<TransformerCostView>},
};

}  // namespace

std::span<const ViewEntry<TransformerView, TransformerWorkbench>> transformer_view_table() { return views; }

}  // namespace trilens

// The views of the Transformer room: one line each.
#include "demos/transformer/view.h"
#if __has_include("demos/transformer/heads_view.h")
#include "demos/transformer/heads_view.h"
#endif
#if __has_include("demos/transformer/layer_view.h")
#include "demos/transformer/layer_view.h"
#endif
#if __has_include("demos/transformer/positions_view.h")
#include "demos/transformer/positions_view.h"
#endif
#if __has_include("demos/transformer/predict_view.h")
#include "demos/transformer/predict_view.h"
#endif
#if __has_include("demos/transformer/training_view.h")
#include "demos/transformer/training_view.h"
#endif
#if __has_include("demos/transformer/cost_view.h")
#include "demos/transformer/cost_view.h"
#endif

namespace trilens {

namespace {

template <typename ViewType>
std::unique_ptr<TransformerView> make(TransformerWorkbench& bench) {
    return std::make_unique<ViewType>(bench);
}

constexpr TransformerViewEntry views[] = {
#if __has_include("demos/transformer/heads_view.h")
    {"heads", Text::view_transformer_heads, Text::help_view_transformer_heads, make<TransformerHeadsView>},
#endif
#if __has_include("demos/transformer/layer_view.h")
    {"layer", Text::view_transformer_layer, Text::help_view_transformer_layer, make<TransformerLayerView>},
#endif
#if __has_include("demos/transformer/positions_view.h")
    {"positions", Text::view_transformer_positions, Text::help_view_transformer_positions, make<TransformerPositionsView>},
#endif
#if __has_include("demos/transformer/predict_view.h")
    {"predict", Text::view_transformer_predict, Text::help_view_transformer_predict, make<TransformerPredictView>},
#endif
#if __has_include("demos/transformer/training_view.h")
    {"train", Text::view_transformer_train, Text::help_view_transformer_train, make<TransformerTrainingView>},
#endif
#if __has_include("demos/transformer/cost_view.h")
    {"cost", Text::view_transformer_cost, Text::help_view_transformer_cost, make<TransformerCostView>},
#endif
};

}  // namespace

std::span<const TransformerViewEntry> transformer_view_table() { return views; }

}  // namespace trilens

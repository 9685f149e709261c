// The views of the RNN room: one line each.
#include "demos/rnn/cost_view.h"
#include "demos/rnn/gradient_view.h"
#include "demos/rnn/predict_view.h"
#include "demos/rnn/training_view.h"
#include "demos/rnn/units_view.h"
#include "demos/rnn/unrolled_view.h"
#include "demos/rnn/view.h"

namespace trilens {

namespace {

template <typename ViewType>
constexpr auto make = make_view<ViewType, RnnView, RnnWorkbench>;

constexpr ViewEntry<RnnView, RnnWorkbench> views[] = {
    {"unrolled", Text::view_rnn_unrolled, Text::help_view_rnn_unrolled, make<UnrolledView>},
    {"gradients", Text::view_rnn_gradients, Text::help_view_rnn_gradients, make<RnnGradientView>},
    {"units", Text::view_rnn_units, Text::help_view_rnn_units, make<RnnUnitsView>},
    {"train", Text::view_rnn_train, Text::help_view_rnn_train, make<RnnTrainingView>},
    {"predict", Text::view_rnn_predict, Text::help_view_rnn_predict, make<RnnPredictView>},
    {"cost", Text::view_rnn_cost, Text::help_view_rnn_cost, make<RnnCostView>},
};

}  // namespace

std::span<const ViewEntry<RnnView, RnnWorkbench>> rnn_view_table() { return views; }

}  // namespace trilens

// The views of the CNN room: one line each.
#include "demos/cnn/cnn_room.h"
#include "demos/cnn/excitation.h"
#include "demos/cnn/layer_view.h"
#include "demos/cnn/movement.h"
#include "demos/cnn/overview.h"
#include "demos/cnn/sandbox.h"
#include "demos/cnn/training_view.h"

namespace trilens {

namespace {

template <typename ViewType>
constexpr auto make = make_view<ViewType, View, Workbench>;

constexpr ViewEntry<View, Workbench> views[] = {
    {"network", Text::view_network, Text::help_view_network, make<Overview>},
    {"layer", Text::view_layer, Text::help_view_layer, make<LayerView>},
    {"sandbox", Text::view_sandbox, Text::help_view_sandbox, make<Sandbox>},
    {"move", Text::view_move, Text::help_view_move, make<Movement>},
    {"why", Text::view_why, Text::help_view_why, make<Excitation>},
    {"train", Text::view_train, Text::help_view_train, make<TrainingView>},
};

}  // namespace

std::span<const ViewEntry<View, Workbench>> view_table() { return views; }

}  // namespace trilens

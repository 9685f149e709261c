// Read once and kept: a room may ask in every frame.
#include "demos/rnn/shipped_models.h"

#include <array>
#include <optional>

#include "demos/weights.h"
#include "engine/models/sequence_file.h"

namespace trilens {

const ShippedModel& shipped_model(RnnTask, bool chinese) {
    static std::array<std::optional<ShippedModel>, 2> models;
    std::optional<ShippedModel>& model = models[chinese ? 1u : 0u];
    if (!model) {
        SequenceFile file = read_sequence_file(weights(chinese ? "sentiment_zh" : "sentiment_en"));
        model = ShippedModel{std::move(file.model), std::move(file.vocabulary), std::move(file.metadata)};
    }
    return *model;
}

}  // namespace trilens

// Read once and kept: a room may ask in every frame.
#include "demos/rnn/shipped_models.h"

#include <map>

#include "demos/weights.h"
#include "engine/models/sequence_file.h"

namespace trilens {

const ShippedModel& shipped_model(const char* name) {
    static std::map<std::string, ShippedModel, std::less<>> models;
    const auto found = models.find(name);
    if (found != models.end()) return found->second;
    SequenceFile file = read_sequence_file(weights(name));
    return models.emplace(name, ShippedModel{std::move(file.model), std::move(file.vocabulary), std::move(file.metadata)}).first->second;
}

}  // namespace trilens

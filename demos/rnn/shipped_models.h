// The sequence models that are shipped: demos/assets/sentiment_*.safetensors and characters_*.safetensors, read when first used.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/data/tokens.h"
#include "engine/models/sequence_model.h"

namespace trilens {

struct ShippedModel {
    std::shared_ptr<SequenceModel> model;
    Vocabulary vocabulary;
    std::map<std::string, std::string> metadata;
};
// By the name of its file, as demos/weights.h has it. Throws FormatError, a sentence for the learner, where that did not come.
const ShippedModel& shipped_model(const char* name);

}  // namespace trilens

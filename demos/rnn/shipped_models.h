// The sequence models that are shipped: demos/assets/sentiment_*.safetensors and characters_*.safetensors, read when first used.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "demos/rnn/settings.h"
#include "engine/data/tokens.h"
#include "engine/models/sequence_model.h"

namespace trilens {

struct ShippedModel {
    std::shared_ptr<SequenceModel> model;
    Vocabulary vocabulary;
    std::map<std::string, std::string> metadata;
};
// Of RnnTask::sentiment or RnnTask::generate. Throws FormatError, a sentence for the learner, where its file did not come.
const ShippedModel& shipped_model(RnnTask task, bool chinese);
const char* shipped_name(RnnTask task, bool chinese);   // of its file, as demos/weights.h has it

}  // namespace trilens

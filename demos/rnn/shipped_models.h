// The sequence models that are shipped: demos/assets/sentiment_*.safetensors and characters_*.safetensors, built into the program, read when first used.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "demos/rnn/settings.h"
#include "engine/data/tokens.h"
#include "engine/models/sequence_model.h"

namespace trilens {

std::span<const uint8_t> sentiment_en_weights();
std::span<const uint8_t> sentiment_zh_weights();
std::span<const uint8_t> characters_en_weights();
std::span<const uint8_t> characters_zh_weights();

struct ShippedModel {
    std::shared_ptr<SequenceModel> model;
    Vocabulary vocabulary;
    std::map<std::string, std::string> metadata;
};
// Of RnnTask::sentiment or RnnTask::generate.
const ShippedModel& shipped_model(RnnTask task, bool chinese);

}  // namespace trilens

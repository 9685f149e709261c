// A sequence model in one file: its weights, rounded to float16, and in the metadata its plan and its vocabulary.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/data/tokens.h"
#include "engine/models/sequence_model.h"

namespace trilens {

struct SequenceFile {
    std::shared_ptr<SequenceModel> model;
    Vocabulary vocabulary;
    std::map<std::string, std::string> metadata;   // all of it, "plan" and "vocabulary" too
};

// Adds "plan" and "vocabulary" to the metadata given. The model computes with float32: what is read back is what the file holds.
std::vector<uint8_t> write_sequence_file(SequenceModel& model, const Vocabulary& vocabulary, std::map<std::string, std::string> metadata);

// Throws FormatError or ShapeError for what is no such file, naming what is wrong.
SequenceFile read_sequence_file(std::span<const uint8_t> bytes);

// "cell=lstm hidden_size=64 ...", and back (FormatError).
std::string plan_text(const SequencePlan& plan);
SequencePlan plan_from_text(const std::string& text);

}  // namespace trilens

// A Transformer in one file: its weights, rounded to float16, and in the metadata its plan and its vocabularies.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/data/tokens.h"
#include "engine/models/transformer.h"

namespace trilens {

struct TransformerFile {
    std::shared_ptr<Transformer> model;
    Vocabulary vocabulary;         // of what is read; of a model that reads vectors: the unknown token alone
    Vocabulary target_vocabulary;  // of what an encoder_decoder writes; of all others: the unknown token alone
    std::map<std::string, std::string> metadata;  // all of it, "plan", "vocabulary" and "target_vocabulary" too
};

// Adds "plan", "vocabulary" and, for an encoder_decoder, "target_vocabulary" to the metadata given. The model computes with float32: what
// is read back is what the file holds. Throws ValueError for vocabularies of other sizes than the model's.
std::vector<uint8_t> write_transformer_file(Transformer& model, const Vocabulary& vocabulary, const Vocabulary& target_vocabulary,
                                            std::map<std::string, std::string> metadata);

// Throws FormatError or ShapeError for what is no such file, naming what is wrong.
TransformerFile read_transformer_file(std::span<const uint8_t> bytes);

// "kind=encoder_decoder vocabulary=2000 d_model=96 ...", and back (FormatError).
std::string plan_text(const TransformerPlan& plan);
TransformerPlan transformer_plan_from_text(const std::string& text);

}  // namespace trilens

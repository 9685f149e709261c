// Weights by name: from a file into a model and back. A model is its parameters and buffers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/io/safetensors.h"
#include "engine/nn/layer.h"

namespace trilens {

// A model's name to the name that the file has for it: "conv1.weight" to "features.0.weight". Names that are not listed are the same.
using NameMap = std::map<std::string, std::string>;

// Copies the file's tensors into the model. All of them or nothing: throws ShapeError naming the tensor and both shapes, or FormatError
// listing what the file lacks and what it has instead. Returns the names in the file that the model has no place for.
std::vector<std::string> apply_weights(const WeightFile& file, const std::vector<Parameter*>& parameters,
                                       const std::vector<Buffer>& buffers = {}, const NameMap& names = {});

// Copies of the model's tensors under its own names.
WeightFile collect_weights(const std::vector<Parameter*>& parameters, const std::vector<Buffer>& buffers = {});

}  // namespace trilens

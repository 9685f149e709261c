// The Transformers that are shipped: demos/assets/translate.safetensors and vit.safetensors, read when first used.
#pragma once

#include "engine/models/transformer_file.h"

namespace trilens {

// "translate" or "vit". Throws FormatError, a sentence for the learner, where its file did not come.
const TransformerFile& shipped_transformer(const char* name);

}  // namespace trilens

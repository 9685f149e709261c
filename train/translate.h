// train translate: the translator of the Transformer room, from short English sentences to Chinese.
#pragma once

#include <cstdint>
#include <filesystem>

namespace trilens {

struct TranslateOptions {
    std::filesystem::path data = "../shared/data/translation", out = "demos/assets/translate.safetensors";
    uint64_t seed = 1;
    int64_t epochs = 40;
};

// cmn.txt of the folder, its short pairs. English sentences are shuffled by the seed, each with all its translations: 5 % are held back for
// the figures stated, another 5 % are looked at after each epoch. Prints a line an epoch, the figures and ten translations, and writes the
// weights.
void train_translate(const TranslateOptions& options);

}  // namespace trilens

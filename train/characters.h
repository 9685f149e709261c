// train characters: the language models of the RNN room, one a language: which character comes next?
#pragma once

#include <cstdint>
#include <filesystem>

namespace trilens {

struct CharactersOptions {
    bool chinese = false;
    std::filesystem::path data = "../shared/data/text", out;   // empty: demos/assets/characters_en or _zh.safetensors
    uint64_t seed = 1;
    int64_t epochs = 0;                                        // 0: as many as are good for the language
};

// English: Shakespeare, its last 5 % held back for the figure stated. Chinese: quatrains of the Tang in simplified characters, in an order
// drawn from the seed; the last 5 % of the poems are held back. Before them another 5 % is looked at after each epoch. Prints a line an
// epoch and writes the weights.
void train_characters(const CharactersOptions& options);

}  // namespace trilens

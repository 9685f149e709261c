// train waves: the one-dimensional network of the CNN room on curves that the engine makes itself.
#pragma once

#include <cstdint>
#include <filesystem>

namespace trilens {

struct WavesOptions {
    std::filesystem::path out = "demos/assets/waves.safetensors";
    uint64_t seed = 1;
    int64_t epochs = 12;
    int64_t samples = 24000;
};

// Trains, prints a line an epoch, writes the weights.
void train_waves(const WavesOptions& options);

}  // namespace trilens

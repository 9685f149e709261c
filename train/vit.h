// train vit: the vision Transformer of the Transformer room on MNIST.
#pragma once

#include <cstdint>
#include <filesystem>

namespace trilens {

struct VitOptions {
    std::filesystem::path data = "../shared/data/mnist", out = "demos/assets/vit.safetensors";
    uint64_t seed = 1;
    int64_t epochs = 12;
    int64_t samples = 50000;  // of MNIST's first 50,000: fewer for a quick look
};

// Trains, prints a line an epoch, writes the weights. Throws FormatError for missing or damaged data.
void train_vit(const VitOptions& options);

}  // namespace trilens

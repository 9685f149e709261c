// train digits: the network of the CNN room on MNIST.
#pragma once

#include <cstdint>
#include <filesystem>

namespace trilens {

struct DigitsOptions {
    std::filesystem::path data = "../shared/data/mnist";
    std::filesystem::path out = "demos/assets/digits.safetensors";
    uint64_t seed = 1;
    int64_t epochs = 40;
    int64_t samples = 50000;   // of MNIST's first 50,000: fewer for a quick look
};

// Trains, prints a line an epoch, writes the weights. Throws FormatError for missing or damaged data.
void train_digits(const DigitsOptions& options);

}  // namespace trilens

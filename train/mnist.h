// The pictures of MNIST that networks of digits learn from: the first 50,000 of the training file; its last 10,000 (in the order of the
// file) are only looked at.
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/data/digit_pictures.h"

namespace trilens {

inline constexpr int32_t mnist_pictures = 60000, mnist_trained = 50000;

// All 60,000, augmented in training batches as other hands would write them. Throws FormatError for missing or damaged files.
DigitPictures read_mnist(const std::filesystem::path& folder, uint64_t seed);

}  // namespace trilens

// MNIST's training file, whole.
#include "train/mnist.h"

#include <string>
#include <vector>

#include "engine/errors.h"
#include "train/files.h"

namespace trilens {
namespace {

std::vector<uint8_t> read_part(const std::filesystem::path& folder, const char* name) {
    try {
        return read_file(folder / name);
    } catch (const FormatError& error) {
        throw FormatError(std::string(error.what()) +
                          ".\nMNIST's four files are at http://yann.lecun.com/exdb/mnist, and wherever it is mirrored.\n"
                          "Put train-images-idx3-ubyte and train-labels-idx1-ubyte, compressed or not, into a folder "
                          "and name it: --data FOLDER");
    }
}

}  // namespace

DigitPictures read_mnist(const std::filesystem::path& folder, uint64_t seed) {
    const std::vector<uint8_t> pictures = read_part(folder, "train-images-idx3-ubyte"),
                               labels = read_part(folder, "train-labels-idx1-ubyte");
    DigitPictures mnist(read_idx(pictures), read_idx(labels), Augmentation{}, seed);
    if (mnist.size() != mnist_pictures)
        throw FormatError(folder.string() + " holds " + std::to_string(mnist.size()) + " pictures, expected MNIST's " +
                          std::to_string(mnist_pictures));
    return mnist;
}

}  // namespace trilens

// MNIST's first 50,000 pictures are trained on, augmented as other hands would write them, and for every ten of them one digit drawn by our
// own stroke generator; its last 10,000 (in the order of the file) are only looked at. Adam, the rate falling along half a cosine.
#include "train/digits.h"

#include <cstdio>
#include <string>
#include <vector>

#include "engine/data/strokes.h"
#include "engine/models/digits.h"
#include "train/classifier.h"
#include "train/mixture.h"
#include "train/mnist.h"

namespace trilens {
namespace {

constexpr int64_t drawn_per_picture = 10;  // one drawn digit for so many of MNIST's

}  // namespace

void train_digits(const DigitsOptions& options) {
    need_folder_of(options.out);
    const DigitPictures mnist = read_mnist(options.data, options.seed);
    const StrokeDigits drawn(options.samples / drawn_per_picture, options.seed + 1), unseen(2000, options.seed + 2);
    const Mixture data(mnist, drawn);
    Split split{numbers(0, options.samples), numbers(mnist_trained, mnist_pictures - mnist_trained)};
    const std::vector<int32_t> drawn_samples = numbers(mnist_pictures, drawn.size());
    split.training.insert(split.training.end(), drawn_samples.begin(), drawn_samples.end());

    Random random(options.seed, uint64_t{1} << 63);
    const Sequential network = digits_network(random);
    train_classifier(network, data, split, options.epochs, options.seed);

    const double on_mnist = accuracy(network, mnist, split.validation, 10),
                 on_drawn = accuracy(network, unseen, numbers(0, unseen.size()), 10);
    const std::string sum =
        write_classifier(network,
                         {{"command", "train digits --seed " + std::to_string(options.seed) + " --epochs " +
                                          std::to_string(options.epochs) + " --samples " + std::to_string(options.samples)},
                          {"data", "MNIST, pictures 0 to 49,999 of the training file; drawn digits of engine/data/strokes"},
                          {"validation_accuracy", percent(on_mnist) + " % of MNIST's training pictures 50,000 to 59,999"},
                          {"drawn_accuracy", percent(on_drawn) + " % of 2000 drawn digits not trained on"}},
                         options.out);
    std::printf("validation %s %%  drawn digits %s %%  checksum %s\nwrote %s\n", percent(on_mnist).c_str(), percent(on_drawn).c_str(),
                sum.c_str(), options.out.c_str());
}

}  // namespace trilens

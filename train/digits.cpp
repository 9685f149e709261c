// MNIST's first 50,000 pictures are trained on, augmented as other hands would write them, and for every ten of them one digit drawn by our own
// stroke generator; its last 10,000 (in the order of the file) are only looked at. Adam, the rate falling along half a cosine.
#include "train/digits.h"

#include <chrono>
#include <cstdio>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "engine/autograd/loss.h"
#include "engine/data/digit_pictures.h"
#include "engine/data/strokes.h"
#include "engine/errors.h"
#include "engine/math.h"
#include "engine/models/digits.h"
#include "engine/train/evaluation.h"
#include "engine/train/trainer.h"
#include "engine/train/weights.h"
#include "train/files.h"
#include "train/mixture.h"

namespace trilens {
namespace {

constexpr int32_t all_pictures = 60000, trained_pictures = 50000;
constexpr int64_t drawn_per_picture = 10;  // one drawn digit for so many of MNIST's
constexpr float first_rate = 2e-3f;
constexpr float last_rate = 1e-5f;

std::vector<int32_t> numbers(int64_t first, int64_t count) {
    std::vector<int32_t> out(static_cast<size_t>(count));
    std::iota(out.begin(), out.end(), static_cast<int32_t>(first));
    return out;
}

std::vector<uint8_t> read_part(const std::filesystem::path& folder, const char* name) {
    try {
        return read_file(folder / name);
    } catch (const FormatError& error) {
        throw FormatError(std::string(error.what()) +
                          ".\nMNIST's four files are at http://yann.lecun.com/exdb/mnist, and wherever it is mirrored.\n"
                          "Put train-images-idx3-ubyte and train-labels-idx1-ubyte, compressed or not, into a folder "
                          "and name it: train digits --data FOLDER");
    }
}

DigitPictures read_mnist(const std::filesystem::path& folder, uint64_t seed) {
    const std::vector<uint8_t> pictures = read_part(folder, "train-images-idx3-ubyte"),
                               labels = read_part(folder, "train-labels-idx1-ubyte");
    DigitPictures mnist(read_idx(pictures), read_idx(labels), Augmentation{}, seed);
    if (mnist.size() != all_pictures)
        throw FormatError(folder.string() + " holds " + std::to_string(mnist.size()) + " pictures, expected MNIST's " +
                          std::to_string(all_pictures));
    return mnist;
}

double accuracy(const Sequential& network, const DataSet& data, const std::vector<int32_t>& samples) {
    constexpr int64_t piece = 500;
    Evaluation evaluation(10);
    for (int64_t begin = 0; begin < static_cast<int64_t>(samples.size()); begin += piece) {
        const auto count = std::min<int64_t>(piece, static_cast<int64_t>(samples.size()) - begin);
        const Batch batch = data.batch(std::span(samples).subspan(static_cast<size_t>(begin), static_cast<size_t>(count)));
        Graph graph;
        evaluation.add(network.forward(graph.input(batch.inputs, "input")).tensor(), batch.labels, begin);
    }
    return evaluation.accuracy();
}

std::string percent(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", 100 * share);
    return text;
}

void run(Trainer& trainer, const DigitsOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    const auto last = static_cast<float>(options.epochs * trainer.steps_per_epoch());
    size_t told = 0;
    bool more = true;
    while (more) {
        const float progress = static_cast<float>(trainer.steps()) / last;
        trainer.set_rate(last_rate + (first_rate - last_rate) * 0.5f * (1.0f + math::cos(std::numbers::pi_v<float> * progress)));
        more = trainer.step([] { return false; });
        const auto snapshot = trainer.snapshot();
        if (snapshot->epochs.size() == told) continue;
        const EpochMetrics& epoch = snapshot->epochs[told++];
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        std::printf("epoch %2lld  training loss %.4f accuracy %s %%  validation loss %.4f accuracy %s %%  %.0f s\n",
                    static_cast<long long>(epoch.epoch + 1), epoch.training_loss, percent(epoch.training_accuracy).c_str(),
                    epoch.validation_loss, percent(epoch.validation_accuracy).c_str(), seconds.count());
        std::fflush(stdout);
    }
}

}  // namespace

void train_digits(const DigitsOptions& options) {
    const std::filesystem::path folder = std::filesystem::absolute(options.out).parent_path();
    if (!std::filesystem::is_directory(folder)) throw FormatError("there is no folder " + folder.string() + " to write into");
    const DigitPictures mnist = read_mnist(options.data, options.seed);
    const StrokeDigits drawn(options.samples / drawn_per_picture, options.seed + 1), unseen(2000, options.seed + 2);
    const Mixture data(mnist, drawn);
    Split split{numbers(0, options.samples), numbers(trained_pictures, all_pictures - trained_pictures)};
    const std::vector<int32_t> drawn_samples = numbers(all_pictures, drawn.size());
    split.training.insert(split.training.end(), drawn_samples.begin(), drawn_samples.end());
    const std::vector<int32_t> validation = split.validation;

    Random random(options.seed, uint64_t{1} << 63);
    Sequential network = digits_network(random);
    TrainerSettings settings;
    settings.batch = 64;
    settings.epochs = options.epochs;
    settings.seed = options.seed;
    settings.history_bytes = 0;
    const BuildLoss build = [&network](Graph& graph, const Batch& batch) {
        const Value scores = network.forward(graph.input(batch.inputs, "input"));
        return Outcome{cross_entropy(scores, batch.labels), scores};
    };
    Trainer trainer(network.parameters(), network.buffers(), build, data, split, settings);
    run(trainer, options);

    const double on_mnist = accuracy(network, mnist, validation), on_drawn = accuracy(network, unseen, numbers(0, unseen.size()));
    WeightFile file = collect_weights(network.parameters(), network.buffers());
    uint64_t sum = checksum(Tensor(Shape{0}));
    for (const auto& [name, tensor] : file.tensors) sum = checksum(tensor, sum);
    char hexadecimal[20];
    std::snprintf(hexadecimal, sizeof hexadecimal, "%016llx", static_cast<unsigned long long>(sum));
    file.metadata = {{"command", "train digits --seed " + std::to_string(options.seed) + " --epochs " + std::to_string(options.epochs) +
                                     " --samples " + std::to_string(options.samples)},
                     {"data", "MNIST, pictures 0 to 49,999 of the training file; drawn digits of engine/data/strokes"},
                     {"validation_accuracy", percent(on_mnist) + " % of MNIST's training pictures 50,000 to 59,999"},
                     {"drawn_accuracy", percent(on_drawn) + " % of 2000 drawn digits not trained on"},
                     {"checksum", hexadecimal}};
    write_file(options.out, write_safetensors(file));
    std::printf("validation %s %%  drawn digits %s %%  checksum %s\nwrote %s\n", percent(on_mnist).c_str(), percent(on_drawn).c_str(),
                hexadecimal, options.out.c_str());
}

}  // namespace trilens

// The data of the digits network (digits.cpp), as patches for a pre-norm encoder with a class token (Dosovitskiy et al. 2021).
#include "train/vit.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/data/picture_patches.h"
#include "engine/data/strokes.h"
#include "engine/train/trainer.h"
#include "train/classifier.h"
#include "train/mixture.h"
#include "train/mnist.h"

namespace trilens {
namespace {

// Found on the validation pictures.
constexpr int64_t side = 28, patch = 4, drawn_per_picture = 10, judged_at_once = 250;
constexpr float rate = 2e-3f, gradient_clip = 1;

TransformerPlan vit_plan() {
    TransformerPlan plan;
    plan.features = patch * patch;
    plan.layer = {48, 4, 12, 96};
    plan.layer.norm = TransformerLayerSettings::Norm::pre;
    plan.layer.activation = TransformerLayerSettings::Activation::gelu;
    plan.layers = 3;
    plan.positions = Positions::learned;
    plan.max_length = (side / patch) * (side / patch) + 1;
    plan.head = TransformerPlan::Head::class_token;
    plan.outputs = 10;
    return plan;
}

double accuracy(Transformer& model, const DataSet& data, const std::vector<int32_t>& samples) {
    int64_t correct = 0;
    for (size_t at = 0; at < samples.size(); at += judged_at_once) {
        const auto some = std::span(samples).subspan(at, std::min<size_t>(judged_at_once, samples.size() - at));
        const Batch batch = data.batch(some);
        Graph graph;
        const Tensor scores = model.forward(graph, batch.inputs).tensor();
        const int64_t classes = scores.extent(1);
        for (size_t i = 0; i < some.size(); ++i) {
            const float* row = scores.data() + static_cast<int64_t>(i) * classes;
            correct += std::max_element(row, row + classes) - row == batch.labels[i] ? 1 : 0;
        }
    }
    return static_cast<double>(correct) / static_cast<double>(samples.size());
}

}  // namespace

void train_vit(const VitOptions& options) {
    need_folder_of(options.out);
    const DigitPictures mnist = read_mnist(options.data, options.seed);
    const StrokeDigits drawn(options.samples / drawn_per_picture, options.seed + 1), unseen(2000, options.seed + 2);
    const Mixture pictures(mnist, drawn);
    const PatchedPictures data(pictures, patch), unseen_patches(unseen, patch);
    Split split{numbers(0, options.samples), numbers(mnist_trained, mnist_pictures - mnist_trained)};
    const std::vector<int32_t> drawn_samples = numbers(mnist_pictures, drawn.size());
    split.training.insert(split.training.end(), drawn_samples.begin(), drawn_samples.end());

    Random random(options.seed, uint64_t{1} << 63);
    Transformer model(vit_plan(), random);
    TrainerSettings settings;
    settings.batch = 64;
    settings.epochs = options.epochs;
    settings.seed = options.seed;
    settings.clip = gradient_clip;
    settings.history_bytes = 0;
    Trainer trainer(
        model.parameters(), {}, [&](Graph& graph, const Batch& batch) { return model.loss(graph, batch); }, data, split, settings);
    run_along_cosine(trainer, options.epochs, rate);

    std::map<std::string, std::string> metadata{
        {"command", "train vit --seed " + std::to_string(options.seed) + " --epochs " + std::to_string(options.epochs) + " --samples " +
                        std::to_string(options.samples)},
        {"data", "MNIST, pictures 0 to 49,999 of the training file; drawn digits of engine/data/strokes"},
        {"patch", std::to_string(patch)}};
    // What is stated is what the file holds, rounded to float16.
    const TransformerFile rounded = read_transformer_file(write_transformer_file(model, {}, {}, metadata));
    metadata["accuracy"] =
        percent(accuracy(*rounded.model, data, split.validation)) + " % of MNIST's training pictures 50,000 to 59,999, " +
        percent(accuracy(*rounded.model, unseen_patches, numbers(0, unseen.size()))) + " % of 2000 drawn digits not trained on";
    const std::string sum = write_transformer(model, {}, {}, metadata, options.out);
    std::printf("%s\nchecksum %s\nwrote %s\n", metadata["accuracy"].c_str(), sum.c_str(), options.out.c_str());
}

}  // namespace trilens

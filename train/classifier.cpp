// One way of training, evaluating and writing for all networks.
#include "train/classifier.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <numeric>

#include "engine/autograd/loss.h"
#include "engine/errors.h"
#include "engine/math.h"
#include "engine/train/evaluation.h"
#include "engine/train/weights.h"
#include "train/files.h"

namespace trilens {
namespace {

constexpr float first_rate = 2e-3f;

std::string write_with_checksum(const WeightFile& file, const std::function<std::vector<uint8_t>(const std::string&)>& bytes,
                                const std::filesystem::path& path) {
    uint64_t sum = checksum(Tensor(Shape{0}));
    for (const auto& [name, tensor] : file.tensors) sum = checksum(tensor, sum);
    char hexadecimal[20];
    std::snprintf(hexadecimal, sizeof hexadecimal, "%016llx", static_cast<unsigned long long>(sum));
    write_file(path, bytes(hexadecimal));
    return hexadecimal;
}

}  // namespace

void run_along_cosine(Trainer& trainer, int64_t epochs, float first_rate, const std::function<std::string()>& more_to_tell) {
    constexpr float last_rate = 1e-5f;
    const auto start = std::chrono::steady_clock::now();
    const auto last = static_cast<float>(epochs * trainer.steps_per_epoch());
    int64_t told = 0;
    bool more = true;
    while (more) {
        const float progress = static_cast<float>(trainer.steps()) / last;
        trainer.set_rate(last_rate + (first_rate - last_rate) * 0.5f * (1.0f + math::cos(std::numbers::pi_v<float> * progress)));
        more = trainer.step_once();
        if (trainer.validating() || trainer.epoch() == told) continue;
        trainer.publish();
        const EpochMetrics epoch = trainer.snapshot()->epochs[static_cast<size_t>(told++)];
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        const auto of = [](double accuracy) { return std::isnan(accuracy) ? std::string() : " accuracy " + percent(accuracy) + " %"; };
        std::printf("epoch %2lld  training loss %.4f%s  validation loss %.4f%s  %.0f s\n", static_cast<long long>(epoch.epoch + 1),
                    epoch.training_loss, of(epoch.training_accuracy).c_str(), epoch.validation_loss, of(epoch.validation_accuracy).c_str(),
                    seconds.count());
        if (more_to_tell) std::printf("          %s\n", more_to_tell().c_str());
        std::fflush(stdout);
    }
}

std::vector<int32_t> numbers(int64_t first, int64_t count) {
    std::vector<int32_t> out(static_cast<size_t>(count));
    std::iota(out.begin(), out.end(), static_cast<int32_t>(first));
    return out;
}

std::string percent(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", 100 * share);
    return text;
}

void train_classifier(const Sequential& network, const DataSet& data, const Split& split, int64_t epochs, uint64_t seed) {
    TrainerSettings settings;
    settings.batch = 64;
    settings.epochs = epochs;
    settings.seed = seed;
    settings.history_bytes = 0;
    const BuildLoss build = [&network](Graph& graph, const Batch& batch) {
        const Value scores = network.forward(graph.input(batch.inputs, "input"));
        return Outcome{cross_entropy(scores, batch.labels), scores};
    };
    Trainer trainer(network.parameters(), network.buffers(), build, data, split, settings);
    run_along_cosine(trainer, epochs, first_rate);
}

double accuracy(const Sequential& network, const DataSet& data, const std::vector<int32_t>& samples, int32_t classes) {
    constexpr int64_t piece = 500;
    Evaluation evaluation(classes);
    for (int64_t begin = 0; begin < static_cast<int64_t>(samples.size()); begin += piece) {
        const auto count = std::min<int64_t>(piece, static_cast<int64_t>(samples.size()) - begin);
        const Batch batch = data.batch(std::span(samples).subspan(static_cast<size_t>(begin), static_cast<size_t>(count)));
        Graph graph;
        evaluation.add(network.forward(graph.input(batch.inputs, "input")).tensor(), batch.labels, begin);
    }
    return evaluation.accuracy();
}

std::string write_classifier(const Sequential& network, std::map<std::string, std::string> metadata, const std::filesystem::path& path) {
    WeightFile file = collect_weights(network.parameters(), network.buffers());
    return write_with_checksum(
        file,
        [&](const std::string& sum) {
            metadata["checksum"] = sum;
            file.metadata = metadata;
            return write_safetensors(file);
        },
        path);
}

std::string write_sequence(SequenceModel& model, const Vocabulary& vocabulary, std::map<std::string, std::string> metadata,
                           const std::filesystem::path& path) {
    const SequenceFile rounded = read_sequence_file(write_sequence_file(model, vocabulary, metadata));
    return write_with_checksum(
        collect_weights(rounded.model->parameters()),
        [&](const std::string& sum) {
            metadata["checksum"] = sum;
            return write_sequence_file(model, vocabulary, metadata);
        },
        path);
}

std::string write_transformer(Transformer& model, const Vocabulary& vocabulary, const Vocabulary& target_vocabulary,
                              std::map<std::string, std::string> metadata, const std::filesystem::path& path) {
    const TransformerFile rounded = read_transformer_file(write_transformer_file(model, vocabulary, target_vocabulary, metadata));
    return write_with_checksum(
        collect_weights(rounded.model->parameters()),
        [&](const std::string& sum) {
            metadata["checksum"] = sum;
            return write_transformer_file(model, vocabulary, target_vocabulary, metadata);
        },
        path);
}

void need_folder_of(const std::filesystem::path& file) {
    const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    if (!std::filesystem::is_directory(folder)) throw FormatError("there is no folder " + folder.string() + " to write into");
}

}  // namespace trilens

// Curriculum RA, trained here and by PyTorch 1.13 (tests/golden/make_sum.py) on the same numbers from the same weights in the same order.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <string>

#include "engine/data/number_sums.h"
#include "engine/io/safetensors.h"
#include "engine/models/sequence_model.h"
#include "engine/parallel.h"
#include "engine/train/trainer.h"
#include "tests/engine/gradient_check.h"

using namespace trilens;

namespace {

constexpr int32_t training_samples = 700, samples = 1000;

std::map<std::string, Tensor> read_golden() {
    std::ifstream file(TRILENS_GOLDEN_DIR "/sum_training.safetensors", std::ios::binary);
    REQUIRE(file.good());
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return read_safetensors(bytes).tensors;
}

// PyTorch's samples. A Trainer shuffles by itself: which samples it asks for does not matter here, it is given those of PyTorch's batch.
class GivenOrder : public DataSet {
public:
    explicit GivenOrder(const std::map<std::string, Tensor>& golden)
        : inputs_(golden.at("inputs")), labels_(golden.at("labels")), order_(golden.at("order")) {}

    int64_t size() const override { return samples; }
    Batch batch(std::span<const int32_t> wanted) const override {
        Batch out{Tensor(Shape{static_cast<int64_t>(wanted.size()), 10, 1}), {}, {}};
        float* to = out.inputs.data();
        for (const int32_t sample : wanted) {
            to = std::copy_n(inputs_.data() + sample * 10, 10, to);
            out.labels.push_back(static_cast<int32_t>(labels_.data()[sample]));
        }
        return out;
    }
    Batch training_batch(std::span<const int32_t> asked, int64_t epoch) const override {
        std::vector<int32_t> given;
        for (size_t i = 0; i < asked.size(); ++i, ++used_) given.push_back(static_cast<int32_t>(order_.data()[used_]));
        REQUIRE(used_ <= (epoch + 1) * training_samples);
        return batch(given);
    }

private:
    Tensor inputs_, labels_, order_;
    mutable int64_t used_ = 0;
};

}  // namespace

TEST_CASE("ten epochs of curriculum RA have PyTorch's losses and accuracies, and its weights in the end") {
    const auto golden = read_golden();
    SequencePlan plan;
    plan.cell = Cell::rnn_relu;
    Random random(1);
    SequenceModel model(plan, random);
    for (Parameter* parameter : model.parameters()) parameter->value = golden.at("param." + parameter->name).clone();
    const GivenOrder data(golden);
    Split split;
    split.training.resize(training_samples);
    split.validation.resize(samples - training_samples);
    std::iota(split.training.begin(), split.training.end(), 0);
    std::iota(split.validation.begin(), split.validation.end(), training_samples);
    Trainer trainer(model.parameters(), {}, [&](Graph& graph, const Batch& batch) { return model.loss(graph, batch); }, data, split, {});
    while (trainer.step([] { return true; })) continue;
    const auto result = trainer.snapshot();
    REQUIRE(result->epochs.size() == 10);
    for (size_t epoch = 0; epoch < 10; ++epoch) {
        INFO("epoch ", epoch);
        const EpochMetrics& mine = result->epochs[epoch];
        const auto theirs = [&](const char* curve) { return static_cast<double>(golden.at(curve).data()[epoch]); };
        // PyTorch's own float32 and float64 agree to 1e-6 in this run.
        CHECK(mine.training_loss == doctest::Approx(theirs("training_loss")).epsilon(1e-5));
        CHECK(mine.validation_loss == doctest::Approx(theirs("validation_loss")).epsilon(1e-5));
        CHECK(mine.training_accuracy == doctest::Approx(theirs("training_accuracy")).epsilon(1e-6));
        CHECK(mine.validation_accuracy == doctest::Approx(theirs("validation_accuracy")).epsilon(1e-6));
    }
    for (const Parameter* parameter : model.parameters()) {
        const Tensor& theirs = golden.at("trained." + parameter->name);
        REQUIRE(theirs.shape() == parameter->value.shape());
        for (int64_t i = 0; i < theirs.elements(); ++i)
            CHECK_MESSAGE(std::abs(parameter->value.data()[i] - theirs.data()[i]) < 1e-4f, parameter->name << " element " << i);
    }
}

TEST_CASE("the learner's own curriculum RA ends well, with the same bits for every number of threads") {
    const int before = threads();
    const NumberSums data;
    std::vector<Tensor> first;
    for (const int count : {1, 2, 3}) {
        set_threads(count);
        SequencePlan plan;
        plan.cell = Cell::rnn_relu;
        Random random(1);
        SequenceModel model(plan, random);
        TrainerSettings settings;
        settings.history_bytes = 0;
        Trainer trainer(
            model.parameters(), {}, [&](Graph& graph, const Batch& batch) { return model.loss(graph, batch); }, data,
            random_split(data.size(), 0.3, 1), settings);
        while (trainer.step([] { return true; })) continue;
        const auto result = trainer.snapshot();
        CHECK(result->epochs.back().validation_accuracy > 0.85);
        CHECK(result->epochs.back().validation_loss < 0.4);
        if (first.empty()) first = result->weights;
        for (size_t i = 0; i < first.size(); ++i) CHECK_MESSAGE(checks::same_bits(first[i], result->weights[i]), result->names[i]);
    }
    set_threads(before);
}

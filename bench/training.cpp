// A Trainer without history, run one batch at a time.
#include "bench/training.h"

#include <algorithm>

#include "engine/autograd/loss.h"
#include "engine/data/strokes.h"
#include "engine/models/digits.h"
#include "engine/train/trainer.h"

namespace trilens::bench {
namespace {

// A data set that was made before.
class InMemory : public DataSet {
public:
    explicit InMemory(const DataSet& data) {
        for (int32_t i = 0; i < data.size(); ++i) samples_.push_back(data.batch(std::span(&i, 1)));
    }
    int64_t size() const override { return static_cast<int64_t>(samples_.size()); }
    Batch batch(std::span<const int32_t> wanted) const override {
        Batch batch;
        batch.inputs = Tensor::uninitialized(Shape{static_cast<int64_t>(wanted.size()), 1, 28, 28});
        float* to = batch.inputs.data();
        for (const int32_t sample : wanted) {
            const Batch& from = samples_[static_cast<size_t>(sample)];
            to = std::ranges::copy(from.inputs.values(), to).out;
            batch.labels.push_back(from.labels[0]);
        }
        return batch;
    }

private:
    std::vector<Batch> samples_;
};

}  // namespace

struct TrainingStep::Run {
    Random random{1};
    Sequential network = digits_network(random);
    std::unique_ptr<DataSet> data;
    std::unique_ptr<Trainer> trainer;

    Run(int64_t batch, Data kind) {
        data = std::make_unique<StrokeDigits>(20 * batch, 1);
        if (kind == Data::in_memory) data = std::make_unique<InMemory>(*data);
        TrainerSettings settings;
        settings.batch = batch;
        settings.epochs = 1000000;
        settings.history_bytes = 0;
        const auto loss = [this](Graph& graph, const Batch& samples) {
            const Value scores = network.forward(graph.input(samples.inputs, "input"));
            return Outcome{cross_entropy(scores, samples.labels), scores};
        };
        trainer =
            std::make_unique<Trainer>(network.parameters(), network.buffers(), loss, *data, random_split(data->size(), 0, 1), settings);
    }
};

TrainingStep::TrainingStep(int64_t batch, Data data) : run_(std::make_unique<Run>(batch, data)) {}
TrainingStep::~TrainingStep() = default;

// Four at a time: what is published at the end of each call is not part of a step.
void TrainingStep::run() {
    int left = 4;
    run_->trainer->step([&] { return --left > 0; });
}

}  // namespace trilens::bench

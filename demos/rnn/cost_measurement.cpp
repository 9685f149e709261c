// The best of several runs: others on the machine can only make one slower.
#include "demos/rnn/cost_measurement.h"

#include <algorithm>
#include <chrono>

#include "engine/nn/conv2d.h"
#include "engine/nn/multi_head_attention.h"
#include "engine/nn/recurrent_layer.h"
#include "engine/parallel.h"

namespace trilens {

namespace {

constexpr int least_runs = 3, most_runs = 12;
constexpr double enough_milliseconds = 8;

double milliseconds_now() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Tensor noise(const Shape& shape) {
    Random random(1);
    Tensor out = Tensor::uninitialized(shape);
    for (float& value : out.values()) value = random.uniform(-1, 1);
    return out;
}

template <typename Run>
float best_milliseconds(Run run) {
    double best = 1e30, spent = 0;
    for (int i = 0; i < most_runs && (i < least_runs || spent < enough_milliseconds); ++i) {
        const double start = milliseconds_now();
        run();
        const double each = milliseconds_now() - start;
        best = std::min(best, each);
        spent += each;
    }
    return static_cast<float>(std::max(best, 1e-4));   // below the clock's resolution
}

}  // namespace

struct CostMeasurement::Layers {
    Random random{1};
    RecurrentLayer recurrent{"", Cell::rnn_tanh, width, width, 1, random};
    Conv2d convolution;
    MultiHeadAttention attention;

    Layers() : convolution("conv", over_time(), random), attention("attention.", AttentionSizes{width, 4, width / 4}, random) {}
    static Conv2dSettings over_time() {
        Conv2dSettings settings{width, width, 1, 3, {}};
        settings.options.padding_width = 1;
        return settings;
    }

    void run(SequenceLayer layer, int64_t length) {
        Graph graph;
        switch (layer) {
        case SequenceLayer::recurrent: recurrent.forward(graph.input(noise(Shape{length, width}), "x")); break;
        case SequenceLayer::convolution: convolution.forward(graph.input(noise(Shape{1, width, 1, length}), "x")); break;
        case SequenceLayer::attention: attention.self(graph.input(noise(Shape{length, width}), "x")); break;
        }
    }
};

CostMeasurement::CostMeasurement() : layers_(std::make_unique<Layers>()), threads_(trilens::threads()) {}
CostMeasurement::~CostMeasurement() = default;

std::vector<float> CostMeasurement::lengths() {
    std::vector<float> all;
    for (int64_t length = shortest; length <= longest; length *= 2) all.push_back(static_cast<float>(length));
    return all;
}

bool CostMeasurement::step() {
    if (complete()) return false;
    const std::vector<float> all = lengths();
    const auto layer = static_cast<SequenceLayer>(next_ % static_cast<int64_t>(sequence_layer_count));
    const int64_t rest = next_ / static_cast<int64_t>(sequence_layer_count);
    const bool all_threads = rest % 2 == 1;
    const auto length = static_cast<int64_t>(all[static_cast<size_t>(rest / 2)]);
    std::optional<OneThread> alone;
    if (!all_threads) alone.emplace();
    times_[static_cast<size_t>(layer)][all_threads ? 1 : 0].push_back(best_milliseconds([&] { layers_->run(layer, length); }));
    ++next_;
    return !complete();
}

std::optional<double> CostMeasurement::growth(SequenceLayer layer) const {
    const std::vector<float>& times = milliseconds(layer, false);
    if (times.size() < lengths().size()) return std::nullopt;
    return static_cast<double>(times.back()) / static_cast<double>(times[times.size() - 2]);
}

std::optional<double> CostMeasurement::speed_up(SequenceLayer layer) const {
    if (milliseconds(layer, true).size() < lengths().size()) return std::nullopt;
    return static_cast<double>(milliseconds(layer, false).back()) / static_cast<double>(milliseconds(layer, true).back());
}

}  // namespace trilens

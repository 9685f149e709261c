// Short lengths first, so that curves grow from the left; the layers take turns, so that a busy moment of the machine hits all.
#include "demos/cost/measurement.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "engine/autograd/conv.h"
#include "engine/errors.h"
#include "engine/nn/multi_head_attention.h"
#include "engine/nn/recurrent_layer.h"
#include "engine/parallel.h"

namespace trilens {

namespace {

constexpr int64_t kernel = 3;   // steps that the convolution looks at
constexpr int64_t lengths_limit = 1 << 16;

CostPlan checked(CostPlan plan) {
    if (plan.width < 1) throw ValueError("cost: a width of " + std::to_string(plan.width) + ", expected at least 1");
    if (plan.rounds < 1) throw ValueError("cost: " + std::to_string(plan.rounds) + " rounds, expected at least 1");
    if (plan.lengths.empty()) throw ValueError("cost: no lengths, expected at least one");
    int64_t before = 0;
    for (const int64_t length : plan.lengths) {
        if (length <= before || length > lengths_limit)
            throw ValueError("cost: a length of " + std::to_string(length) + " after " + std::to_string(before) +
                             ", expected ascending ones up to " + std::to_string(lengths_limit));
        before = length;
    }
    return plan;
}

Tensor drawn(Shape shape, Random& random, float most) {
    Tensor out(std::move(shape));
    for (float& value : out.values()) value = random.uniform(-most, most);
    return out;
}

}  // namespace

size_t CostCurves::at(CostLayer layer, CostPass pass, CostThreads on, size_t length) const {
    const size_t two = threads > 1 && on == CostThreads::all ? 1 : 0;
    return ((static_cast<size_t>(layer) * 2 + static_cast<size_t>(pass)) * 2 + two) * plan.lengths.size() + length;
}

std::optional<double> CostCurves::doubling(CostLayer layer, CostPass pass, CostThreads on) const {
    const auto half = std::ranges::find(plan.lengths, plan.lengths.back() / 2);
    if (half == plan.lengths.end()) return std::nullopt;
    const double less = of(layer, pass, on, static_cast<size_t>(half - plan.lengths.begin()));
    const double more = of(layer, pass, on, plan.lengths.size() - 1);
    return less > 0 && more > 0 ? std::optional(more / less) : std::nullopt;
}

std::optional<double> CostCurves::speed_up(CostLayer layer, CostPass pass, size_t length) const {
    const double one = of(layer, pass, CostThreads::one, length), all = of(layer, pass, CostThreads::all, length);
    return threads > 1 && one > 0 && all > 0 ? std::optional(one / all) : std::nullopt;
}

int64_t multiply_adds(const CostPlan& plan, CostLayer layer, int64_t length) {
    const int64_t square = plan.width * plan.width;
    switch (layer) {
    case CostLayer::recurrent: return length * 2 * static_cast<int64_t>(gate_names(plan.cell).size()) * square;
    case CostLayer::convolution: return length * kernel * square;
    case CostLayer::attention: break;
    }
    return length * 4 * square + 2 * length * length * plan.width;
}

struct CostMeasurement::Layers {
    explicit Layers(const CostPlan& plan, Random random = Random(1))
        : recurrent("", plan.cell, plan.width, plan.width, 1, random),
          attention("attention.", {.d_model = plan.width, .num_heads = 1, .key_size = plan.width}, random),
          kernel_weight{"weight", drawn({plan.width, plan.width, 1, kernel}, random, 0.1f), {}},
          kernel_bias{"bias", Tensor(Shape{plan.width}), {}} {
        for (const int64_t length : plan.lengths) sequences.push_back(drawn({length, plan.width}, random, 1));
    }

    // Gradients go on to the layer below, as they do within a network.
    Value forward(Graph& graph, CostLayer layer, size_t length) {
        const Tensor& sequence = sequences[length];
        if (layer == CostLayer::recurrent) return recurrent.forward(graph.input(sequence, "x", true));
        if (layer == CostLayer::attention) return attention.self(graph.input(sequence, "x", true));
        const Value picture = graph.input(sequence.reshaped({1, sequence.extent(1), 1, sequence.extent(0)}), "x", true);
        return conv2d(picture, graph.parameter(kernel_weight), graph.parameter(kernel_bias), {.padding_width = kernel / 2});
    }

    RecurrentLayer recurrent;
    MultiHeadAttention attention;
    Parameter kernel_weight, kernel_bias;
    std::vector<Tensor> sequences;   // [T, width]
};

CostMeasurement::CostMeasurement(CostPlan plan) {
    curves_.plan = checked(std::move(plan));
    curves_.threads = threads();
    layers_ = std::make_unique<Layers>(curves_.plan);
    for (size_t length = 0; length < curves_.plan.lengths.size(); ++length)
        for (const CostPass pass : {CostPass::forward, CostPass::both})
            for (const CostThreads on : {CostThreads::one, CostThreads::all})
                for (const CostLayer layer : {CostLayer::recurrent, CostLayer::convolution, CostLayer::attention})
                    if (on == CostThreads::one || curves_.threads > 1) order_.push_back({layer, pass, on, length});
    curves_.total = static_cast<int64_t>(order_.size()) * curves_.plan.rounds;
    curves_.bytes.assign(cost_layer_count * curves_.plan.lengths.size(), 0);
    curves_.milliseconds.assign(cost_layer_count * 4 * curves_.plan.lengths.size(), 0.0);
}

CostMeasurement::~CostMeasurement() = default;

// Weights are not counted: they are there once, whatever the length.
void CostMeasurement::note_bytes(const Graph& graph, const Measurement& what) {
    int64_t elements = 0;
    for (int node = 0; node < graph.size(); ++node)
        if (graph.node(node).operation != "parameter") elements += graph.node(node).value.elements();
    curves_.bytes[static_cast<size_t>(what.layer) * curves_.plan.lengths.size() + what.length] =
        elements * static_cast<int64_t>(sizeof(float));
}

double CostMeasurement::milliseconds_of(const Measurement& what) {
    using clock = std::chrono::steady_clock;
    std::optional<OneThread> alone;
    if (what.on == CostThreads::one) alone.emplace();
    const Tensor ones = [&] {
        Graph first;
        const Shape shape = layers_->forward(first, what.layer, what.length).shape();
        note_bytes(first, what);
        return Tensor::full(shape, 1);
    }();   // also warms the caches
    int64_t passes = 0;
    double spent = 0;
    const auto start = clock::now();
    // The clock of a browser may stand still for a while: until it moved, there is no measurement.
    while (spent < curves_.plan.least_milliseconds || spent <= 0) {
        Graph graph;
        const Value out = layers_->forward(graph, what.layer, what.length);
        if (what.pass == CostPass::both) graph.backward(out, ones);
        ++passes;
        spent = std::chrono::duration<double, std::milli>(clock::now() - start).count();
    }
    return spent / static_cast<double>(passes);
}

void CostMeasurement::measure(const Measurement& what) {
    const double now = milliseconds_of(what);
    double& best = curves_.milliseconds[curves_.at(what.layer, what.pass, what.on, what.length)];
    best = best > 0 ? std::min(best, now) : now;
    ++curves_.done;
}

bool CostMeasurement::step(const Budget& budget) {
    while (!curves_.complete()) {
        measure(order_[static_cast<size_t>(curves_.done) % order_.size()]);
        published_.publish(std::make_shared<const CostCurves>(curves_));
        if (!budget()) break;
    }
    return !curves_.complete();
}

}  // namespace trilens

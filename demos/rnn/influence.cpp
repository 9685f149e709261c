// Where elements are held, their steps would move with the missing one: then each step is left out in a pass of its own.
#include "demos/rnn/influence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/autograd/recurrent.h"

namespace trilens {

namespace {

constexpr int64_t steps_at_once = 1024;   // of a batch: about a millisecond natively
constexpr int64_t most_at_once = 32;      // sequences

}  // namespace

float InfluenceResult::change(int64_t step) const {
    return step < static_cast<int64_t>(without.size()) ? with_all - without[static_cast<size_t>(step)] : 0;
}

std::vector<float> InfluenceResult::changes() const {
    std::vector<float> all(static_cast<size_t>(steps));
    for (int64_t step = 0; step < steps; ++step) all[static_cast<size_t>(step)] = change(step);
    return all;
}

std::vector<int64_t> InfluenceResult::strongest(size_t most) const {
    std::vector<int64_t> order(without.size());
    std::iota(order.begin(), order.end(), int64_t{0});
    std::ranges::sort(order, [this](int64_t a, int64_t b) {
        const float x = std::fabs(change(a)), y = std::fabs(change(b));
        return x != y ? x > y : a < b;
    });
    if (order.size() > most) order.resize(most);
    return order;
}

class Influence::Work : public Job {
public:
    Work(std::shared_ptr<SequenceModel> model, Tensor sequence, std::vector<Held> held)
        : model_(std::move(model)), sequence_(std::move(sequence)), held_(std::move(held)) {
        result_.steps = sequence_.extent(0);
    }

    bool step(const Budget& budget) override {
        while (!result_.complete()) {
            if (result_.without.empty()) compute_with_all();
            if (held_.empty() && result_.steps > 1) compute_shorter();
            else compute_skipped();
            published_.publish(std::make_shared<const InfluenceResult>(result_));
            if (!budget()) break;
        }
        return !result_.complete();
    }
    std::shared_ptr<const InfluenceResult> take() { return published_.take(); }

private:
    // The probabilities (or the number) after the last step of each sequence of a batch.
    Tensor answers(const Tensor& inputs, const SequenceLook& look) {
        Graph graph;
        const Value scores = model_->forward(graph, inputs, look);
        const Tensor all = model_->plan().regression ? scores.tensor() : graph.find("probabilities").tensor();
        const int64_t width = all.shape()[-1], sequences = inputs.rank() > sequence_.rank() ? inputs.extent(0) : 1;
        return all.reshaped(Shape{all.elements() / width, width}).rows(all.elements() / width - sequences, sequences);
    }
    float of_answer(const Tensor& answers, int64_t sequence) const {
        return answers.data()[sequence * answers.extent(1) + std::max(result_.answer, 0)];
    }

    void compute_with_all() {
        const Tensor all = answers(sequence_, {.held = held_});
        if (!model_->plan().regression)
            result_.answer = static_cast<int32_t>(std::ranges::max_element(all.values()) - all.values().begin());
        result_.with_all = of_answer(all, 0);
    }

    void compute_shorter() {
        const auto first = static_cast<int64_t>(result_.without.size()), steps = result_.steps, width = sequence_.elements() / steps;
        const int64_t count = std::min(std::clamp<int64_t>(steps_at_once / steps, 1, most_at_once), steps - first);
        std::vector<int64_t> extents{count, steps - 1};
        if (sequence_.rank() == 2) extents.push_back(width);
        Tensor inputs = Tensor::uninitialized(Shape(std::span<const int64_t>(extents)));
        for (int64_t n = 0; n < count; ++n) {
            float* to = inputs.data() + n * (steps - 1) * width;
            to = std::copy_n(sequence_.data(), (first + n) * width, to);
            std::copy_n(sequence_.data() + (first + n + 1) * width, (steps - 1 - first - n) * width, to);
        }
        const Tensor all = answers(inputs, {});
        for (int64_t n = 0; n < count; ++n) result_.without.push_back(of_answer(all, n));
    }

    void compute_skipped() {
        const auto step = static_cast<int64_t>(result_.without.size());
        result_.without.push_back(of_answer(answers(sequence_, {.skipped = {step}, .held = held_}), 0));
    }

    std::shared_ptr<SequenceModel> model_;
    Tensor sequence_;   // [T] or [T, F]
    std::vector<Held> held_;
    InfluenceResult result_;
    Published<InfluenceResult> published_;
};

void Influence::ask(const RnnWorkbench& bench) {
    if (version_ == bench.version()) return;
    version_ = bench.version();
    if (bench.steps() == 0 || bench.steps() > longest) {
        asked_.reset();
        work_ = nullptr;
        latest_ = nullptr;
        return;
    }
    Question question{bench.model(), bench.weights_version(), checksum(bench.sequence()), bench.look().held};
    if (asked_ == question) return;
    asked_ = std::move(question);
    work_ = std::make_shared<Work>(bench.copy(bench.cell()), bench.sequence().clone(), asked_->held);
    latest_ = nullptr;
}

std::shared_ptr<Job> Influence::job() const { return work_; }

void Influence::update() {
    if (!work_) return;
    if (auto now = work_->take()) latest_ = std::move(now);
    if (latest_ && latest_->complete()) work_ = nullptr;
}

bool Influence::step(const Budget& budget) {
    if (work_) work_->step(budget);
    update();
    return work_ != nullptr;
}

}  // namespace trilens

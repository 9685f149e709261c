// Three kinds of pieces take turns, so that everything on screen grows at once: a row of the occlusion map, a batch of training pictures, a
// step of gradient ascent.
#include "demos/cnn/excitation_job.h"

#include <algorithm>
#include <utility>

namespace trilens {

namespace {

constexpr int64_t patches_kept = 9, search_batch = 16;

const Budget one_piece = [] { return false; };

}  // namespace

struct ExcitationWork::Pictures {
    std::shared_ptr<const DataSet> data;
    std::vector<int32_t> samples;
    std::vector<Tensor> batches;
    std::vector<int32_t> labels;

    // Made once: the generator draws each picture anew. Asked for batch by batch, in order.
    Tensor batch(int64_t begin, int64_t count) {
        const auto at = static_cast<size_t>(begin / search_batch);
        if (at == batches.size()) {
            const Batch made = data->batch(std::span(samples).subspan(static_cast<size_t>(begin), static_cast<size_t>(count)));
            batches.push_back(made.inputs);
            labels.insert(labels.end(), made.labels.begin(), made.labels.end());
        }
        return batches.at(at);
    }
};

// What is known of one layer.
struct ExcitationWork::Study {
    LayerOrder order;
    std::optional<TopPatches> top;
    std::vector<ActivationMaximization> climbs;
    std::vector<float> first;  // activation of the noise that each began with
    bool searching = false;

    bool climbed(size_t unit) const { return climbs[unit].done() == AscentSettings{}.steps; }
};

class ExcitationWork::Turns : public Job {
public:
    explicit Turns(std::shared_ptr<ExcitationWork> work) : work_(std::move(work)) {}
    bool step(const Budget& budget) override { return work_->step(budget); }

private:
    std::shared_ptr<ExcitationWork> work_;
};

void ExcitationWork::order(AnswerOrder answer) {
    std::lock_guard lock(order_mutex_);
    new_answer_ = std::move(answer);
    if (std::exchange(idle_, false)) job_.reset();
}

void ExcitationWork::order(LayerOrder layer) {
    std::lock_guard lock(order_mutex_);
    new_layer_ = std::move(layer);
    if (std::exchange(idle_, false)) job_.reset();
}

// A job that said it was done stays done for the worker: the next order makes another one. The worker alone keeps it, as it keeps this.
std::shared_ptr<Job> ExcitationWork::job() {
    std::lock_guard lock(order_mutex_);
    if (idle_) return nullptr;
    std::shared_ptr<Job> job = job_.lock();
    if (!job) job_ = job = std::make_shared<Turns>(shared_from_this());
    return job;
}

bool ExcitationWork::done() {
    std::lock_guard lock(order_mutex_);
    if (new_answer_ || new_layer_) return false;
    idle_ = true;
    return true;
}

bool ExcitationWork::step(const Budget& budget) {
    std::lock_guard lock(work_mutex_);
    do {
        take_orders();
        bool worked = false;
        for (int tries = 0; tries < 3 && !worked; ++tries) {
            const int turn = turn_++ % 3;
            worked = turn == 0 ? cover() : turn == 1 ? search() : climb();
        }
        if (!worked && done()) return false;
    } while (budget());
    return true;
}

void ExcitationWork::take_orders() {
    std::optional<AnswerOrder> answer;
    std::optional<LayerOrder> layer;
    {
        std::lock_guard lock(order_mutex_);
        answer = std::exchange(new_answer_, std::nullopt);
        layer = std::exchange(new_layer_, std::nullopt);
    }
    if (answer) {
        answer_ = std::move(*answer);
        occlusion_.emplace(answer_.forward, "logits", answer_.picture, answer_.settings);
        covering_ = true;
        turn_ = 0;  // what the learner just drew comes first
    }
    if (!layer) return;
    if (!study_ || study_->order.key != layer->key) {
        studies_.clear();
        if (!pictures_ || pictures_->data != layer->data)
            pictures_ = std::make_shared<Pictures>(Pictures{layer->data, layer->samples, {}, {}});
    }
    std::shared_ptr<Study>& study = studies_[layer->layer];
    if (!study) {
        study = std::make_shared<Study>();
        study->order = std::move(*layer);
        const LayerOrder& order = study->order;
        study->searching = order.data != nullptr && !order.samples.empty();
        const auto pictures = [kept = pictures_](int64_t begin, int64_t count) { return kept->batch(begin, count); };
        if (study->searching)
            study->top.emplace(order.forward, order.layer, pictures, static_cast<int64_t>(order.samples.size()), patches_kept,
                               search_batch);
        AscentSettings ascent;
        ascent.low = order.low;
        ascent.high = order.high;
        for (int64_t unit = 0; unit < order.units; ++unit)
            study->climbs.emplace_back(order.forward, Unit{order.layer, unit}, order.picture, ascent);
        study->first.resize(study->climbs.size());
    }
    study_ = study;
    publish_layer();
}

bool ExcitationWork::cover() {
    if (!covering_) return false;
    covering_ = occlusion_->step(one_piece);
    publish_occlusion();
    return true;
}

bool ExcitationWork::search() {
    if (!study_ || !study_->searching) return false;
    study_->searching = study_->top->step(one_piece);
    publish_layer();
    return true;
}

// The preferred unit first, then one after the other.
int64_t ExcitationWork::next_to_climb() const {
    const auto count = static_cast<int64_t>(study_->climbs.size()), preferred = preferred_.load();
    if (preferred >= 0 && preferred < count && !study_->climbed(static_cast<size_t>(preferred))) return preferred;
    for (int64_t unit = 0; unit < count; ++unit)
        if (!study_->climbed(static_cast<size_t>(unit))) return unit;
    return -1;
}

bool ExcitationWork::climb() {
    const int64_t unit = study_ ? next_to_climb() : -1;
    if (unit < 0) return false;
    const auto at = static_cast<size_t>(unit);
    ActivationMaximization& climbing = study_->climbs[at];
    const bool begins = climbing.done() == 0;
    climbing.step(one_piece);
    if (begins) study_->first[at] = climbing.activation();
    publish_layer();
    return true;
}

void ExcitationWork::publish_occlusion() {
    auto found = std::make_shared<OcclusionFinding>();
    found->key = answer_.key;
    found->drop = occlusion_->drop().clone();
    found->uncovered = occlusion_->uncovered();
    found->done = occlusion_->done();
    found->positions = occlusion_->positions();
    found->settings = answer_.settings;
    occlusion_found_.publish(std::move(found));
}

void ExcitationWork::publish_layer() {
    const Study& study = *study_;
    auto found = std::make_shared<LayerFinding>();
    found->key = study.order.key;
    found->layer = study.order.layer;
    found->batch = search_batch;
    found->samples = static_cast<int64_t>(study.order.samples.size());
    if (study.top) {
        found->top = study.top->patches();
        found->searched = study.top->done();
        found->scanned = pictures_->batches;
        found->labels = pictures_->labels;
    }
    found->top.resize(study.climbs.size());
    found->ascent_steps = AscentSettings{}.steps;
    for (size_t unit = 0; unit < study.climbs.size(); ++unit) {
        const ActivationMaximization& climb = study.climbs[unit];
        found->ascents.push_back({climb.done() > 0 ? climb.picture() : Tensor(), climb.activation(), study.first[unit], climb.done()});
    }
    layer_found_.publish(std::move(found));
}

}  // namespace trilens

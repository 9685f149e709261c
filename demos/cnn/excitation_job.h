// The long work behind "what excites it": the occlusion map of the learner's picture, and for a layer the training pictures that excite
// each of its units most and the picture that each would like best. All of it goes on in turns, a piece each; what changes is ordered anew,
// what was begun and still counts is kept. Orders come from the thread that draws; pieces are done by whoever runs the job.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "demos/job.h"
#include "engine/attribution/activation_maximization.h"
#include "engine/attribution/occlusion.h"
#include "engine/attribution/top_patches.h"
#include "engine/data/data_set.h"

namespace trilens {

// Where the evidence for a class lies in one picture.
struct AnswerOrder {
    uint64_t key = 0;  // comes back with the finding
    Forward forward;
    Tensor picture;  // [1, C, H, W]
    OcclusionSettings settings;
};
struct OcclusionFinding {
    uint64_t key = 0;
    Tensor drop;  // [H, W], 0 where not computed yet
    float uncovered = 0;  // the class score of the picture as it is
    int64_t done = 0, positions = 0;
    OcclusionSettings settings;
};

// What the units of a layer like. Orders with the same key share networks and pictures: what was found for a layer is kept.
struct LayerOrder {
    uint64_t key = 0;
    Forward forward;
    std::string layer;  // as the forward names it
    int64_t units = 0;
    Shape picture;  // [1, C, H, W]
    float low = 0, high = 1;  // values that a picture may have
    std::shared_ptr<const DataSet> data;  // null: no pictures to search
    std::vector<int32_t> samples;
};
struct LayerFinding {
    struct Ascent {
        Tensor picture;  // [1, C, H, W]
        float activation = 0;  // mean of the unit's map, before the last step
        float first = 0;  // that of the noise it began with
        int64_t steps = 0;
    };
    uint64_t key = 0;
    std::string layer;
    std::vector<std::vector<TopPatch>> top;  // of every unit, strongest first; sample counts within LayerOrder::samples
    std::vector<Tensor> scanned;  // batches of `batch` pictures [n, C, H, W] in that order, each searched
    std::vector<int32_t> labels;  // of the pictures
    int64_t batch = 0, searched = 0, samples = 0;
    std::vector<Ascent> ascents;  // of every unit; none has a picture before its first step
    int64_t ascent_steps = 0;  // of each

    Tensor picture(int64_t sample) const { return scanned.at(static_cast<size_t>(sample / batch)).rows(sample % batch, 1); }
    bool ready(int64_t unit) const { return ascents.at(static_cast<size_t>(unit)).steps == ascent_steps; }
};

class ExcitationWork : public std::enable_shared_from_this<ExcitationWork> {
public:
    // From the thread that draws; none of these waits.
    void order(AnswerOrder answer);
    void order(LayerOrder layer);
    void prefer(int64_t unit) { preferred_ = unit; }  // whose picture grows first
    std::shared_ptr<Job> job();  // null when everything ordered is done
    std::shared_ptr<const OcclusionFinding> take_occlusion() { return occlusion_found_.take(); }
    std::shared_ptr<const LayerFinding> take_layer() { return layer_found_.take(); }

private:
    struct Study;
    class Turns;
    bool step(const Budget& budget);
    void take_orders();
    bool done();  // and nothing was ordered meanwhile
    bool cover(), search(), climb();  // one piece each; false if there was none
    int64_t next_to_climb() const;
    void publish_occlusion();
    void publish_layer();

    std::mutex order_mutex_;  // of what both threads touch, held for moments
    std::optional<AnswerOrder> new_answer_;
    std::optional<LayerOrder> new_layer_;
    bool idle_ = true;
    std::weak_ptr<Job> job_;
    std::atomic<int64_t> preferred_{0};

    std::mutex work_mutex_;  // a job that was stopped may still be in its last piece when it is taken up again
    std::optional<OcclusionMap> occlusion_;
    AnswerOrder answer_;
    bool covering_ = false;
    std::map<std::string, std::shared_ptr<Study>> studies_;
    std::shared_ptr<Study> study_;  // of the layer ordered last
    struct Pictures;
    std::shared_ptr<Pictures> pictures_;  // of the data set, as far as any layer was searched
    int turn_ = 0;

    Published<OcclusionFinding> occlusion_found_;
    Published<LayerFinding> layer_found_;
};

}  // namespace trilens

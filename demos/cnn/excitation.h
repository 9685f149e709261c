// What excites it: for any unit of any layer the training pictures it answers to most and the picture it would like best; for any class
// where in the learner's own picture the evidence lies: occlusion map, gradient times input, Grad-CAM.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "demos/cnn/excitation_job.h"
#include "demos/cnn/view.h"
#include "demos/widgets/measured_cards.h"
#include "engine/autograd/receptive_field.h"

namespace trilens {

class Excitation : public View {
public:
    explicit Excitation(Workbench& bench) : View(bench), work_(std::make_shared<ExcitationWork>()) {}

    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    void record(Graph& graph) override;
    float draw(Stage& stage, Rect area) override;
    bool animating() const override { return work_->job() != nullptr; }
    bool advance(int64_t steps) override;                    // so many layers up or down
    std::shared_ptr<Job> job() override { return work_->job(); }
    void update() override;

private:
    struct Layer {
        std::string name, title;                             // "conv2", "Convolution 2"
        Shape shape;                                         // [1, C, H, W] or [1, F]
    };
    // What an occlusion map was ordered for; another picture, class, patch or other weights need another.
    struct Question {
        uint64_t weights = 0;
        Tensor picture;
        int class_index = -1, patch = 0;
    };

    // What is looked at now, whatever the fields were set to for another network.
    const Layer& layer() const { return layers_.at(at_); }
    int64_t unit() const { return std::min<int64_t>(unit_, layer().shape[1] - 1); }
    int class_index(const Graph& graph) const;
    Question question(const Graph& graph) const;
    bool answers(const Question& question) const;            // whether the occlusion map is about that, with whatever weights
    const LayerFinding* study() const;                       // of this layer; null if there is none yet

    void list_layers();
    void order_answer();
    void order_layer();
    const Forward& network_now();                           // a copy of the network with its present weights
    void select(size_t layer);
    Box field_of(const TopPatch& patch) const;               // in the picture; reaches into the padding at the borders
    static Tensor cut_out(const Tensor& picture, const Box& field);  // [1, C, h, w], 0 outside

    // Drawing: the first card in excitation_drawing.cpp, the second in excitation_answer.cpp.
    float draw_unit(Stage& stage, Rect area);
    float draw_layer_choice(Stage& stage, Rect area);
    float draw_maps(Stage& stage, Rect area);
    float draw_patches(Stage& stage, const LayerFinding& found, Rect area);
    float draw_whole_picture(Stage& stage, const LayerFinding& found, Rect area);
    float draw_ascent(Stage& stage, const LayerFinding& found, Rect area);
    float draw_answer(Stage& stage, Rect area);
    float draw_classes(Stage& stage, Rect area);
    float draw_map(Stage& stage, const char* node, const std::string& title, const std::string& note, bool is_signed, Rect area);
    void draw_ink(Stage& stage, Rect over) const;
    ColorScale ink() const;                                  // of pictures, as the input card shows them
    // "For the weights of step 30; ...", empty if those are the present ones.
    std::string staleness(int64_t step, uint64_t version) const;

    std::shared_ptr<ExcitationWork> work_;
    Fields* fields_ = nullptr;
    std::string layer_ = "conv2";
    int unit_ = 1, class_ = 0, patch_ = 5;                   // class 0: the one that wins; n: class n - 1

    std::vector<Layer> layers_;
    size_t at_ = 0;
    std::string evidence_maps_;                              // of Grad-CAM; empty without a convolution
    std::string no_data_;                                    // why there are no training pictures
    std::vector<std::string> named_;                         // classes, as the field has them

    uint64_t forward_version_ = 0;
    Forward forward_;
    Question asked_;
    uint64_t answer_key_ = 0, layer_key_ = 0;
    std::string studied_;                                    // the layer ordered last
    uint64_t studied_version_ = 0;
    std::shared_ptr<const DataSet> data_;
    std::vector<int32_t> samples_;
    int64_t answer_step_ = 0, layer_step_ = 0;               // of training, when they were ordered

    std::shared_ptr<const OcclusionFinding> occlusion_;
    std::shared_ptr<const LayerFinding> found_;
    int waited_ = 0;                                         // frames since a finding came that the graph does not have
    bool unseen_ = false;
    size_t looked_at_ = 0;                                   // which of the nine is shown whole
    MeasuredCards cards_;
};

// Panels beside each other, or one below the other where it is narrow; `draw` gets the number of one and its place, and returns its height.
float draw_panels(const Stage& stage, Rect area, int count, const std::function<float(int, Rect)>& draw);

}  // namespace trilens

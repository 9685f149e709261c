// Workbench: what every view of the CNN room looks at. The problem (what is to be told apart), the learner's drawing, the network, and
// the graph of its last forward and backward pass.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "demos/cnn/own_classes.h"
#include "demos/drawing.h"
#include "demos/room.h"
#include "demos/training/training_fields.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/tensor_grid.h"
#include "engine/attribution/forward.h"
#include "engine/data/data_set.h"
#include "engine/nn/sequential.h"
#include "engine/train/trainer.h"

namespace trilens {

class Examples;

// What is to be told apart.
enum class Problem {
    digits,   // 0 to 9, drawn by the stroke generator
    own,      // classes that the learner names and draws
    files,    // labelled pictures that the learner uploaded
    waves,    // curves in one dimension, [1, 1, 128]: drawn, recorded, made by a generator
};
constexpr size_t problem_count = 4;

// How values become colours, in every view.
struct Look {
    ColorMap map = ColorMap::viridis;
    bool diverging = true;         // signed values in blue and red
    bool shared_scale = false;     // one scale for all layers of a kind
    enum class Show { values, gradients } show = Show::values;

    bool gradients() const { return show == Show::gradients; }
    GridStyle grid(bool is_signed) const;
};

class Workbench {
public:
    Workbench();

    // --- the problem --------------------------------------------------------------------------------------------------------
    Problem problem() const { return problem_; }
    void set_problem(Problem problem);
    bool curves() const { return problem_ == Problem::waves; }             // else pictures
    Shape input_shape() const { return input_shape(problem_); }  // [C, H, W]
    static Shape input_shape(Problem problem);
    std::vector<std::string> classes() const { return classes(problem_); }  // names, in the language on screen
    std::vector<std::string> classes(Problem problem) const;
    // The learner's own classes. Another number of them makes another network for that problem, with fresh weights.
    const OwnClasses& own() const { return own_; }
    void set_own(OwnClasses own);
    // One of the two idx files of labelled pictures; returns whether both are there now, and then they are the data of Problem::files.
    // Throws FormatError for anything else.
    bool take_idx(std::span<const uint8_t> bytes);
    bool has_files() const { return files_ != nullptr; }

    // --- the data -----------------------------------------------------------------------------------------------------------
    struct DataPlan {
        int samples = 6000;        // of a generator, or at most so many of the learner's
        bool augment = true;       // another drawing in every pass
        int seed = 1;
        bool operator==(const DataPlan&) const = default;
    };
    DataPlan data_plan;
    // What training draws from, the same object until the plan or the problem changes. Throws ValueError for too few examples.
    std::shared_ptr<const DataSet> data() const;
    Split split() const;                                              // which of it is trained on, which validates

    TrainingSettings training{.rate = 2e-3f, .batch = 64};
    int seed = 1;  // of fresh weights and of the order of the samples
    bool rival = false;  // a fully connected network of equal size trains beside it

    // --- the network --------------------------------------------------------------------------------------------------------
    const Sequential& network() const { return model(problem_).network; }
    Sequential& network() { return model(problem_).network; }
    const std::string& architecture() const { return architecture(problem_); }  // see engine/models/architecture.h
    const std::string& architecture(Problem problem) const { return model(problem).architecture; }
    // Another network, with fresh weights (or the shipped ones, where they are for it). Throws and changes nothing if it makes no sense.
    void set_architecture(const std::string& text);
    void start_anew(uint64_t seed);  // fresh weights
    bool has_shipped() const { return has_shipped(problem_); }  // whether weights were shipped for this network
    void use_shipped() { use_shipped(problem_); }
    void use_weights(const std::vector<Tensor>& weights);  // parameters, then buffers, as TrainingSnapshot has them
    void changed_weights() { ++weights_version_; }  // after writing into the network's parameters
    uint64_t weights_version() const { return weights_version_; }  // another number after each change of weights or network
    // A network of its own with the same weights, for work on another thread.
    std::shared_ptr<Sequential> copy_of_network() const;
    // Such a copy as the attribution methods want it: taps as in graph(), without the prefix "cnn.".
    Forward forward() const;

    // --- the input ----------------------------------------------------------------------------------------------------------
    Drawing& drawing_for(bool curve) { return curve == curves() ? drawing : other_drawing_; }
    const Drawing& drawing_for(bool curve) const { return curve == curves() ? drawing : other_drawing_; }
    Drawing drawing;  // on the pad; each kind of input keeps its own
    float brush = 0.045f;
    Tensor input() const;  // [1, C, H, W]

    // --- the computation ----------------------------------------------------------------------------------------------------
    Look look;
    int target = 0;  // whose loss is sent back. 0: the class that wins; n: class n - 1
    int32_t target_class() const { return label_; }
    int32_t winner() const { return winner_; }
    std::shared_ptr<const Graph> graph() const { return graph_; }
    double milliseconds() const { return milliseconds_; }
    std::function<void(Graph&)> record;  // what the view on screen adds to the graph
    std::function<void()> computed;  // told after each computation
    void compute();

private:
    struct Model {
        std::string architecture;
        Sequential network;
    };
    Model& model(Problem problem) { return models_[static_cast<size_t>(problem)]; }
    const Model& model(Problem problem) const { return models_[static_cast<size_t>(problem)]; }
    bool has_shipped(Problem problem) const;
    void use_shipped(Problem problem);
    std::shared_ptr<const DataSet> make_data() const;
    std::shared_ptr<const Examples> own_examples() const;
    Sequential build(Problem problem, const std::string& architecture, uint64_t seed) const;

    Problem problem_ = Problem::digits;
    OwnClasses own_;
    std::vector<uint8_t> idx_pictures_, idx_labels_;  // what was uploaded so far
    std::shared_ptr<const DataSet> files_;
    std::array<Model, problem_count> models_;
    struct Data {
        Problem problem;
        DataPlan plan;
        std::shared_ptr<const DataSet> set;
    };
    mutable std::optional<Data> data_;
    Drawing other_drawing_;  // of the kind of input that is not on the pad
    uint64_t weights_version_ = 1;
    int32_t label_ = 0, winner_ = 0;
    std::shared_ptr<const Graph> graph_;
    double milliseconds_ = 0;
};

}  // namespace trilens

// RnnWorkbench: what every view of the RNN room looks at. The task at hand (demos/rnn/tasks/), the learner's input, one network for each
// kind of cell, and the graph of the last forward and backward pass of the one on screen.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "demos/rnn/cells.h"
#include "demos/rnn/input.h"
#include "demos/rnn/reading.h"
#include "demos/rnn/settings.h"
#include "demos/rnn/shipped_models.h"
#include "demos/rnn/tasks/task.h"
#include "engine/data/data_set.h"
#include "engine/models/sequence_model.h"
#include "engine/train/trainer.h"

namespace trilens {

struct WeightFile;

class RnnWorkbench {
public:
    RnnWorkbench();

    RnnSettings settings;
    RnnInput input;
    std::vector<Held> held;  // clamped by the learner in the network on screen; those beyond the sequence or the cell are not used
    std::optional<int64_t> left_out;  // the step that everything is computed without, for a moment (counterfactual)
    void take_held();  // each network keeps what is held in it: `held` becomes that of the network that the settings ask for now
    SequenceLook look() const;  // those that are used, and the step left out

    // --- the task -----------------------------------------------------------------------------------------------------------
    const RnnTask& task() const;
    RnnContext context() const { return {settings, input, corpus_vocabulary_}; }  // to ask it with
    bool reads_text() const { return task().reads() == RnnReads::text; }
    std::string& text_of(RnnInput& input) const;  // the task's own, in the language of the text. Throws ValueError where it reads none
    const std::string& text() const;
    std::vector<std::string> classes() const { return task().classes(context()); }

    // --- what is read -------------------------------------------------------------------------------------------------------
    const RnnReading& reading() const { return reading_; }
    const std::vector<std::string>& step_labels() const { return reading_.labels; }
    const Tensor& sequence() const { return reading_.inputs; }  // [T] tokens or [T, F]
    int64_t steps() const { return reading_.steps(); }
    int64_t shown_steps() const;  // those that time has reached
    // The class whose loss is sent back: the right one where that is known, else the one that wins. -1 where there are no classes.
    int32_t target_class() const { return target_; }

    // --- the networks -------------------------------------------------------------------------------------------------------
    const ShippedModel* shipped() const;  // the network on screen, where that was trained beforehand; else null
    bool is_shipped() const { return task().weights(context()) != nullptr; }  // its cell and sizes are its own
    bool trainable() const { return !is_shipped(); }
    RnnCell cell() const;  // on screen
    SequencePlan plan(RnnCell cell) const;  // what the settings ask for
    std::shared_ptr<SequenceModel> model(RnnCell cell) const;  // made when first asked for, and anew when its plan is another
    std::shared_ptr<SequenceModel> model() const { return model(cell()); }
    std::shared_ptr<SequenceModel> copy(RnnCell cell) const;  // with the same weights, for another thread
    bool is_trained() const;  // its weights are no longer those it was made with
    void start_anew();  // fresh weights for the task's cells
    void use_weights(RnnCell cell, const std::vector<Tensor>& weights);  // in the order of parameters()
    uint64_t weights_version() const { return weights_version_; }
    std::vector<uint8_t> save() const;  // safetensors of the network on screen
    void load(const WeightFile& file);  // into it; throws ShapeError or FormatError and changes nothing
    // Another text for another network, data or task: what was trained under one goes on only under the same.
    std::string network_key() const;

    // --- the data -----------------------------------------------------------------------------------------------------------
    // What training draws from, the same object until the settings ask for another. Throws ValueError, a sentence for the learner, for too
    // little text or curve.
    std::shared_ptr<const DataSet> data() const;
    Split split() const;  // 70 % are trained on

    // --- the computation ----------------------------------------------------------------------------------------------------
    // Forward and backward of `cell`'s network on the sequence; for the cell on screen with the held elements. Taps "rnn.loss" where there
    // is one. Null for a sequence of no steps.
    std::shared_ptr<const Graph> run(RnnCell cell) const;
    std::shared_ptr<const Graph> graph() const { return graph_; }  // of the cell on screen
    uint64_t version() const { return version_; }  // another number after each compute()
    double milliseconds() const { return milliseconds_; }
    void compute();
    void compute_without(std::optional<int64_t> step);  // of the same input; no gradients unless they are shown

private:
    struct Slot {
        std::shared_ptr<SequenceModel> model;
        int seed = 0;
        bool trained = false;
    };
    Slot& slot(RnnCell cell) const;  // of the room's own networks
    std::string data_key() const;
    void read();
    std::shared_ptr<Graph> forward(RnnCell cell, Value& scores) const;
    void send_back(Graph& graph, const Value& scores) const;

    mutable std::map<std::pair<int, RnnCell>, Slot> slots_;  // by task and cell
    mutable std::string data_key_;
    mutable std::shared_ptr<const DataSet> data_;
    mutable CorpusVocabulary corpus_vocabulary_;
    RnnReading reading_;
    std::string held_of_;  // the network that `held` belongs to
    std::map<std::string, std::vector<Held>> held_elsewhere_;
    int32_t target_ = -1;
    uint64_t weights_version_ = 1, version_ = 0;
    std::shared_ptr<const Graph> graph_;
    double milliseconds_ = 0;
};

}  // namespace trilens

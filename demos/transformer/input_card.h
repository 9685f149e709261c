// The card above every view of the Transformer room: what the network reads (a text, a drawing, random vectors), its answer in short, and
// what trains it.
#pragma once

#include <functional>
#include <string>

#include "demos/stage.h"
#include "demos/training/run.h"
#include "demos/transformer/workbench.h"
#include "demos/widgets/drawing_pad.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/text_box.h"

namespace trilens {

class TransformerInputCard {
public:
    struct Told {
        std::function<void(TransformerInput, bool joins)> set_input;
        std::function<void(SequenceProblem)> problem;
        std::function<void(bool on)> train;
        std::function<void()> start_anew;
        std::function<void(std::string)> set_corpus;
    };
    TransformerInputCard(TransformerWorkbench& bench, Told told) : bench_(bench), told_(std::move(told)) {}

    // Returns the height used, with the gap below.
    float draw(Stage& stage, const TrainingRun& training, Rect area);

private:
    float draw_input(Stage& stage, Rect area);
    float draw_problems(Stage& stage, Rect area);
    float draw_sentence(Stage& stage, Rect area);
    float draw_corpus(Stage& stage, const std::string& learnt, Rect area);
    float draw_pad(Stage& stage, Rect area);
    float draw_answer(Stage& stage, Rect area);
    float draw_commands(Stage& stage, const TrainingRun& training, Rect area);
    std::string answer() const;

    TransformerWorkbench& bench_;
    Told told_;
    TextBox text_box_, corpus_box_;
    DrawingPad pad_;
    Drawing on_pad_;  // what the pad shows
    bool erase_ = false;  // the eraser is in hand
    MeasuredCards cards_;
};

}  // namespace trilens

// The card above every view of the RNN room: what the network reads, as bars, a sentence or a curve, its answer, and what trains it.
#pragma once

#include <functional>

#include "demos/rnn/workbench.h"
#include "demos/stage.h"
#include "demos/training/run.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/text_box.h"
#include "demos/widgets/value_bars.h"

namespace trilens {

class RnnInputCard {
public:
    struct Told {
        std::function<void(RnnInput, bool joins)> set_input;
        std::function<void(int number)> sample;  // another one of the data's sequences
        std::function<void(bool on)> train;
        std::function<void()> start_anew;
        std::function<void()> let_go;  // of all that is held
    };
    RnnInputCard(RnnWorkbench& bench, Told told) : bench_(bench), told_(std::move(told)) {}

    // Returns the height used, with the gap below.
    float draw(Stage& stage, const TrainingRun& training, Rect area);

private:
    float draw_input(Stage& stage, Rect area);
    float draw_numbers(Stage& stage, Rect area);
    float draw_text_box(Stage& stage, Rect area);
    float draw_curve(Stage& stage, Rect area);
    float draw_sample(Stage& stage, Rect area);
    float draw_answer(Stage& stage, Rect area);
    float draw_commands(Stage& stage, const TrainingRun& training, Rect area);
    float draw_training(Stage& stage, const TrainingRun& training, Rect area);

    RnnWorkbench& bench_;
    ValueBars bars_;
    Told told_;
    TextBox text_box_;
    MeasuredCards cards_;
};

}  // namespace trilens

// The curves of a run: loss and accuracy, in training and validation, of every contender; and the line of numbers that sums it up.
#pragma once

#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/training/session.h"

namespace trilens {

// Of which contender.
struct CurveLabel {
    std::string name;
    ImU32 color = 0;  // 0: the next of the theme's
};

struct CurveStyle {
    bool accuracy = true;  // false: the run has no classes
    bool by_epoch = false;  // a point for each epoch, as soon as there is one
};

// "Step 120: loss 0.31, accuracy 92 %": the mean of the last batches, since a single one jumps about.
std::string progress_line(const TrainingSnapshot& run, const CurveStyle& style = {});

// Two plots beside each other (one below the other where narrow), a label for each contender. One contender's training and validation have
// a colour each; of several, each has one colour, faint for its training. Returns the height used.
float draw_curves(Stage& stage, const SessionSnapshot& progress, const std::vector<CurveLabel>& labels, Rect area,
                  const CurveStyle& style = {});

}  // namespace trilens

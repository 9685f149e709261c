// What a run has come to beside its curves: which classes are taken for which, with their pictures; how weights and gradients are spread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/training/session.h"
#include "demos/widgets/confusion_matrix.h"
#include "demos/widgets/picture_sheet.h"

namespace trilens {

class ResultsView {
public:
    using Samples = std::function<Batch(std::span<const int32_t>)>;   // of the data set

    // The confusion matrix of the last evaluation and, beside or below it, the pictures behind the cell that was clicked, or else the worst
    // mistakes. Returns the height used; 0 where nothing was evaluated.
    float draw_confusion(Stage& stage, const SessionSnapshot& progress, const std::vector<std::string>& classes, const Samples& samples,
                         Rect area);

    // A histogram of the weights of each layer and one of their gradients in the last step. Returns the height used.
    float draw_spread(Stage& stage, const SessionSnapshot& progress, uint64_t version, Rect area);

private:
    void choose_pictures(const SessionSnapshot& progress, const std::vector<std::string>& classes, const Samples& samples);

    std::optional<ConfusionCell> selected_;
    std::shared_ptr<const Evaluation> shown_;  // that the pictures are of
    std::optional<ConfusionCell> shown_cell_;
    std::vector<SheetPicture> pictures_;
    uint64_t spread_version_ = 0;  // of the run that the histograms are of
    struct Spread {
        std::string name;
        Histogram weights, gradients;
    };
    std::vector<Spread> spreads_;
};

}  // namespace trilens

// Confusion matrix: which classes a classifier takes for which. Rows are the truth, columns the prediction.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"

namespace trilens {

struct ConfusionCell {
    int32_t truth = 0, predicted = 0;
    bool operator==(const ConfusionCell&) const = default;
};

// `counts`: classes x classes, row by row, of as many classes as there are labels (made for 2 to 10; throws ValueError if the numbers do
// not fit). Cells on the diagonal are in the colour of what is good, errors in that of warnings, stronger the greater their share of the
// row; at the right of each row its recall. `selected` is outlined. Registers the rectangle of the cells under `name`; returns the cell
// clicked now.
std::optional<ConfusionCell> draw_confusion(Stage& stage, std::string_view name, std::span<const int64_t> counts,
                                            std::span<const std::string> labels, const std::optional<ConfusionCell>& selected, Rect area);

// The height that it takes in this width.
float confusion_height(std::span<const int64_t> counts, std::span<const std::string> labels, float width);

// What a cell says, as a sentence in the language of the screen.
std::string confusion_sentence(std::span<const int64_t> counts, std::span<const std::string> labels, ConfusionCell cell);

}  // namespace trilens

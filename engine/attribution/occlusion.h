// Occlusion map: how much a class loses when a patch of the picture is covered. Zeiler and Fergus, "Visualizing and
// Understanding Convolutional Networks", ECCV 2014, section 4.2.
#pragma once

#include <cstdint>
#include <string>

#include "engine/attribution/forward.h"
#include "engine/budget.h"

namespace trilens {

struct OcclusionSettings {
    int64_t patch = 5;         // side of the square that covers, in pixels
    int64_t stride = 1;
    float fill = 0;            // what it covers with
    int64_t class_index = 0;
    int64_t batch = 32;        // covered pictures computed at once
};

// Resumable: each step computes one batch of covered pictures.
class OcclusionMap {
public:
    // `picture` is [1, C, H, W]; `scores` names a node [N, classes] that `forward` records. The patch is centred at every stride-th
    // pixel and cut off at the border. Throws ShapeError or ValueError for settings that make no sense.
    OcclusionMap(Forward forward, std::string scores, Tensor picture, const OcclusionSettings& settings);

    bool step(const Budget& budget);               // true while more is left
    int64_t done() const { return next_; }         // positions computed, row by row
    int64_t positions() const { return rows_ * columns_; }
    float uncovered() const { return uncovered_; } // the score of the picture as it is; known after the first step
    // [rows, columns]: score of the uncovered picture minus that with the patch there; 0 where not computed yet.
    const Tensor& drop() const { return drop_; }

private:
    void cover(int64_t position, float* picture) const;
    Tensor scores_of(const Tensor& pictures) const;

    Forward forward_;
    std::string scores_;
    Tensor picture_;
    OcclusionSettings settings_;
    int64_t rows_, columns_;
    int64_t next_ = 0;
    float uncovered_ = 0;
    bool started_ = false;
    Tensor drop_;
};

}  // namespace trilens

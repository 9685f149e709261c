// The pictures of a data set that excite each unit of a layer most, and where in them. Zeiler and Fergus 2014, figure 2.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/attribution/forward.h"
#include "engine/budget.h"

namespace trilens {

// One finding: picture `sample` excites the unit by `activation` at row y, column x of its map (0, 0 for a vector layer).
struct TopPatch {
    int64_t sample = 0, y = 0, x = 0;
    float activation = 0;
};

// Resumable scan; each step computes one batch. A picture counts once for a unit, at its strongest position (the first of equals).
class TopPatches {
public:
    using Pictures = std::function<Tensor(int64_t begin, int64_t count)>;   // [count, C, H, W] of the data set

    // Keeps the `keep` strongest pictures for every unit of the node `layer`. Throws ValueError for keep, batch < 1 or samples < 0.
    TopPatches(Forward forward, std::string layer, Pictures pictures, int64_t samples, int64_t keep = 9, int64_t batch = 64);

    bool step(const Budget& budget);               // true while more is left
    int64_t done() const { return done_; }         // pictures scanned
    // For unit u, strongest first; of equal ones the earlier picture. Empty until the first step.
    const std::vector<std::vector<TopPatch>>& patches() const { return patches_; }

private:
    void offer(size_t unit, const TopPatch& patch);

    Forward forward_;
    std::string layer_;
    Pictures pictures_;
    int64_t samples_, keep_, batch_;
    int64_t done_ = 0;
    std::vector<std::vector<TopPatch>> patches_;
};

}  // namespace trilens

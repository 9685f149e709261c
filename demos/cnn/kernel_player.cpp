// The player's clock: one time, at which the next cell's turn comes; a hand on the picture puts it off.
#include "demos/cnn/kernel_player.h"

#include <algorithm>

namespace trilens {

namespace {

// After a pause of the whole page (a hidden tab) the player goes on from where it was and does not catch up.
constexpr double longest_gap = 1;

}  // namespace

void KernelPlayer::resize(int64_t cells) {
    cells_ = std::max<int64_t>(cells, 1);
    cell_ = std::min(cell_, cells_ - 1);
}

void KernelPlayer::jump(int64_t cell) {
    cell_ = std::clamp<int64_t>(cell, 0, cells_ - 1);
    due_ = -1;
}

void KernelPlayer::take(int64_t cell, double now) {
    if (cell >= 0) jump(cell);
    due_ = now + resume_seconds;
}

bool KernelPlayer::advance(double now) {
    if (!playing_ || due_ < 0 || now > due_ + longest_gap) {
        if (playing_) due_ = now + seconds_per_cell;
        return false;
    }
    if (now < due_) return false;
    cell_ = (cell_ + 1) % cells_;
    due_ += seconds_per_cell;
    return cells_ > 1;
}

void KernelPlayer::step(int64_t count) {
    playing_ = false;
    cell_ = ((cell_ + count) % cells_ + cells_) % cells_;
}

}  // namespace trilens

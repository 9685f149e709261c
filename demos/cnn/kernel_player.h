// Kernel player: the position of the window on its way over an output map, row by row and round again. It plays by itself, gives way to the
// learner's hand, and goes on a while after the hand has left. Knows time and cells, no drawing.
#pragma once

#include <cstdint>

namespace trilens {

class KernelPlayer {
public:
    static constexpr double seconds_per_cell = 0.25, resume_seconds = 1.5;

    // There are so many cells to walk over; the position stays where it can.
    void resize(int64_t cells);
    void jump(int64_t cell);
    // A hand is on this cell (or on something else while cell is negative): the player waits.
    void take(int64_t cell, double now);
    // Moves on when it is time; to be called once a frame. Returns whether the position changed.
    bool advance(double now);
    // So many cells forward (or back), and stops.
    void step(int64_t count);

    void play(bool on) { playing_ = on; }
    bool playing() const { return playing_; }  // switched on, though a hand may hold it
    int64_t cell() const { return cell_; }
    double due() const { return due_; }  // when advance() has something to do

private:
    int64_t cells_ = 1, cell_ = 0;
    bool playing_ = true;
    double due_ = -1;  // when the next cell's turn comes; negative: not known yet
};

}  // namespace trilens

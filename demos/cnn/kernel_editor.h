// Kernel editor: a kernel as a grid of numbers that can be changed. A cell is dragged up or down, or clicked and typed into; with the
// keyboard, the arrows up and down change it. The cells that the inspector's subject used are marked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "demos/stage.h"
#include "engine/tensor.h"

namespace trilens {

class KernelEditor {
public:
    struct Event {
        std::optional<Tensor> wanted;    // the kernel as the learner wants it; none: no change in this frame
        bool held = false;               // a hand still drags: one change until it lets go
        std::string refused;             // why what was typed is no weight; empty: it is
    };

    // Draws `kernel`, [1, 1, rows, columns], as the node `name` of stage.graph and registers its rectangle under that name, the cells' as
    // "NAME.0", "NAME.1", ... row by row.
    Event draw(Stage& stage, std::string_view name, const Tensor& kernel, Rect area);
    // The side of a cell in this width.
    static float cell_size(const Tensor& kernel, float width);

private:
    struct Grid;
    void draw_cell(Stage& stage, const Grid& grid, int64_t cell, Event& event);
    void take_hand(const Grid& grid, int64_t cell, Event& event);
    void take_arrows(const Grid& grid, int64_t cell, Event& event);
    void draw_typing(const Grid& grid, Event& event);
    void open(const Grid& grid, int64_t cell);

    int64_t typed_ = -1, dragged_ = -1;  // a cell
    bool opened_ = false;  // the text field has yet to get the keyboard
    float dragged_from_ = 0, step_ = 0;  // the cell's value as the hand went down, and what a step of the drag adds
    char text_[24] = "";
};

// What one step of a drag or an arrow key adds to a cell: a round number, at most a twentieth of the largest weight but not below 0.01.
float kernel_step(const Tensor& kernel);

}  // namespace trilens

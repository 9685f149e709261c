// CostPanel: the price of length, measured here and now (curriculum R7, T6, T8): time of a recurrent layer, a convolution and attention
// against length, with one thread and with all, and the memory that each needs. The rooms that show it share it.
#pragma once

#include <memory>
#include <string>

#include "demos/cost/measurement.h"
#include "demos/fields.h"
#include "demos/room.h"
#include "demos/stage.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class CostPanel {
public:
    // "ROOM.cost_pass", "ROOM.cost_width", "ROOM.cost_longest".
    void list_fields(Fields& fields, const std::string& room);
    CostPlan plan(Cell cell) const;  // of the next measurement
    const CostCurves* curves() const { return curves_.get(); }  // what was measured, or null
    bool measuring() const { return job_ != nullptr; }
    std::shared_ptr<Job> job() const { return job_; }
    void update(Host& host);

    // Draws the cards from the top of `area`; returns the height used. `cell`: of the recurrent layer that is measured next.
    float draw(Stage& stage, Host& host, Cell cell, Rect area);

private:
    enum class Longest { l256, l512, l1024, l2048 };
    float draw_start(Stage& stage, Host& host, Cell cell, Rect area);
    float draw_curves(Stage& stage, Rect area);
    void draw_plot_of(Stage& stage, CostThreads on, Rect area);
    float draw_words(Rect area);
    float draw_memory(Stage& stage, Rect area);
    float draw_table(Stage& stage, Rect area);

    CostPass pass_ = CostPass::forward;
    int width_ = 64;
    Longest longest_ = Longest::l1024;
    std::shared_ptr<CostMeasurement> job_;
    std::shared_ptr<const CostCurves> curves_;
    MeasuredCards cards_;
};

}  // namespace trilens

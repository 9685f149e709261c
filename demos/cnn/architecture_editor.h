// The network as a row of layers to add, remove, move and resize; below it what each layer gives and costs. A change is proposed as a line
// of text (engine/models/architecture.h) and checked by whoever takes it: nothing here knows which layers fit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "demos/cnn/workbench.h"
#include "demos/stage.h"
#include "engine/models/architecture.h"

namespace trilens {

class ArchitectureEditor {
public:
    using Propose = std::function<void(const std::string& text)>;

    // Returns the height used.
    float draw(Stage& stage, const Workbench& bench, Rect area, const Propose& propose);

private:
    float draw_layers(Stage& stage, const std::vector<LayerPlan>& plans, Rect area);
    float draw_actions(Stage& stage, std::vector<LayerPlan> plans, Rect area, const Propose& propose);
    float draw_sizes(Stage& stage, std::vector<LayerPlan> plans, Rect area, const Propose& propose);
    float draw_line(Stage& stage, const std::string& architecture, Rect area, const Propose& propose);

    size_t chosen_ = 0;
    std::string typed_, shown_;   // the line in the text field, and the network's when it was put there
};

// A table of the layers: output shape, parameters, multiply-adds, and their sums. Returns the height used.
float draw_layer_costs(Stage& stage, const Workbench& bench, Rect area);

// 1234567 as "1 234 567".
std::string grouped(int64_t count);

}  // namespace trilens

// The inspector's card: one element, its value, and the terms it is made of. Windows (a patch under a kernel) are shown as
// small grids of numbers; long sums as their greatest terms. Every number is one of Graph::explain's.
#pragma once

#include "demos/widgets/inspector.h"

namespace trilens {

class InspectorCard {
public:
    InspectorCard(Inspector& inspector, Stage& stage, Rect area) : inspector_(inspector), stage_(stage), area_(area), top_(area.y) {}

    float draw();

private:
    // The terms of one map of the layer below: a patch, row by row.
    struct Window {
        int64_t map = 0, rows = 0, columns = 0;
        std::vector<const Term*> terms;
        float sum = 0;
    };

    void heading(const Node& node, const Element& element);
    void gradient_origin(const Node& node, const Element& element);
    void hint();
    void windows(std::vector<Window>& windows);
    void window(const Window& window);
    void grid(const char* title, const Window& window, float width, float (*value)(const Term&), bool factor);
    void list_terms();
    void paragraph(const char* text, float size, ImU32 color);
    std::vector<Window> find_windows() const;
    std::string place(int node, int64_t index, bool gradient = false) const;
    std::string fitting(std::string name, float room) const;
    bool of_gradient() const { return inspector_.subject() && inspector_.subject()->gradient; }
    bool is_sum() const { return inspector_.explanation_.kind == Explanation::Kind::sum || of_gradient(); }
    Element source(const Term& term) const;       // what the value of a term is an element of
    Element factor_source(const Term& term) const;

    Inspector& inspector_;
    Stage& stage_;
    Rect area_;
    float top_;
    Element next_;                // what was clicked
    bool clicked_ = false;
};

}  // namespace trilens

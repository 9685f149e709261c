// Inspector: follows any number on screen to the numbers it came from. Hovering a cell of a named tensor shows its name,
// index, value and formula with the real numbers (Graph::explain); its patch in the layer below and its receptive field
// in the input are marked wherever those are drawn. A click pins it; its operands are links, with a way back. The gradient
// of a cell is followed the other way, to the gradients of the cells that used it (Graph::explain_gradient).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demos/stage.h"
#include "engine/autograd/receptive_field.h"

namespace trilens {

// One element of one node of the graph on screen.
struct Element {
    std::string node;                 // "cnn.relu1"
    int64_t index = 0;                // row-major
    bool gradient = false;            // its gradient, not its value
    bool operator==(const Element&) const = default;
};

// Cells of a tensor to mark: of one map, or of all (map -1).
struct Mark {
    enum class Kind { subject, patch, field } kind = Kind::subject;
    int64_t map = -1, y = 0, x = 0, height = 1, width = 1;
};

// Draws a mark around these cells.
void draw_mark(const Rect& cells, Mark::Kind kind);

class Inspector {
public:
    void begin_frame(std::shared_ptr<const Graph> graph);   // forgets the hover of the last frame
    void hover(Element element);               // told by widgets
    void suggest(Element element);             // looked at while nothing is hovered or pinned: what an animation is at
    void pin(Element element);                 // by a click; pinning what is pinned lets go
    void follow(Element element);              // from the card: keeps the way back
    void back();
    void walk(Element element);                // pins it instead of what is pinned, and keeps the way back
    void release();                            // nothing pinned
    bool pinned() const { return !trail_.empty(); }
    const Element* pinned_element() const { return trail_.empty() ? nullptr : &trail_.back(); }

    // What the card shows: the pinned element, else the hovered one; null if neither (or gone from the graph).
    const Element* subject() const;
    bool suggested() const { return suggested_shown_; }   // whether that is what an animation is at
    const Explanation& explanation() const { return explanation_; }   // of the subject
    // What to draw over the tensor `node`.
    std::vector<Mark> marks(std::string_view node) const;

    // The card; returns the height used. Shows a hint when there is no subject.
    float draw(Stage& stage, Rect area);

private:
    friend class InspectorCard;
    void look();                               // recomputes explanation and marks for the subject
    void mark_fields(int id);

    std::shared_ptr<const Graph> graph_;
    std::vector<Element> trail_;               // the last one is pinned
    std::vector<Element> hovered_, suggested_; // none or one
    bool suggested_shown_ = false;
    std::vector<Element> looked_at_;           // what the following are about: none or one
    std::vector<std::pair<std::string, Mark>> marks_;
    Explanation explanation_;
    Box field_;                                // what the subject sees of the input; empty if it sees none
    int64_t channel_ = -1;                     // of the layer below, whose window is spelled out; -1: the one that counts most
};

// "cnn.relu1", or "#12" for a node that has no name: what tensors and terms are called outside.
std::string node_name(const Graph& graph, int node);
// A node without a name that only passes its input on (a reshape) is nowhere on screen: the element that it passes on is.
std::pair<int, int64_t> named_source(const Graph& graph, int node, int64_t index);
// The node of such a name; throws ValueError naming the nearest names.
int node_of(const Graph& graph, std::string_view name);

}  // namespace trilens

// What is looked at, and which cells of other tensors belong to it. The card is drawn in inspector_card.cpp.
#include "demos/widgets/inspector.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

// The cells of one node that belong together, grown element by element.
struct Cells {
    int64_t map[2], y[2], x[2];

    static Cells of(const Shape& shape, int64_t flat) {
        if (is_vector(shape)) return {{0, 0}, {0, 0}, {flat, flat}};
        const int64_t width = shape[-1], height = shape[-2], map = flat / (width * height), y = flat / width % height, x = flat % width;
        return {{map, map}, {y, y}, {x, x}};
    }
    static void grow(int64_t (&range)[2], const int64_t (&other)[2]) {
        range[0] = std::min(range[0], other[0]);
        range[1] = std::max(range[1], other[1]);
    }
    void include(const Cells& other) {
        grow(map, other.map);
        grow(y, other.y);
        grow(x, other.x);
    }
    Mark mark(Mark::Kind kind) const { return {kind, map[0] == map[1] ? map[0] : -1, y[0], x[0], y[1] - y[0] + 1, x[1] - x[0] + 1}; }
};

// The gradient of what a nameless node passes on is that node's: it comes from where the node's comes from.
Explanation explained_gradient(const Graph& graph, int node, int64_t index) {
    Explanation found = graph.explain_gradient(node, index);
    while (found.terms.size() == 1 && found.terms[0].factor == 1 && graph.node(found.terms[0].node).name.empty())
        found = graph.explain_gradient(found.terms[0].node, found.terms[0].index);
    return found;
}

}  // namespace

void draw_mark(const Rect& cells, Mark::Kind kind) {
    const Theme& t = theme();
    const ImU32 color = kind == Mark::Kind::subject ? t.color.accent : kind == Mark::Kind::patch ? t.color.mark : t.color.mark_field;
    const Rect wide = cells.inset(-t.px(2)), close = cells.inset(-t.px(1));
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRect(wide.min(), wide.max(), IM_COL32(0, 0, 0, 200), t.px(2), 0, t.px(3.5f));
    list->AddRect(wide.min(), wide.max(), IM_COL32(255, 255, 255, 235), t.px(2), 0, t.px(2.2f));
    list->AddRect(close.min(), close.max(), color, t.px(2), 0, t.px(2));
}

std::pair<int, int64_t> named_source(const Graph& graph, int node, int64_t index) {
    while (graph.node(node).name.empty()) {
        const Explanation passed = graph.explain(node, index);
        if (passed.terms.size() != 1) break;
        node = passed.terms[0].node;
        index = passed.terms[0].index;
    }
    return {node, index};
}

std::string node_name(const Graph& graph, int node) {
    const std::string& name = graph.node(node).name;
    return name.empty() ? "#" + std::to_string(node) : name;
}

int node_of(const Graph& graph, std::string_view name) {
    int id = -1;
    if (name.starts_with('#')) {
        const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), id);
        if (error == std::errc() && end == name.data() + name.size() && id >= 0 && id < graph.size()) return id;
    }
    return graph.find(name).node;
}

void Inspector::begin_frame(std::shared_ptr<const Graph> graph) {
    if (graph != graph_) looked_at_.clear();
    graph_ = std::move(graph);
    look();  // at what was pinned, or hovered in the last frame
    hovered_.clear();
    suggested_.clear();
}

void Inspector::hover(Element element) { hovered_ = {std::move(element)}; }

void Inspector::suggest(Element element) { suggested_ = {std::move(element)}; }

void Inspector::walk(Element element) {
    if (!trail_.empty()) trail_.pop_back();
    trail_.push_back(std::move(element));
}

void Inspector::pin(Element element) {
    const bool again = pinned() && trail_.back() == element;
    trail_.clear();
    if (!again) trail_.push_back(std::move(element));
}

void Inspector::follow(Element element) {
    if (trail_.empty() && !looked_at_.empty()) trail_ = looked_at_;
    trail_.push_back(std::move(element));
}

void Inspector::back() {
    if (!trail_.empty()) trail_.pop_back();
}

void Inspector::release() { trail_.clear(); }

const Element* Inspector::subject() const { return looked_at_.empty() ? nullptr : &looked_at_.front(); }

void Inspector::look() {
    const std::vector<Element>& wanted = pinned() ? trail_ : !hovered_.empty() ? hovered_ : suggested_;
    suggested_shown_ = &wanted == &suggested_ && !wanted.empty();
    if (wanted.empty() || !graph_) {
        looked_at_.clear();
        marks_.clear();
        return;
    }
    if (!looked_at_.empty() && looked_at_.front() == wanted.back()) return;
    marks_.clear();
    looked_at_.clear();
    const Element& element = wanted.back();
    if (!graph_->contains(element.node) && !element.node.starts_with('#')) return;
    const int id = node_of(*graph_, element.node);
    const Shape& shape = graph_->node(id).value.shape();
    if (element.index < 0 || element.index >= shape.elements()) return;
    looked_at_ = {element};
    explanation_ = element.gradient ? explained_gradient(*graph_, id, element.index) : graph_->explain(id, element.index);
    channel_ = -1;
    field_ = {};
    std::map<int, Cells> boxes;
    const auto add = [&](int node, int64_t index) {
        const auto [named, at] = named_source(*graph_, node, index);
        const Cells box = Cells::of(graph_->node(named).value.shape(), at);
        const auto [place, added] = boxes.emplace(named, box);
        if (!added) place->second.include(box);
    };
    for (const Term& term : explanation_.terms) {
        add(term.node, term.index);
        if (term.factor_node >= 0) add(term.factor_node, term.factor_index);
    }
    if (!element.gradient) mark_fields(id);
    for (const auto& [node, box] : boxes) marks_.emplace_back(node_name(*graph_, node), box.mark(Mark::Kind::patch));
    marks_.emplace_back(element.node, Cells::of(shape, element.index).mark(Mark::Kind::subject));
}

// What the element sees of each input picture; a matrix of vectors is no picture.
void Inspector::mark_fields(int id) {
    for (int input = 0; input < id; ++input) {
        const Node& node = graph_->node(input);
        if (node.operation != "input" || is_vector(node.value.shape()) || node.value.shape().rank() < 3) continue;
        const std::optional<Box> seen = receptive_field(*graph_, id, looked_at_.front().index, input);
        if (!seen) continue;
        field_ = clipped(*seen, node.value.shape());
        marks_.emplace_back(node.name, Mark{Mark::Kind::field, -1, field_.top, field_.left, field_.height(), field_.width()});
    }
}

std::vector<Mark> Inspector::marks(std::string_view node) const {
    std::vector<Mark> found;
    for (const auto& [name, mark] : marks_)
        if (name == node) found.push_back(mark);
    return found;
}

}  // namespace trilens

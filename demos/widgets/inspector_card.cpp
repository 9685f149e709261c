// Drawing of the inspector's card.
#include "demos/widgets/inspector_card.h"

#include <algorithm>
#include <cmath>

#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr const char* times = " \xc3\x97 ";  // the sign of multiplication
constexpr std::string_view gradient_sign = "dL/d ";
constexpr size_t listed_terms = 10;
constexpr float longest_number = 90;   // units
constexpr int64_t widest_window = 7;   // cells; larger ones are listed
constexpr int64_t widest_row = 11;     // the same for a window of one row, which has the whole width of the card

float term_value(const Term& term) { return term.value; }
float term_factor(const Term& term) { return term.factor; }
float term_product(const Term& term) { return term.value * term.factor; }

}  // namespace

float Inspector::draw(Stage& stage, Rect area) { return InspectorCard(*this, stage, area).draw(); }

std::string InspectorCard::place(int node, int64_t index, bool gradient) const {
    const Graph& graph = *inspector_.graph_;
    const Shape& shape = graph.node(node).value.shape();
    std::vector<int64_t> at(static_cast<size_t>(shape.rank()));
    unravel_index(shape, index, at);
    std::string text = std::string(gradient ? gradient_sign : "") + node_name(graph, node) + "[";
    // The first axis of one sample says nothing.
    const size_t from = at.size() > 1 && shape[0] == 1 ? 1 : 0;
    for (size_t axis = from; axis < at.size(); ++axis) text += (axis > from ? ", " : "") + std::to_string(at[axis]);
    return text + "]";
}

Element InspectorCard::source(const Term& term) const {
    const Graph& graph = *inspector_.graph_;
    if (term.of_gradient) return {node_name(graph, term.node), term.index, true};
    const auto [node, index] = named_source(graph, term.node, term.index);
    return {node_name(graph, node), index};
}

Element InspectorCard::factor_source(const Term& term) const {
    const Graph& graph = *inspector_.graph_;
    const auto [node, index] = named_source(graph, term.factor_node, term.factor_index);
    return {node_name(graph, node), index};
}

void InspectorCard::paragraph(const char* text, float size, ImU32 color) {
    area_.y += draw_paragraph(area_.min(), text, size, color, area_.w) + theme().px(6);
}

// The card's height is known after its content: the background is drawn into a channel below it.
float InspectorCard::draw() {
    const Theme& t = theme();
    const Rect whole = area_;
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->ChannelsSplit(2);
    list->ChannelsSetCurrent(1);
    area_ = whole.inset(t.px(t.pad));
    const Element* subject = inspector_.subject();
    if (!subject) {
        hint();
    } else {
        const Element element = *subject;
        heading(inspector_.graph_->node(node_of(*inspector_.graph_, element.node)), element);
        std::vector<Window> found = find_windows();
        if (!found.empty()) windows(found);
        else list_terms();
    }
    if (const Box& field = inspector_.field_; subject && field.height() * field.width() > 1)
        paragraph(say(Text::inspector_sees, {std::to_string(field.height()), std::to_string(field.width())}).c_str(), t.small_text,
                  t.color.text_soft);
    const float height = area_.y - top_ + t.px(t.pad) - t.px(6);
    list->ChannelsSetCurrent(0);
    draw_card(stage_, {whole.x, whole.y, whole.w, height}, nullptr);
    list->ChannelsMerge();
    stage_.place("inspector", {whole.x, whole.y, whole.w, height});
    if (clicked_) {
        inspector_.follow(next_);
        stage_.again();
    }
    return height + t.px(t.gap);
}

void InspectorCard::hint() {
    const Theme& t = theme();
    paragraph(say(Text::inspector_title), t.text, t.color.text);
    paragraph(say(stage_.touch ? Text::inspector_hint_touch : Text::inspector_hint), t.small_text, t.color.text_soft);
}

void InspectorCard::heading(const Node& node, const Element& element) {
    const Theme& t = theme();
    const Palette& c = t.color;
    const float button = t.px(t.control_height), top = area_.y;
    float right = area_.right();
    const auto pressed = [&](const char* name, const char* label) {
        const float width = text_width(label, t.text) + t.px(20);
        right -= width + t.px(6);
        return draw_button(stage_, name, label, {right + t.px(6), top, width, button});
    };
    if (inspector_.pinned() && pressed("inspector.release", say(Text::inspector_release))) inspector_.release(), stage_.again();
    if (inspector_.trail_.size() > 1 && pressed("inspector.back", say(Text::inspector_back))) inspector_.back(), stage_.again();
    const ImU32 color = element.gradient                ? c.gradient
                        : node.operation == "parameter" ? c.weight
                        : node.operation == "input"     ? c.input
                                                        : c.activation;
    const int id = node_of(*inspector_.graph_, element.node);
    const std::string name = fitting(place(id, element.index, element.gradient), right - area_.x);
    draw_text({area_.x, top + t.px(2)}, name.c_str(), t.text, color, right - area_.x);
    const std::string value = "= " + number(inspector_.explanation_.value);
    draw_text({area_.x, top + t.px(t.text + 8)}, value.c_str(), t.title + 3, c.text, right - area_.x);
    stage_.place("inspector.value", {area_.x, top + t.px(t.text + 8), std::max(right - area_.x, 1.0f), t.px(t.title + 3)});
    area_.cut_top(std::max(t.px(t.text + t.title + 20), button + t.px(8)));
    if (element.gradient) {
        gradient_origin(node, element);
        return;
    }
    if (!node.gradient.empty())
        paragraph(say(Text::inspector_gradient, {number(node.gradient.values()[static_cast<size_t>(element.index)])}).c_str(), t.small_text,
                  c.gradient);
    if (inspector_.explanation_.terms.empty())
        paragraph(say(node.operation == "parameter" ? Text::inspector_parameter : Text::inspector_input), t.small_text, c.text_soft);
    else paragraph(inspector_.explanation_.formula.c_str(), t.small_text, c.text_soft);
}

// Below the value of a gradient: that of the cell itself, and how the gradient came.
void InspectorCard::gradient_origin(const Node& node, const Element& element) {
    const Theme& t = theme();
    const std::string value = number(node.value.values()[static_cast<size_t>(element.index)]);
    paragraph(say(Text::inspector_own_value, {value}).c_str(), t.small_text, t.color.activation);
    const bool nothing = inspector_.explanation_.terms.empty();
    const Text text = !nothing                ? Text::inspector_gradient_from
                      : node.gradient.empty() ? Text::inspector_no_gradient
                                              : Text::inspector_gradient_start;
    paragraph(say(text), t.small_text, t.color.text_soft);
}

// Terms that come from the same map of the same node, as the rectangles they are; empty if the element is not made that way.
std::vector<InspectorCard::Window> InspectorCard::find_windows() const {
    std::vector<Window> found;
    const Explanation& e = inspector_.explanation_;
    if (e.kind == Explanation::Kind::function || e.terms.size() < 2) return {};
    const Graph& graph = *inspector_.graph_;
    const int node = e.terms[0].node;
    const Shape& shape = graph.node(node).value.shape();
    if (is_vector(shape) || shape.rank() < 3) return {};
    int64_t last_y = -1;
    for (const Term& term : e.terms) {
        if (term.node != node) continue;  // the bias
        const int64_t map = term.index / (shape[-1] * shape[-2]), y = term.index / shape[-1] % shape[-2];
        if (found.empty() || found.back().map != map) found.push_back({.map = map, .terms = {}}), last_y = -1;
        Window& window = found.back();
        window.rows += y != last_y;
        last_y = y;
        window.terms.push_back(&term);
        window.sum += term_product(term);
    }
    for (Window& window : found) {
        window.columns = static_cast<int64_t>(window.terms.size()) / std::max<int64_t>(window.rows, 1);
        if (window.columns * window.rows != static_cast<int64_t>(window.terms.size()) ||
            window.columns > (window.rows == 1 ? widest_row : widest_window) || window.rows > widest_window)
            return {};
    }
    return found;
}

// One small grid of numbers for a window; each cell is a link.
void InspectorCard::grid(const char* title, const Window& window, float width, float (*value)(const Term&), bool factor) {
    const Theme& t = theme();
    const float cell = std::min(std::floor(width / static_cast<float>(window.columns)), t.px(40));
    std::vector<float> values;
    for (const Term* term : window.terms) values.push_back(value(*term));
    NumberGrid numbers{values, window.columns, cell, factor ? ColorMap::diverging : ColorMap::viridis};
    for (size_t i = 0; i < values.size(); ++i)
        if (inspector_.explanation_.kind == Explanation::Kind::maximum && window.terms[i]->factor == 1)
            numbers.winner = static_cast<int64_t>(i);
    draw_text(area_.min(), title, t.small_text, t.color.text_soft, width);
    ImGui::PushID(title);
    const GridTouch touch = draw_number_grid(stage_, "inspector.window", numbers, {area_.x, area_.y + t.px(t.small_text + 6)});
    ImGui::PopID();
    if (touch.clicked < 0) return;
    const Term& term = *window.terms[static_cast<size_t>(touch.clicked)];
    next_ = factor && term.factor_node >= 0 ? factor_source(term) : source(term);
    clicked_ = true;
}

// Values, factors and products: beside each other, or below each other if they are one row, which needs the width.
void InspectorCard::window(const Window& window) {
    const Theme& t = theme();
    const bool sum = inspector_.explanation_.kind == Explanation::Kind::sum, stacked = window.rows == 1;
    const float gap = t.px(10), width = stacked ? area_.w : sum ? (area_.w - 2 * gap) / 3 : area_.w / 2;
    const float cell = std::min(std::floor(width / static_cast<float>(window.columns)), t.px(40));
    const float height = t.px(t.small_text + 6) + cell * static_cast<float>(window.rows) + (stacked ? t.px(4) : gap);
    const Rect row = area_;
    const auto next = [&] { (stacked ? area_.y : area_.x) += stacked ? height : width + gap; };
    const bool slides = inspector_.graph_->node(node_of(*inspector_.graph_, inspector_.subject()->node)).operation == "conv2d";
    grid(say(slides || !sum ? Text::inspector_patch : Text::inspector_values), window, width, term_value, false);
    if (sum) {
        next();
        grid(say(slides ? Text::inspector_kernel : Text::inspector_factors), window, width, term_factor, true);
        next();
        grid(say(Text::inspector_product), window, width, term_product, true);
    }
    area_.x = row.x;
    area_.cut_top(height + (stacked ? t.px(6) : 0));
}

// The sum over maps as links, the chosen map's window spelled out, then what is added to it (the bias).
void InspectorCard::windows(std::vector<Window>& windows) {
    const Theme& t = theme();
    const Palette& c = t.color;
    const Explanation& e = inspector_.explanation_;
    const auto chosen = std::find_if(windows.begin(), windows.end(), [&](const Window& each) { return each.map == inspector_.channel_; });
    const auto strongest = std::max_element(windows.begin(), windows.end(),
                                            [](const Window& a, const Window& b) { return std::fabs(a.sum) < std::fabs(b.sum); });
    const Window& shown = chosen != windows.end() ? *chosen : *strongest;
    float height = 0;
    if (windows.size() > 1) {
        std::vector<FormulaPart> parts;
        for (size_t i = 0; i < windows.size(); ++i)
            parts.push_back(
                {(i ? (windows[i].sum < 0 ? " - " : " + ") : (windows[i].sum < 0 ? "-" : "")) + short_number(std::fabs(windows[i].sum)),
                 &windows[i] == &shown ? c.accent : c.activation, static_cast<int>(i), false});
        for (const Term& term : e.terms)
            if (term.node != e.terms[0].node)
                parts.push_back(
                    {(term_product(term) < 0 ? " - " : " + ") + short_number(std::fabs(term_product(term))), c.weight, -1, false});
        const int link = draw_formula(stage_, "inspector.maps", parts, area_, height);
        if (link >= 0) inspector_.channel_ = windows[static_cast<size_t>(link)].map;
        area_.cut_top(height + t.px(6));
        paragraph(say(Text::inspector_channel, {std::to_string(shown.map)}).c_str(), t.small_text, c.text_soft);
    }
    window(shown);
    if (e.kind != Explanation::Kind::sum) return;
    std::vector<FormulaPart> parts;
    for (size_t i = 0; i < shown.terms.size(); ++i) {
        parts.push_back({i ? "+ " : "", 0, -1, false});
        parts.push_back({short_number(shown.terms[i]->value), c.activation, static_cast<int>(2 * i), true});
        parts.push_back({times, c.text_soft, -1, true});
        parts.push_back({as_factor(short_number(shown.terms[i]->factor)), c.weight, static_cast<int>(2 * i + 1), true});
        parts.push_back({" ", 0, -1, true});
    }
    for (const Term& term : e.terms)
        if (windows.size() == 1 && term.node != e.terms[0].node)
            parts.push_back({"+ " + as_factor(short_number(term_product(term))), c.weight, -1, false});
    const int link = draw_formula(stage_, "inspector.sum", parts, area_, height);
    area_.cut_top(height + t.px(6));
    if (link < 0) return;
    const Term& term = *shown.terms[static_cast<size_t>(link / 2)];
    const bool weight = link % 2 == 1 && term.factor_node >= 0;
    next_ = weight ? factor_source(term) : source(term);
    clicked_ = true;
}

// A place as there is room for it: without the parts of its name in front where they would push the rest out.
std::string InspectorCard::fitting(std::string name, float room) const {
    const Theme& t = theme();
    const size_t from = name.starts_with(gradient_sign) ? gradient_sign.size() : 0;
    while (text_width(name.c_str(), t.text) > room) {
        const size_t dot = name.find('.', from);
        if (dot == std::string::npos) break;
        name.erase(from, dot + 1 - from);
    }
    return name;
}

// The greatest terms, one a line; what the others add is said.
void InspectorCard::list_terms() {
    const Theme& t = theme();
    const Palette& c = t.color;
    const Explanation& e = inspector_.explanation_;
    std::vector<const Term*> terms;
    for (const Term& term : e.terms) terms.push_back(&term);
    if (is_sum() && terms.size() > listed_terms)
        std::sort(terms.begin(), terms.end(), [](const Term* a, const Term* b) {
            const float first = std::fabs(term_product(*a)), second = std::fabs(term_product(*b));
            return first != second ? first > second : a < b;
        });
    float rest = 0;
    for (size_t i = 0; i < terms.size(); ++i) {
        const Term& term = *terms[i];
        if (i >= listed_terms) {
            rest += term_product(term);
            continue;
        }
        const Element from = source(term);
        std::vector<FormulaPart> parts{
            {fitting(place(node_of(*inspector_.graph_, from.node), from.index, from.gradient), area_.w - t.px(longest_number)) + "  ",
             c.text_soft, 0, false},
            {number(term.value), term.of_gradient ? c.gradient : c.activation, 0, true}};
        if (is_sum() && (term.factor != 1 || term.factor_node >= 0)) {
            parts.push_back({times, c.text_soft, -1, false});
            parts.push_back({as_factor(number(term.factor)), c.weight, term.factor_node >= 0 ? 1 : -1, true});
        }
        float height = 0;
        const int link = draw_formula(stage_, "inspector.term" + std::to_string(i), parts, area_, height);
        area_.cut_top(height);
        if (link < 0) continue;
        next_ = link == 0 ? source(term) : factor_source(term);
        clicked_ = true;
    }
    if (terms.size() > listed_terms) {
        const std::string more = std::to_string(terms.size() - listed_terms);
        paragraph(is_sum() ? say(Text::inspector_more, {more, number(rest)}).c_str() : ("... " + more).c_str(), t.small_text, c.text_soft);
    }
    area_.cut_top(t.px(6));
}

}  // namespace trilens

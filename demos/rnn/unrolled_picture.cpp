// Boxes and arrows; every cell that is coloured is a number of the graph.
#include "demos/rnn/unrolled_picture.h"

#include <algorithm>
#include <cmath>

#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float output_height = 34, box_height = 62, input_height = 24, arrow = 16;
constexpr int64_t most_cells = 32;              // of a state drawn in its box
constexpr size_t most_stacked = 4;              // classes of a stacked bar

ImU32 faint(ImU32 color, bool reached) { return reached ? color : (color & 0x00ffffffu) | 0x50000000u; }

void draw_arrow(ImVec2 from, ImVec2 to, ImU32 color, float thickness) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Theme& t = theme();
    const float length = std::max(1.0f, std::hypot(to.x - from.x, to.y - from.y));
    const ImVec2 along{(to.x - from.x) / length, (to.y - from.y) / length}, across{-along.y, along.x};
    const float head = std::min(t.px(5), length * 0.5f);
    const ImVec2 base{to.x - along.x * head, to.y - along.y * head};
    list->AddLine(from, base, color, thickness);
    list->AddTriangleFilled(to, {base.x + across.x * head * 0.6f, base.y + across.y * head * 0.6f},
                            {base.x - across.x * head * 0.6f, base.y - across.y * head * 0.6f}, color);
}

ImU32 class_color(size_t at, size_t count) { return at + 1 == count ? theme().color.accent : theme().color.control_active; }

// The rows of the picture from the top.
struct Rows {
    float output, box, input;
    explicit Rows(float top) : output(top), box(top + theme().px(output_height + arrow)), input(box + theme().px(box_height + arrow)) {}
    static float height() { return theme().px(output_height + box_height + input_height + 2 * arrow); }
};

struct Picture {
    const RnnWorkbench& bench;
    const Graph& graph;
    const TimeAxis& axis;
    Rows rows;
    ColorScale scale;
    int64_t hidden_size;
    int64_t label_stride = 1;

    const Tensor& hidden() const { return graph.find("rnn.hidden").tensor(); }
    bool reached(int64_t t) const { return t < bench.shown_steps(); }
    bool now(int64_t t) const { return t + 1 == bench.shown_steps(); }
    Rect box(int64_t t) const {
        const float inset = std::min(axis.column() * 0.18f, theme().px(14));
        return {axis.x(t) + inset, rows.box, axis.column() - 2 * inset, theme().px(box_height)};
    }
};

// The state as a column of cells, first unit on top.
void draw_state(Stage& stage, const Picture& p, int64_t t) {
    const Theme& th = theme();
    const Rect box = p.box(t);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(box.min(), box.max(), th.color.control, th.px(6));
    if (p.hidden_size <= most_cells) {
        const Rect cells = box.inset(th.px(4));
        const float height = cells.h / static_cast<float>(p.hidden_size);
        const float* values = p.hidden().data() + t * p.hidden_size;
        for (int64_t unit = 0; unit < p.hidden_size; ++unit)
            list->AddRectFilled({cells.x, cells.y + static_cast<float>(unit) * height},
                                {cells.right(), cells.y + static_cast<float>(unit + 1) * height},
                                faint(p.scale.color(values[unit]), p.reached(t)));
    } else {
        const std::string label = "h" + std::to_string(t + 1);
        const float width = text_width(label.c_str(), th.small_text);
        if (width <= box.w)
            draw_text({box.x + (box.w - width) / 2, box.y + (box.h - th.px(th.small_text)) / 2}, label.c_str(), th.small_text,
                      faint(th.color.text, p.reached(t)));
    }
    list->AddRect(box.min(), box.max(), p.now(t) ? th.color.accent : faint(th.color.activation, p.reached(t)), th.px(6), 0,
                  th.px(p.now(t) ? 2.5f : 1.2f));
    stage.place("rnn.step:" + std::to_string(t), box);
}

// The probabilities at a step as one stacked bar; a forecast as its number.
void draw_output(const Picture& p, int64_t t) {
    const Theme& th = theme();
    const Rect box = p.box(t), out{box.x, p.rows.output, box.w, th.px(output_height)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool classes = p.graph.contains("rnn.probabilities");
    const Tensor& values = p.graph.find(classes ? "rnn.probabilities" : "rnn.logits").tensor();
    const int64_t width = values.shape()[-1], row = std::min(t, values.extent(0) - 1);
    const float* at = values.data() + row * width;
    if (!classes || width > static_cast<int64_t>(most_stacked)) {
        const int64_t best = std::max_element(at, at + width) - at;
        const std::string label = classes ? p.bench.classes()[static_cast<size_t>(best)] : number(static_cast<double>(at[0]));
        const float size = text_width(label.c_str(), th.small_text);
        if (size <= p.axis.column())
            draw_text({out.x + (out.w - size) / 2, out.bottom() - th.px(th.small_text + 4)}, label.c_str(), th.small_text,
                      faint(th.color.text, p.reached(t)));
        return;
    }
    float bottom = out.bottom();
    for (int64_t c = 0; c < width; ++c) {
        const float height = out.h * at[c];
        list->AddRectFilled({out.x, bottom - height}, {out.right(), bottom},
                            faint(class_color(static_cast<size_t>(c), static_cast<size_t>(width)), p.reached(t)));
        bottom -= height;
    }
    list->AddRect(out.min(), out.max(), faint(th.color.card_border, p.reached(t)));
}

void draw_step(Stage& stage, const Picture& p, int64_t t, bool is_first) {
    const Theme& th = theme();
    const Rect box = p.box(t);
    const float x = p.axis.middle(t), thick = th.px(p.now(t) ? 2.5f : 1.2f);
    const ImU32 lit = p.now(t) ? th.color.weight : faint(th.color.text_soft, p.reached(t));
    if (!is_first) draw_arrow({p.box(t - 1).right(), box.y + box.h / 2}, {box.x, box.y + box.h / 2}, lit, thick);
    draw_arrow({x, p.rows.input}, {x, box.bottom()}, lit, thick);
    draw_arrow({x, box.y}, {x, p.rows.output + th.px(output_height)}, lit, thick);
    draw_state(stage, p, t);
    draw_output(p, t);
    if (p.bench.reading().marked == t)
        ImGui::GetWindowDrawList()->AddCircle({x, p.rows.input - th.px(arrow) / 2}, th.px(6), th.color.mark, 0, th.px(2));
    if (t % p.label_stride != 0) return;
    const std::string& label = p.bench.step_labels()[static_cast<size_t>(t)];
    const float room = static_cast<float>(p.label_stride) * p.axis.column() - th.px(2);
    const float width = std::min(text_width(label.c_str(), th.small_text), room);
    const bool marked = p.bench.reading().marked == t;
    draw_text({x - width / 2, p.rows.input + th.px(3)}, label.c_str(), th.small_text,
              faint(marked ? th.color.mark : th.color.input, p.reached(t)), room);
}

// A long word may be cut short; where many labels would be, as numbers are, every second or third stands there whole.
int64_t label_stride(const std::vector<std::string>& labels, const TimeAxis& axis) {
    std::vector<float> widths;
    for (int64_t step = axis.first(); step < axis.last(); ++step)
        widths.push_back(text_width(labels[static_cast<size_t>(step)].c_str(), theme().small_text) + theme().px(2));
    const auto typical = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() * 3 / 4);
    std::ranges::nth_element(widths, typical);
    return typical == widths.end() ? 1 : std::max<int64_t>(1, static_cast<int64_t>(std::ceil(*typical / axis.column())));
}

// Too many steps to draw each: a line of dots, the step that time has reached on it.
float draw_dots(const RnnWorkbench& bench, const TimeAxis& axis, Rect area) {
    const Theme& t = theme();
    const float y = area.y + t.px(8);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddLine({axis.middle(axis.first()), y}, {axis.middle(axis.last() - 1), y}, t.color.card_border, t.px(1.5f));
    for (int64_t step = axis.first(); step < axis.last(); ++step) {
        const bool now = step + 1 == bench.shown_steps();
        if (axis.column() < 4 && !now) continue;
        list->AddCircleFilled({axis.middle(step), y}, now ? t.px(5) : std::min(axis.column() * 0.35f, t.px(3)),
                              now ? t.color.accent : faint(t.color.activation, step < bench.shown_steps()));
    }
    return t.px(18);
}

// What the parts of the stacked bars stand for.
float draw_class_legend(const RnnWorkbench& bench, Rect area) {
    const Theme& t = theme();
    const std::vector<std::string> names = bench.classes();
    if (names.empty() || names.size() > most_stacked) return 0;
    float x = area.x;
    for (size_t c = 0; c < names.size(); ++c) {
        ImGui::GetWindowDrawList()->AddRectFilled({x, area.y + t.px(4)}, {x + t.px(10), area.y + t.px(10)}, class_color(c, names.size()),
                                                  t.px(2));
        x += t.px(14) + draw_text({x + t.px(14), area.y}, names[c].c_str(), t.small_text, t.color.text_soft).x + t.px(14);
    }
    return t.px(t.small_text + 8);
}

// The cell of the picture at a place: a unit of a state, or a class of a bar.
std::optional<Element> element_at(const Picture& p, int64_t t, ImVec2 at) {
    const Rect box = p.box(t), cells = box.inset(theme().px(4)), out{box.x, p.rows.output, box.w, theme().px(output_height)};
    if (p.hidden_size <= most_cells && cells.contains(at))
        return Element{"rnn.hidden",
                       t * p.hidden_size + std::min<int64_t>(p.hidden_size - 1, static_cast<int64_t>((at.y - cells.y) / cells.h *
                                                                                                     static_cast<float>(p.hidden_size)))};
    if (!out.contains(at)) return std::nullopt;
    const bool classes = p.graph.contains("rnn.probabilities");
    const Tensor& values = p.graph.find(classes ? "rnn.probabilities" : "rnn.logits").tensor();
    const int64_t width = values.shape()[-1], row = std::min(t, values.extent(0) - 1);
    const float* shares = values.data() + row * width;
    if (!classes || width > static_cast<int64_t>(most_stacked))
        return Element{classes ? "rnn.probabilities" : "rnn.logits", row * width + (std::max_element(shares, shares + width) - shares)};
    int64_t c = 0;
    for (float top = out.bottom() - out.h * shares[0]; c + 1 < width && at.y < top; top -= out.h * shares[c]) ++c;
    return Element{"rnn.probabilities", row * width + c};
}

// Hovering tells the inspector, a click pins the cell and goes to its step. Returns the step that was clicked, or -1.
int64_t take_pointer(Stage& stage, const Picture& p, Rect whole) {
    ImGui::SetCursorScreenPos(whole.min());
    const bool released = ImGui::InvisibleButton("rnn.picture", {std::max(whole.w, 1.0f), whole.h});
    const ImVec2 at = ImGui::GetIO().MousePos;
    const int64_t t = p.axis.step_at(at.x);
    if (!ImGui::IsItemHovered() || t < 0) return -1;
    const auto element = element_at(p, t, at);
    if (element) stage.inspector.hover(*element);
    if (!released || !was_tap()) return -1;
    if (element) stage.inspector.pin(*element);
    return t;
}

}  // namespace

UnrolledEvent draw_unrolled(Stage& stage, const RnnWorkbench& bench, const TimeAxis& axis, Rect area) {
    const Theme& t = theme();
    const auto graph = bench.graph();
    const Tensor& hidden = graph->find("rnn.hidden").tensor();
    if (axis.column() < t.px(least_unrolled_step)) return {draw_dots(bench, axis, area), -1};
    const float legend = draw_class_legend(bench, area);
    Picture p{bench,
              *graph,
              axis,
              Rows(area.y + legend),
              ColorScale::of(ColorMap::diverging, hidden.data(), hidden.elements()),
              hidden.shape()[-1]};
    p.label_stride = label_stride(bench.step_labels(), axis);
    const Rect whole{area.x, area.y + legend - t.px(4), area.w, Rows::height() + t.px(8)};
    ImGui::GetWindowDrawList()->PushClipRect(whole.min(), whole.max(), true);
    for (int64_t step = axis.first(); step < axis.last(); ++step) draw_step(stage, p, step, step == 0);
    ImGui::GetWindowDrawList()->PopClipRect();
    return {legend + Rows::height(), take_pointer(stage, p, whole)};
}

float draw_shared_weights(Stage& stage, const RnnWorkbench& bench, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    int64_t total = 0;
    for (const char* name : {"W_xh", "W_hh", "W_ho"}) {
        const std::string node = std::string("rnn.") + name;
        const Tensor& weight = bench.graph()->find(node).tensor();
        const std::string title = std::string(name) + "  " + std::to_string(weight.extent(0)) + " x " + std::to_string(weight.extent(1));
        draw_text(area.min(), title.c_str(), t.small_text, t.color.weight, area.w);
        area.cut_top(t.px(t.small_text + 5));
        GridStyle style{.map = ColorMap::diverging, .scale_bar = false, .filled = true, .gradient = bench.settings.gradients};
        const Rect place{area.x, area.y, area.w, std::clamp(t.px(3) * static_cast<float>(weight.extent(0)), t.px(14), t.px(110))};
        draw_tensor(stage, node, place, style);
        // Lit where the step on screen uses them; before the first step there is no state to multiply.
        const bool used = bench.shown_steps() > (name == std::string_view("W_hh") ? 1 : 0);
        ImGui::GetWindowDrawList()->AddRect(place.min(), place.max(), used ? t.color.weight : t.color.card_border, 0, 0,
                                            t.px(used ? 2.5f : 1.2f));
        area.cut_top(place.h + t.px(8));
    }
    for (const Parameter* parameter : bench.model()->parameters()) total += parameter->value.elements();
    const std::string line = say(Text::rnn_same_weights, {std::to_string(total)});
    area.cut_top(draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

}  // namespace trilens

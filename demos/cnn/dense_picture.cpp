// A fully connected layer: everything that comes in, times the weights of one unit, added up. Vectors are strips, maps stay maps.
#include <algorithm>
#include <cmath>

#include "demos/cnn/layer_scene.h"
#include "demos/cnn/network_view.h"
#include "demos/text/text.h"
#include "demos/widgets/bars.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

class DensePicture {
public:
    explicit DensePicture(const LayerScene& scene) : s_(scene), unit_(scene.cell) {
        const Node& node = scene.node();
        weight_ = node.inputs[1];
        const auto [source, first] = named_source(scene.graph(), node.inputs[0], 0);
        source_ = source;
        shape_ = scene.graph().node(source).value.shape();
        const Tensor& weights = scene.shown(weight_);
        inputs_ = scene.graph().node(weight_).value.shape()[1];
        if (!weights.empty()) row_ = weights.rows(unit_, 1).reshaped(shape_);
        input_ = scene.shown(source);
        products_ = make_products();
    }

    float draw(Rect area) {
        const Theme& t = theme();
        const bool scores = s_.at + 1 == s_.path.size(), beside = area.w > t.px(560);
        Rect left = area;
        if (scores && beside) left.w = std::floor(area.w * 0.58f);
        float used = draw_sum_of_products(left, !scores && beside);
        if (!scores) return used;
        Rect right{left.right() + t.px(28), area.y, area.right() - left.right() - t.px(28), area.h};
        if (!beside) right = {area.x, area.y + used + t.px(12), area.w, 0};
        const float bars = draw_softmax(right);
        return beside ? std::max(used, bars) : used + t.px(12) + bars;
    }

private:
    // What each input adds; of gradients: what this unit sends back to each input.
    Tensor make_products() const {
        Tensor out(shape_);
        const float* weights = s_.graph().node(weight_).value.data() + unit_ * inputs_;
        const Tensor& values = s_.graph().node(source_).value;
        const Tensor& gradient = s_.node().gradient;
        for (int64_t i = 0; i < inputs_; ++i) {
            if (!s_.gradients()) out.data()[i] = values.data()[i] * weights[i];
            else if (!gradient.empty()) out.data()[i] = gradient.data()[unit_] * weights[i];
        }
        return out;
    }

    GridStyle style(bool is_signed, const Tensor& values) const {
        GridStyle style = s_.bench.look.grid(is_signed);
        style.gradient = false;
        style.vector_width = 16;
        style.max_cell = 20;
        style.scale = ColorScale::of(style.map, values.data(), values.elements());
        return style;
    }

    // Three blocks of cells, side by side or below each other, in which the same cell stands for the same input.
    float draw_sum_of_products(Rect area, bool beside) {
        const Theme& t = theme();
        const float top = area.y, gap = t.px(22), width = beside ? (area.w - 2 * gap) / 3 : area.w;
        const bool vector = is_vector(shape_);
        const auto block = [&](int i, const char* name, const std::string& title, const Tensor& values, bool is_signed) {
            Rect place{beside ? area.x + static_cast<float>(i) * (width + gap) : area.x, area.y, width, 0};
            draw_text(place.min(), title.c_str(), t.small_text, t.color.text_soft, width);
            place.cut_top(t.px(19));
            GridStyle look = style(is_signed, values);
            if (vector && !beside) look.vector_width = static_cast<int>(std::min<int64_t>(inputs_, 32));
            place.h = tensor_height(s_.stage, shape_, width, look);
            if (!values.empty()) touch(draw_tensor(s_.stage, name, values, place, look), i);
            if (!beside) area.cut_top(place.h + t.px(19 + 8));
            return place.h + t.px(19 + 10);
        };
        float height =
            block(0, "cnn.layer.input", say(Text::zoom_vector, {std::to_string(inputs_)}), input_, s_.path[s_.at - 1].is_signed());
        height = std::max(height, block(1, "cnn.layer.weights", say(Text::zoom_weights, {std::to_string(unit_)}), row_, true));
        height = std::max(
            height, block(2, "cnn.layer.products", s_.gradients() ? "dL/dy \xc3\x97 w" : say(Text::zoom_products_of), products_, true));
        if (beside) area.cut_top(height);
        return area.y - top + draw_result(area);
    }

    // Hovering an input or a weight inspects it.
    void touch(const std::optional<GridCell>& cell, int block) {
        if (!cell || cell->flat >= inputs_) return;
        pointed_ = cell->flat;
        if (block == 2) return;
        const Element element = block == 0 ? Element{s_.name(source_), cell->flat, s_.gradients()}
                                           : Element{s_.name(weight_), unit_ * inputs_ + cell->flat, s_.gradients()};
        s_.stage.inspector.hover(element);
        if (ImGui::IsItemDeactivated() && was_tap()) s_.stage.inspector.pin(element);
    }

    float draw_result(Rect area) const {
        const Theme& t = theme();
        const float top = area.y;
        const auto line = [&](const std::string& text, float size, ImU32 color) {
            area.cut_top(draw_paragraph(area.min(), text.c_str(), size, color, area.w) + t.px(6));
        };
        if (s_.gradients()) return draw_cell_gradient(s_, area);
        line(say(Text::zoom_unit_title, {std::to_string(unit_)}), t.small_text, t.color.text_soft);
        const float bias = s_.graph().node(s_.layer().bias).value.data()[unit_], value = s_.node().value.data()[unit_];
        line(say(Text::zoom_dense_sum, {std::to_string(inputs_), as_signed(bias), number(value)}), t.text, t.color.text);
        const LayerPlace* next = s_.follower();
        if (next) line(next->title + "  ->  " + number(s_.graph().node(next->node).value.data()[unit_]), t.text, t.color.text);
        // The line is always there, so that nothing below it jumps.
        const auto i = static_cast<size_t>(pointed_);
        if (pointed_ >= 0)
            line(number(input_.values()[i]) + " \xc3\x97 " + as_signed(row_.values()[i]) + " = " + number(products_.values()[i]), t.text,
                 t.color.accent);
        else area.cut_top(t.px(t.text + 6));
        return area.y - top;
    }

    static std::string as_signed(float value) { return value < 0 ? "(" + number(value) + ")" : number(value); }

    float draw_softmax(Rect area) const {
        const Theme& t = theme();
        const float top = area.y;
        area.cut_top(draw_paragraph(area.min(), say(Text::zoom_softmax), t.small_text, t.color.text_soft, area.w) + t.px(8));
        area.h = 0;
        area.cut_top(
            draw_bars(s_.stage, "cnn.probabilities", s_.graph().find("cnn.probabilities").tensor().values(), s_.bench.classes(), area));
        return area.y - top;
    }

    const LayerScene& s_;
    int64_t unit_, inputs_ = 0, pointed_ = -1;
    int weight_ = -1, source_ = -1;
    Shape shape_;
    Tensor input_, row_, products_;
};

}  // namespace

float draw_dense(const LayerScene& scene, Rect area) { return DensePicture(scene).draw(area); }

}  // namespace trilens

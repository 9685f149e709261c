// A convolution in one row: input maps, a kernel on every edge, what each edge adds, their sum with the bias, and the layer after it.
#include <algorithm>
#include <cmath>

#include "demos/cnn/layer_scene.h"
#include "demos/cnn/partial_sums.h"
#include "demos/text/text.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/number_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float heading = 20, least_row = 44, tallest_row = 150, least_strip_row = 26, wire = 30, kernel_side = 64;   // units

class ConvolutionPicture {
public:
    ConvolutionPicture(const LayerScene& scene, int64_t& page, int64_t& rows) : s_(scene), page_(page), rows_(rows) {
        weight_ = scene.layer().weight;
        input_ = map_shape(scene.graph().node(scene.layer().input).value.shape());
        output_ = scene.shape();
    }

    float draw(Rect area) {
        const Theme& t = theme();
        const bool beside = area.w > t.px(560);
        Rect edges = area;
        edges.w = beside ? std::floor(area.w * 0.47f) : area.w;
        plan(edges, beside);
        const float left = draw_edges(edges, beside);
        if (!beside) {
            Rect below{area.x, area.y + left + t.px(12), area.w, 0};
            return left + t.px(12) + draw_sum(below, false);
        }
        Rect right{edges.right() + t.px(44), area.y, area.right() - edges.right() - t.px(44), area.h};
        draw_plus(edges, right);
        below_ = left < area.h * 0.45f;
        if (!below_) return std::max(left, draw_sum(right, true));
        // Few input maps leave room for the cell's sum below them, and for larger maps.
        const Rect rest{edges.x, edges.y + left + t.px(16), edges.w, 0};
        return std::max(left + t.px(16) + draw_cell(rest), draw_sum(right, true));
    }

private:
    bool strips() const { return input_.height == 1 && input_.width > 1; }

    // How many rows there are, and how high.
    void plan(Rect area, bool beside) {
        const Theme& t = theme();
        float least = strips() ? t.px(least_strip_row) : t.px(least_row);
        if (!strips()) least = std::max(least, 2 * static_cast<float>(input_.height) + t.px(6));   // two pixels for a cell
        const float room = std::max(area.h - t.px(heading) - t.px(34), t.px(200));
        rows_ = std::clamp<int64_t>(static_cast<int64_t>(room / least), 1, std::min<int64_t>(input_.maps, beside ? 12 : 6));
        page_ = std::clamp<int64_t>(page_ / rows_ * rows_, 0, input_.maps - 1);
        shown_ = std::min(rows_, input_.maps - page_);
        row_ = std::clamp(room / static_cast<float>(rows_), least,
                          strips() ? t.px(60)
                          : beside ? t.px(tallest_row)
                                   : std::max(least, t.px(84)));
        const float wires = 2 * t.px(wire), kernel = std::min(row_ - t.px(8), t.px(kernel_side));
        kernel_ = strips() ? t.px(kernel_side) : kernel;
        map_ = std::floor(std::min(strips() ? 1e6f : row_ - t.px(6), (area.w - wires - kernel_) / 2));
        if (strips()) map_ = (area.w - wires - kernel_) / 2;
    }

    float draw_edges(Rect area, bool beside) {
        const Theme& t = theme();
        const float x_kernel = area.x + map_ + t.px(wire), x_sum = x_kernel + kernel_ + t.px(wire);
        const auto head = [&](float x, float room, const std::string& text) {
            draw_text({x, area.y}, text.c_str(), t.small_text, t.color.text_soft, room);
        };
        head(area.x, map_ + t.px(wire - 4), say(Text::zoom_input_maps));
        head(x_kernel, kernel_ + t.px(wire - 4), say(Text::zoom_kernels));
        head(x_sum, area.right() - x_sum + t.px(30), say(s_.gradients() ? Text::zoom_partial_gradient : Text::zoom_partial));
        centers_.clear();
        for (int64_t i = 0; i < shown_; ++i)
            draw_edge(page_ + i, {area.x, area.y + t.px(heading) + static_cast<float>(i) * row_, area.w, row_});
        right_ = x_sum + map_;
        const float used = t.px(heading) + static_cast<float>(shown_) * row_;
        return used + draw_pager({area.x, area.y + used + t.px(4), beside ? right_ - area.x : area.w, 0});
    }

    // One input map on its way: map, kernel, sum.
    void draw_edge(int64_t channel, Rect row) {
        const Theme& t = theme();
        const float middle = row.y + row_ / 2, gap = t.px(4);
        const auto placed = [&](float x, float width, const MapShape& shape, const GridStyle& style) {
            const float height = std::min(map_height(s_.stage, shape, width, style), row_ - t.px(4));
            return Rect{x, middle - height / 2, width, height};
        };
        GridStyle of_input = s_.style(s_.layer().input, s_.path[s_.at - 1].is_signed());
        of_input.scale_bar = false;
        const Rect input = s_.draw_map(s_.layer().input, channel, placed(row.x, map_, input_, of_input), of_input);

        GridStyle of_kernel = s_.own_style(weight_, s_.map * input_.maps, input_.maps);
        of_kernel.scale_bar = false;
        const MapShape of_weights = map_shape(s_.graph().node(weight_).value.shape());
        const float x_kernel = input.x + std::max(map_, input.w) + t.px(wire);
        const Rect kernel =
            s_.draw_map(weight_, s_.map * input_.maps + channel, placed(x_kernel, kernel_, of_weights, of_kernel), of_kernel);

        const float x_sum = row.x + map_ + 2 * t.px(wire) + kernel_;
        const Rect sum = draw_partial(channel, x_sum, middle);
        draw_arrow({input.right() + gap, middle}, {kernel.x - gap, middle}, t.color.text_soft);
        draw_arrow({kernel.right() + gap, middle}, {sum.x - gap, middle}, t.color.text_soft);
        centers_.push_back({sum.right() + gap, middle});
    }

    // The scale of the output map and of the sums on screen, so that it can be seen which of them counts.
    GridStyle sum_style() const {
        GridStyle style = s_.own_style(s_.layer().node, s_.map, 1);
        float low = style.scale->low, high = style.scale->high;
        for (int64_t c = page_; c < page_ + shown_ && !s_.gradients(); ++c)
            if (const std::string name = std::string("cnn.") + partial_prefix + std::to_string(c); s_.graph().contains(name)) {
                const Tensor& sums = s_.graph().find(name).tensor();
                const ColorScale own = ColorScale::of(style.map, sums.data(), sums.elements());
                low = std::min(low, own.low), high = std::max(high, own.high);
            }
        style.scale = ColorScale{style.map, low, high};
        return style;
    }

    // What this input map alone adds. The gradient of a sum's part is the sum's.
    Rect draw_partial(int64_t channel, float x, float middle) {
        const Theme& t = theme();
        GridStyle style = sum_style();
        style.scale_bar = false;
        const float height = std::min(map_height(s_.stage, output_, map_, style), row_ - t.px(4));
        const Rect place{x, middle - height / 2, map_, height};
        const std::string name = std::string("cnn.") + partial_prefix + std::to_string(channel);
        if (s_.gradients()) return s_.draw_map(s_.layer().node, s_.map, place, style);
        if (!s_.graph().contains(name)) return place;
        draw_tensor(s_.stage, name, place, style);
        const Rect cells = s_.stage.rects().back().rect;
        const Element* subject = s_.stage.inspector.subject();
        if (subject && subject->node == name) return cells;
        const float width = cells.w / static_cast<float>(output_.width), tall = cells.h / static_cast<float>(output_.height);
        draw_mark({cells.x + static_cast<float>(s_.cell % output_.width) * width,
                   cells.y + static_cast<float>(s_.cell / output_.width) * tall, width, tall},
                  Mark::Kind::subject);
        return cells;
    }

    // Where not all input maps fit: which are shown, the way to the others, and what those add.
    float draw_pager(Rect area) {
        if (shown_ == input_.maps) return 0;
        const Theme& t = theme();
        const float side = t.px(s_.stage.touch ? t.touch_target : 28);
        if (draw_button(s_.stage, "cnn.layer.fewer", "<", {area.x, area.y, side, side}, false, page_ > 0))
            page_ = std::max<int64_t>(page_ - rows_, 0);
        if (draw_button(s_.stage, "cnn.layer.more", ">", {area.x + side + t.px(4), area.y, side, side}, false, page_ + rows_ < input_.maps))
            page_ += rows_;
        const std::string range =
            say(Text::zoom_more_maps, {std::to_string(page_), std::to_string(page_ + shown_ - 1), std::to_string(input_.maps)});
        const float x = area.x + 2 * side + t.px(12);
        draw_text({x, area.y}, range.c_str(), t.small_text, t.color.text, area.right() - x);
        if (s_.gradients()) return side;
        const float others = other_partial_sums(s_.graph(), s_.layer().node, s_.map, s_.cell, page_, shown_);
        const std::string rest = say(Text::zoom_other_maps, {std::to_string(input_.maps - shown_), number(others)});
        return std::max(side,
                        t.px(17) + draw_paragraph({x, area.y + t.px(17)}, rest.c_str(), t.small_text, t.color.text_soft, area.right() - x));
    }

    // From every sum to one plus.
    void draw_plus(Rect edges, Rect right) {
        const Theme& t = theme();
        plus_ = {right.x - t.px(20), edges.y + t.px(heading) + t.px(74)};
        ImDrawList* list = ImGui::GetWindowDrawList();
        const float radius = t.px(9), bend = t.px(18);
        for (const ImVec2& from : centers_)
            list->AddBezierCubic(from, {from.x + bend, from.y}, {plus_.x - bend - radius, plus_.y}, {plus_.x - radius, plus_.y},
                                 t.color.text_soft, t.px(1.2f));
        if (s_.layer().bias >= 0)
            list->AddLine({plus_.x, edges.y + t.px(heading + 2)}, {plus_.x, plus_.y - radius}, t.color.weight, t.px(1.2f));
        list->AddCircleFilled(plus_, radius, t.color.card);
        list->AddCircle(plus_, radius, t.color.text_soft, 0, t.px(1.5f));
        list->AddLine({plus_.x - t.px(4), plus_.y}, {plus_.x + t.px(4), plus_.y}, t.color.text, t.px(1.5f));
        list->AddLine({plus_.x, plus_.y - t.px(4)}, {plus_.x, plus_.y + t.px(4)}, t.color.text, t.px(1.5f));
    }

    // Bias, output, what follows, and the sum of one cell.
    float draw_sum(Rect area, bool beside) {
        const Theme& t = theme();
        const float top = area.y;
        draw_bias(beside ? Rect{plus_.x - t.px(4), area.y, area.w, 0} : area);
        area.cut_top(t.px(heading + 4));
        const LayerPlace* next = s_.follower();
        if (below_) return draw_large(area, next) + area.y - top;
        const float gap = t.px(24), name = t.px(18);
        const float side = std::min((area.w - gap) / 2, beside ? std::max(area.h * 0.45f, t.px(140)) : t.px(220));
        draw_text(area.min(), say(Text::zoom_output), t.small_text, t.color.text_soft, side);
        const GridStyle style = sum_style();
        const float height = map_height(s_.stage, output_, side, style);
        const Rect output = s_.draw_map(s_.layer().node, s_.map, {area.x, area.y + name, side, height}, style);
        if (beside) draw_arrow({plus_.x + t.px(9), plus_.y}, {output.x - t.px(3), plus_.y}, t.color.text_soft);
        if (next) {
            const float x = area.x + side + gap;
            draw_text({x, area.y}, say(Text::zoom_after, {next->title}).c_str(), t.small_text, t.color.text_soft, area.right() - x);
            const Rect after = s_.draw_output(*next, s_.map, {x, area.y + name, side, height});
            const float middle = output.y + output.h / 2;
            draw_arrow({output.right() + t.px(4), middle}, {after.x - t.px(4), middle}, t.color.text_soft);
        }
        area.cut_top(name + height + t.px(8));
        return area.y - top + (below_ ? 0 : draw_cell(area));
    }

    // The output map above the next layer's, as large as there is room.
    float draw_large(Rect area, const LayerPlace* next) {
        const Theme& t = theme();
        const float top = area.y, name = t.px(18), rows = next ? 2 : 1;
        const float side = std::min(area.w, std::max((area.h - (rows - 1) * t.px(8)) / rows - name, t.px(140)));
        const auto place = [&](const std::string& title) {
            draw_text(area.min(), title.c_str(), t.small_text, t.color.text_soft, area.w);
            area.cut_top(name);
            return Rect{area.x, area.y, area.w, std::min(side, map_height(s_.stage, output_, area.w, sum_style()))};
        };
        const Rect output = s_.draw_map(s_.layer().node, s_.map, place(say(Text::zoom_output)), sum_style());
        draw_arrow({plus_.x + t.px(9), plus_.y}, {output.x - t.px(3), plus_.y}, t.color.text_soft);
        area.y = output.bottom() + t.px(28);
        if (!next) return area.y - top;
        const Rect after = s_.draw_output(*next, s_.map, place(say(Text::zoom_after, {next->title})));
        return after.bottom() + t.px(24) - top;
    }

    // The sum of one cell, and what is to be said of sums.
    float draw_cell(Rect area) {
        const Theme& t = theme();
        const float top = area.y;
        area.cut_top(s_.gradients() ? draw_cell_gradient(s_, area) : draw_cell_sum(s_, area));
        const Text note = s_.gradients() ? Text::zoom_sums_gradient : Text::zoom_sums_up;
        area.cut_top(draw_paragraph(area.min(), say(note), t.small_text, t.color.text_soft, area.w));
        return area.y - top;
    }

    void draw_bias(Rect area) const {
        if (s_.layer().bias < 0 || s_.shown(s_.layer().bias).empty()) return;
        const std::string text = "+ " + say(Text::zoom_bias, {number(s_.shown(s_.layer().bias).data()[s_.map])});
        float height = 0;
        if (draw_formula(s_.stage, "cnn.layer.bias", {{text, theme().color.weight, 0}}, area, height) == 0)
            s_.stage.inspector.pin({s_.name(s_.layer().bias), s_.map, s_.gradients()});
    }

    const LayerScene& s_;
    int64_t &page_, &rows_, shown_ = 1;
    bool below_ = false;   // the cell's sum stands below the edges
    int weight_ = -1;
    MapShape input_, output_;
    float row_ = 0, map_ = 0, kernel_ = 0, right_ = 0;   // of the edges
    ImVec2 plus_{};
    std::vector<ImVec2> centers_;
};

}  // namespace

float draw_convolution(const LayerScene& scene, Rect area, int64_t& page, int64_t& rows) {
    return ConvolutionPicture(scene, page, rows).draw(area);
}

}  // namespace trilens

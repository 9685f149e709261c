// Cards from top to bottom: the map, one column and one position of it, the shuffle.
#include "demos/transformer/positions_view.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/text/text.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"
#include "engine/autograd/positions.h"

namespace trilens {

namespace {

constexpr float plot_height = 150, map_height = 300;  // units
constexpr float same_output = 1e-4f;  // sums in another order differ by rounding, far below this

std::string scientific(float value) {
    char out[24];
    std::snprintf(out, sizeof out, "%.3g", static_cast<double>(value));
    return out;
}

// The cosines of the angles by which the pairs of a rotary encoding are turned.
Tensor rotary_cosines(int64_t count, int64_t key_size) {
    const Tensor both = sinusoidal_encoding(count, key_size);
    Tensor out(Shape{count, key_size / 2});
    for (int64_t i = 0; i < out.elements(); ++i) out.data()[i] = both.data()[2 * i + 1];
    return out;
}

Tensor transposed(const Tensor& matrix) {
    const int64_t rows = matrix.extent(0), columns = matrix.extent(1);
    Tensor out(Shape{columns, rows});
    for (int64_t i = 0; i < matrix.elements(); ++i) out.data()[i % columns * rows + i / columns] = matrix.data()[i];
    return out;
}

double angle(int64_t position, int64_t column, int64_t width) {
    return static_cast<double>(position) / std::pow(10000.0, static_cast<double>(column / 2 * 2) / static_cast<double>(width));
}

}  // namespace

void TransformerPositionsView::list_fields(Fields& fields) {
    fields.section(Text::section_positions);
    fields.effect(Field::Effect::looks);
    fields.integer("transformer.positions_shown", Text::field_positions_shown, Text::help_positions_shown, shown_, {16, 256, 16});
}

Tensor TransformerPositionsView::table() const {
    if (!bench().graph()) return {};
    const TransformerPlan plan = bench().plan();
    const char* stack = plan.kind == TransformerPlan::Kind::decoder ? "decoder" : "encoder";
    switch (plan.positions) {
    case Positions::none: return {};
    case Positions::sinusoidal: return sinusoidal_encoding(shown_, plan.layer.d_model);
    case Positions::rotary: return rotary_cosines(shown_, plan.layer.key_size);
    case Positions::learned: break;
    }
    for (const Parameter* parameter : bench().model()->parameters())
        if (parameter->name.ends_with(std::string(stack) + ".positions.weight")) {
            const int64_t rows = std::min<int64_t>(shown_, parameter->value.extent(0)), width = parameter->value.extent(1);
            Tensor out(Shape{rows, width});
            std::copy_n(parameter->value.data(), rows * width, out.data());
            return out;
        }
    return {};
}

// The cell's formula with its numbers; its value is the table's own.
std::string TransformerPositionsView::told_of(int64_t position, int64_t column) const {
    const TransformerPlan plan = bench().plan();
    const Tensor values = table();
    const std::string value = number(static_cast<double>(values.data()[position * values.extent(1) + column]));
    const std::string at = std::to_string(position), of = std::to_string(column);
    switch (plan.positions) {
    case Positions::sinusoidal:
        return say(Text::positions_cell, {at, of, column % 2 == 0 ? "sin" : "cos", std::to_string(column / 2 * 2),
                                          std::to_string(plan.layer.d_model), number(angle(position, column, plan.layer.d_model)), value});
    case Positions::rotary:
        return say(Text::positions_rotary_cell, {at, of, number(angle(position, 2 * column, plan.layer.key_size)), value});
    default: return say(Text::positions_learned_cell, {at, of, value});
    }
}

float TransformerPositionsView::draw_map(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const TransformerPlan plan = bench().plan();
    const bool rotary = plan.positions == Positions::rotary;
    const std::string words = say(plan.positions == Positions::sinusoidal ? Text::positions_map_sinusoidal
                                  : rotary                                ? Text::positions_map_rotary
                                  : plan.positions == Positions::learned  ? Text::positions_map_learned
                                                                          : Text::positions_map_none,
                                  {std::to_string(rotary ? plan.layer.key_size : plan.layer.d_model)});
    area.cut_top(draw_paragraph(area.min(), words.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(4));
    const Tensor values = table();
    if (values.empty()) return area.y - top;
    if (!bench().settings.positions)
        area.cut_top(draw_paragraph(area.min(), say(Text::positions_map_off), t.text, t.color.warning, area.w) + t.px(4));
    // Positions run along x, as in the curves below.
    const Tensor turned = transposed(values);
    // As large as the height allows, so that no more of it is used than is drawn.
    const float largest = std::clamp(std::floor((map_height - 30) / static_cast<float>(turned.extent(0))), 1.0f, 16.0f);
    const GridStyle style{.map = ColorMap::diverging, .max_cell = largest};
    const auto cell = draw_tensor(stage, "transformer.positions.map", turned, {area.x, area.y, area.w, t.px(map_height)}, style);
    area.cut_top(std::min(t.px(map_height), tensor_height(stage, turned.shape(), area.w, style)));
    if (cell && ImGui::IsMouseReleased(0) && was_tap()) position_ = cell->x, column_ = cell->y, stage.again();
    position_ = std::min(position_, values.extent(0) - 1);
    column_ = std::min(column_, values.extent(1) - 1);
    const auto [position, column] = cell ? std::pair(cell->x, cell->y) : std::pair(position_, column_);
    area.cut_top(draw_paragraph(area.min(), told_of(position, column).c_str(), t.text, t.color.text, area.w));
    return area.y - top;
}

float TransformerPositionsView::draw_wave(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const Tensor values = table();
    const int64_t count = values.extent(0), width = values.extent(1);
    std::vector<float> x, wave, alike;
    const float* own = values.data() + position_ * width;
    const auto product = [&](const float* a, const float* b) {
        double sum = 0;
        for (int64_t k = 0; k < width; ++k) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
        return sum;
    };
    for (int64_t i = 0; i < count; ++i) {
        const float* row = values.data() + i * width;
        x.push_back(static_cast<float>(i));
        wave.push_back(row[column_]);
        alike.push_back(static_cast<float>(product(own, row) / std::sqrt(std::max(product(own, own) * product(row, row), 1e-30))));
    }
    const std::string column = say(Text::positions_wave_label, {std::to_string(column_)}),
                      cosine = say(Text::positions_alike_label, {std::to_string(position_)});
    const Series series[] = {{column, t.color.accent, x, wave}, {cosine, t.color.attention, x, alike}};
    draw_plot(stage, "transformer.positions.wave", series, {area.x, area.y, area.w, t.px(plot_height)},
              {.x_label = say(Text::positions_axis), .whole_x = true});
    area.cut_top(t.px(plot_height + 4));
    area.cut_top(draw_paragraph(area.min(), say(Text::positions_wave_hint), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

float TransformerPositionsView::draw_switches(Stage& stage, Rect area) {
    const TransformerSettings& s = bench().settings;
    ButtonRow row(stage, area);
    if (bench().plan().positions == Positions::none) {
        if (row.button("transformer.positions.sinusoidal", say(Text::positions_sinusoidal)))
            set("transformer.encoding", std::string("sinusoidal"));
    } else if (row.button("transformer.positions.told", say(s.positions ? Text::positions_told : Text::positions_not_told), s.positions)) {
        set("transformer.positions", !s.positions);
    }
    if (row.button("transformer.positions.shuffle", say(Text::field_transformer_shuffled), s.shuffled))
        set("transformer.shuffled", !s.shuffled);
    return row.height();
}

float TransformerPositionsView::draw_shuffle(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (bench().writes()) {
        area.cut_top(draw_paragraph(area.min(), say(Text::positions_causal), t.text, t.color.text, area.w) + t.px(t.gap));
        ButtonRow row(stage, area);
        if (row.button("transformer.positions.example", say(Text::transformer_task_layer))) set("transformer.task", std::string("layer"));
        return area.y + row.height() - top;
    }
    if (outputs_version_ != bench().version()) {
        outputs_ = shuffled_outputs(bench());
        outputs_version_ = bench().version();
    }
    area.cut_top(draw_switches(stage, area) + t.px(t.gap));
    if (!outputs_) return area.y - top;
    const bool same = outputs_->largest_difference < same_output;
    const std::string told = say(same ? Text::positions_same : Text::positions_other, {scientific(outputs_->largest_difference)}) +
                             (same && outputs_->largest_difference > 0 ? std::string(" ") + say(Text::positions_rounding) : "");
    const float used = draw_paragraph(area.min(), told.c_str(), t.text, t.color.text, area.w);
    stage.place("transformer.positions.told_difference", {area.x, area.y, area.w, used});
    area.cut_top(used + t.px(t.gap));
    area.cut_top(draw_shuffled_outputs(stage, *outputs_, area));
    return area.y - top;
}

float TransformerPositionsView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    const auto card = [&](const char* name, Text title, auto content) {
        area.y += cards_.draw(stage, name, say(title), area, [&](Rect inner) { return (this->*content)(stage, inner); });
    };
    if (bench().graph()) {
        card("transformer.positions.encoding", Text::positions_map_title, &TransformerPositionsView::draw_map);
        if (!table().empty()) card("transformer.positions.curves", Text::positions_wave_title, &TransformerPositionsView::draw_wave);
        card("transformer.positions.orders", Text::positions_shuffle_title, &TransformerPositionsView::draw_shuffle);
    }
    return area.y - top;
}

}  // namespace trilens

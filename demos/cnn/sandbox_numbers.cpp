// The sums of the Sandbox: how large its output is, and what it costs beside a fully connected layer.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "demos/cnn/layer_cost.h"
#include "demos/cnn/sandbox.h"
#include "demos/text/text.h"
#include "demos/widgets/formula.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr const char* times = " \xc3\x97 ";

// 61544 as "61,544".
std::string grouped(int64_t value) {
    std::string text = std::to_string(value);
    for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string factor_text(int64_t more, int64_t less) {
    const double factor = static_cast<double>(more) / static_cast<double>(std::max<int64_t>(less, 1));
    return (factor < 10 ? number(std::round(factor * 10) / 10) : grouped(std::llround(factor))) + "\xc3\x97";
}

float line(const std::string& text, float size, ImU32 color, Rect& area) {
    const float height = draw_paragraph(area.min(), text.c_str(), size, color, area.w) + theme().px(4);
    area.cut_top(height);
    return height;
}

// "Convolution: floor((28 + 2 x 1 - 1 x (3 - 1) - 1) / 1) + 1 = 28"; without padding and dilation where a window has none.
std::vector<FormulaPart> window_sum(const char* label, const WindowCount& window, bool plain) {
    const Theme& t = theme();
    std::vector<FormulaPart> parts{{std::string(label) + " ", t.color.text_soft}};
    const auto word = [&](const std::string& text) { parts.push_back({text}); };   // where a line may begin
    const auto add = [&](const std::string& text, ImU32 color = 0) { parts.push_back({text, color, -1, true}); };
    const auto given = [&](int64_t value, ImU32 color) { add(std::to_string(value), color); };
    word("floor((");
    given(window.in, t.color.input);
    if (plain) {
        add(" ");
        word("- ");
        given(window.kernel, t.color.weight);
    } else {
        add(" ");
        word(std::string("+ 2") + times);
        given(window.padding, t.color.accent);
        add(" ");
        word("- ");
        given(window.dilation, t.color.accent);
        add(std::string(times) + "(");
        given(window.kernel, t.color.weight);
        add(" - 1) ");
        word("- 1");
    }
    add(") / ");
    given(window.stride, t.color.accent);
    add(") ");
    word("+ 1 = ");
    given(window.out(), t.color.activation);
    return parts;
}

struct CostRow {
    const char* label;
    std::string ours, our_sum, dense, dense_sum, factor;
};

// Columns beside each other where it is wide; the sums below the numbers.
float draw_cost_row(const CostRow& row, Rect area, bool heading) {
    const Theme& t = theme();
    const bool narrow = area.w < t.px(480);
    const float shares[] = {narrow ? 0.0f : 0.2f, narrow ? 0.36f : 0.27f, narrow ? 0.42f : 0.35f, narrow ? 0.22f : 0.18f};
    const float top = area.y, head = heading ? t.small_text : t.text;
    const ImU32 color = heading ? t.color.text_soft : t.color.text;
    if (narrow && !heading) line(row.label, t.small_text, t.color.text_soft, area);
    float x = area.x, height = 0;
    const auto cell = [&](int at, const std::string& text, const std::string& sum, ImU32 ink) {
        const float width = shares[at] * area.w - t.px(8);
        float used = draw_paragraph({x, area.y}, text.c_str(), head, ink, width);
        if (!sum.empty())
            used += t.px(2) + draw_paragraph({x, area.y + used + t.px(2)}, sum.c_str(), t.small_text, t.color.text_soft, width);
        height = std::max(height, used);
        x += shares[at] * area.w;
    };
    if (!narrow) cell(0, row.label, "", t.color.text_soft);
    cell(1, row.ours, row.our_sum, heading ? color : t.color.weight);
    cell(2, row.dense, row.dense_sum, color);
    cell(3, row.factor, "", heading ? color : t.color.accent);
    return area.y - top + height + t.px(10);
}

}  // namespace

// The output shapes of convolution and pooling with their numbers; what does not fit, and what no window reaches.
float Sandbox::draw_shapes(Stage& stage, Rect area) const {
    const Theme& t = theme();
    const float top = area.y;
    const int64_t in = value("cnn.input").extent(-1), kernel = value("cnn.sandbox.kernel").extent(-1);
    const WindowCount sum = convolution(in, kernel), pool = pooling(sum.out());
    line(std::string(say(Text::sandbox_shape_title)) + " = " + say(Text::sandbox_shape_formula), t.small_text, t.color.text_soft, area);
    const auto formula = [&](const char* name, Text label, const WindowCount& window, bool plain) {
        float height = 0;
        draw_formula(stage, name, window_sum(say(label), window, plain), area, height);
        area.cut_top(height + t.px(2));
        if (window.unreached() == 0) return;
        const Text rest = bench().curves() ? Text::sandbox_unreached_curve : Text::sandbox_unreached;
        line(say(rest, {std::to_string(window.unreached())}), t.small_text, t.color.text_soft, area);
    };
    if (sum.fits()) formula("cnn.sandbox.shape", Text::sandbox_shape_conv, sum, false);
    if (sum.fits() && pool_ != Pool::none && pool.fits()) formula("cnn.sandbox.pool_shape", Text::sandbox_shape_pool, pool, true);
    if (Layer* layer = kind_ == KernelKind::learned ? first_convolution() : nullptr) {
        const auto kernel_at = static_cast<size_t>(learned_at(learned_kernels()));
        const double bias = static_cast<double>(layer->parameters()[1]->value.values()[kernel_at]);
        line(say(Text::sandbox_learned_note, {number(bias)}), t.small_text, t.color.text_soft, area);
    }
    return area.y - top;
}

float Sandbox::draw_cost(Stage& stage, Rect area) const {
    const Theme& t = theme();
    if (!stage.graph->contains("cnn.sandbox.conv")) return 0;
    const float top = area.y;
    const Shape in = value("cnn.input").shape(), kernel = value("cnn.sandbox.kernel").shape(), out = value("cnn.sandbox.conv").shape();
    const LayerCost ours = convolution_cost(kernel, out), dense = dense_cost(in, out);
    const std::string inputs = grouped(in.elements()), outputs = grouped(out.elements()), weights = grouped(ours.weights);
    const CostRow rows[] = {{"", say(Text::sandbox_cost_this), "", say(Text::sandbox_cost_dense), "", say(Text::sandbox_cost_factor)},
                            {say(Text::sandbox_cost_parameters), grouped(ours.parameters()), weights + " + " + grouped(ours.biases),
                             grouped(dense.parameters()), inputs + times + outputs + " + " + grouped(dense.biases),
                             factor_text(dense.parameters(), ours.parameters())},
                            {say(Text::sandbox_cost_multiply_adds), grouped(ours.multiply_adds), outputs + times + weights,
                             grouped(dense.multiply_adds), inputs + times + outputs, factor_text(dense.multiply_adds, ours.multiply_adds)}};
    for (const CostRow& row : rows) area.cut_top(draw_cost_row(row, area, &row == rows));
    line(say(Text::sandbox_cost_sharing, {weights, outputs}), t.text, t.color.text, area);
    line(say(Text::sandbox_cost_channels), t.small_text, t.color.text_soft, area);
    return area.y - top;
}

}  // namespace trilens

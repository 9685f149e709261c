// Wide: one line a row, the numbers first; narrow: the numbers below the rest.
#include "demos/rnn/sequence_table.h"

#include <cstdio>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"
#include "engine/data/needle.h"

namespace trilens {

namespace {

constexpr size_t column_count = 6;
constexpr float column_at[column_count + 1] = {0, 0.155f, 0.315f, 0.475f, 0.67f, 0.81f, 1};  // shares of the width; the last is the end
constexpr float numbers_share = 0.44f, row_height = 26, narrow_row_height = 44;

std::string fixed(float value, const char* format) {
    char text[24];
    std::snprintf(text, sizeof text, format, static_cast<double>(value));
    return text;
}

// Shorter than the names on the bars.
std::vector<std::string> short_names(const RnnWorkbench& bench) { return bench.task().short_classes(bench.context()); }

// One sequence: its numbers in words, and the one that decides: their sum, or the marked one, which stands in brackets.
struct Numbers {
    std::string text;
    float decisive = 0;
};

Numbers numbers_of(const Tensor& inputs, int64_t row) {
    const int64_t steps = inputs.extent(1), features = inputs.extent(2);
    const float* value = inputs.data() + row * steps * features;
    Numbers out;
    for (int64_t t = 0; t < steps; ++t, value += features) {
        const bool marked = features == needle_features && value[1] != 0;
        if (marked || features == 1) out.decisive += value[0];
        out.text += (t > 0 ? " " : "") + fixed(value[0], marked ? "[%.2f]" : "%.2f");
    }
    return out;
}

// A tick or a cross: told apart by more than colour.
void draw_sign(bool right, ImVec2 at, float size) {
    const Theme& t = theme();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float width = t.px(2);
    if (right) {
        const ImVec2 tick[] = {{at.x, at.y + size * 0.55f}, {at.x + size * 0.38f, at.y + size * 0.9f}, {at.x + size, at.y + size * 0.1f}};
        list->AddPolyline(tick, 3, t.color.good, 0, width);
        return;
    }
    const float near = size * 0.12f, far = size * 0.88f;
    list->AddLine({at.x + near, at.y + near}, {at.x + far, at.y + far}, t.color.warning, width);
    list->AddLine({at.x + near, at.y + far}, {at.x + far, at.y + near}, t.color.warning, width);
}

// Where the columns stand: the decisive number, p, p, answer, truth, right or wrong.
struct Columns {
    float from = 0, width = 0;
    Columns(const Stage& stage, Rect area)
        : from(stage.narrow ? area.x : area.x + area.w * numbers_share), width(stage.narrow ? area.w : area.w * (1 - numbers_share)) {}
    float x(size_t at) const { return from + width * column_at[at]; }
    float room(size_t at) const { return x(at + 1) - x(at) - theme().px(6); }
};

void draw_columns(const Columns& columns, std::span<const std::string> texts, float y, ImU32 color) {
    const Theme& t = theme();
    for (size_t i = 0; i < texts.size(); ++i)
        draw_text({columns.x(i) + t.px(4), y}, texts[i].c_str(), t.small_text, color, columns.room(i));
}

// Returns the height used.
float draw_head(Stage& stage, const RnnWorkbench& bench, Rect area) {
    const Theme& t = theme();
    const auto names = short_names(bench);
    const std::string heads[] = {say(bench.task().decisive_title()), "p(" + names[0] + ")", "p(" + names[1] + ")",
                                 say(Text::rnn_first_predicted), say(Text::rnn_first_true)};
    draw_columns(Columns(stage, area), heads, area.y, t.color.text_soft);
    if (!stage.narrow)
        draw_text({area.x + t.px(4), area.y}, say(Text::rnn_first_numbers), t.small_text, t.color.text_soft, area.w * numbers_share);
    return t.px(t.small_text + 6);
}

// Its button, with all numbers in the tooltip where they do not fit. Returns whether it was clicked.
bool draw_row_button(Stage& stage, const std::string& name, bool clickable, const std::string& numbers, float room, Rect line) {
    const Theme& t = theme();
    stage.place(name, line);
    ImGui::SetCursorScreenPos(line.min());
    ImGui::PushID(name.c_str());
    const bool released = ImGui::InvisibleButton("row", {line.w, line.h}, clickable ? ImGuiButtonFlags_EnableNav : 0);
    const bool pressed = clickable && released && was_tap();
    if (clickable && ImGui::IsItemHovered())
        ImGui::GetWindowDrawList()->AddRectFilled(line.min(), line.max(), t.color.control_hovered, t.px(5));
    if (ImGui::IsItemHovered() && text_width(numbers.c_str(), t.small_text) > room) draw_tooltip(numbers.c_str());
    ImGui::PopID();
    return pressed;
}

bool draw_row(Stage& stage, const RnnWorkbench& bench, const JudgedSequences& sequences, int64_t row, Rect line) {
    const Theme& t = theme();
    const Numbers numbers = numbers_of(sequences.batch.inputs, row);
    const float room = (stage.narrow ? line.w : line.w * numbers_share) - t.px(8);
    const bool clickable = bench.task().reads() == RnnReads::numbers;
    const bool clicked = draw_row_button(stage, "rnn.first:" + std::to_string(row), clickable, numbers.text, room, line);
    const float* p = sequences.probabilities.data() + row * 2;
    const int32_t predicted = sequences.answer(row), label = sequences.batch.labels[static_cast<size_t>(row)];
    const auto names = short_names(bench);
    const std::string texts[] = {fixed(numbers.decisive, "%.3f"), fixed(p[0], "%.3f"), fixed(p[1], "%.3f"),
                                 names[static_cast<size_t>(predicted)], names[static_cast<size_t>(label)]};
    const float height = t.px(t.small_text), gap = t.px(4);
    const float y = stage.narrow ? line.y + (line.h - 2 * height - gap) / 2 : line.y + (line.h - height) / 2;
    const Columns columns(stage, line);
    draw_columns(columns, texts, y, t.color.text);
    draw_text({line.x + t.px(4), stage.narrow ? y + height + gap : y}, numbers.text.c_str(), t.small_text, t.color.text_soft, room);
    const float sign = t.px(11), from = columns.x(column_count - 1) + t.px(4), left = columns.room(column_count - 1) - sign - t.px(6);
    draw_sign(predicted == label, {from, y + t.px(2)}, sign);
    const char* word = say(predicted == label ? Text::rnn_first_right : Text::rnn_first_wrong);
    if (text_width(word, t.small_text) <= left) draw_text({from + sign + t.px(6), y}, word, t.small_text, t.color.text_soft, left);
    return clicked;
}

}  // namespace

int32_t JudgedSequences::answer(int64_t row) const {
    const float* p = probabilities.data() + row * 2;
    return p[1] > p[0] ? 1 : 0;
}

JudgedSequences judge_sequences(const RnnWorkbench& bench, std::span<const int32_t> samples) {
    JudgedSequences out{bench.data()->batch(samples), Tensor()};
    if (samples.empty()) return out;
    Graph graph;
    bench.model()->forward(graph, out.batch.inputs);
    out.probabilities = graph.find("probabilities").tensor();
    return out;
}

SequenceTable draw_sequence_table(Stage& stage, const RnnWorkbench& bench, const JudgedSequences& sequences, Rect area) {
    const Theme& t = theme();
    const Rect all = area;
    SequenceTable table;
    area.cut_top(draw_head(stage, bench, area));
    const float height = t.px(stage.narrow || stage.touch ? narrow_row_height : row_height);
    for (int64_t row = 0; row < sequences.rows(); ++row) {
        const Rect line = area.cut_top(height);
        ImGui::GetWindowDrawList()->AddLine(line.min(), {line.right(), line.y}, t.color.card_border);
        if (draw_row(stage, bench, sequences, row, line)) table.clicked = row;
    }
    table.height = area.y - all.y;
    stage.place("rnn.first", {all.x, all.y, all.w, table.height});
    return table;
}

}  // namespace trilens

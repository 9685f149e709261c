// What is typed and drawn goes to the workbench by way of the room, which can undo it.
#include "demos/transformer/input_card.h"

#include <algorithm>
#include <cmath>

#include "demos/text/file_sentence.h"
#include "demos/text/text.h"
#include "demos/training/curves.h"
#include "demos/transformer/tasks/problems.h"
#include "demos/widgets/input_columns.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float lines_height = 76, pad_side = 148, title_height = 26;  // units
constexpr size_t longest_answer = 280;  // characters: some ten lines

}  // namespace

float TransformerInputCard::draw(Stage& stage, const TrainingRun& training, Rect area) {
    const InputColumns columns{[&](Rect column) { return draw_input(stage, column); },
                               [&](Rect column) { return draw_answer(stage, column); },
                               [&](Rect column) { return draw_commands(stage, training, column); }};
    return cards_.draw(stage, "transformer.input_card", nullptr, area, [&](Rect card) { return draw_input_columns(stage, columns, card); });
}

float TransformerInputCard::draw_input(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    draw_text(area.min(), say(bench_.task().read_title()), t.text, t.color.text, area.w);
    area.cut_top(t.px(title_height));
    if (bench_.task().has_field("problem", bench_.context())) area.cut_top(draw_problems(stage, area) + t.px(6));
    if (bench_.reads_text()) area.cut_top(draw_sentence(stage, area));
    if (const std::string* corpus = bench_.task().corpus(bench_.context())) area.cut_top(draw_corpus(stage, *corpus, area));
    if (bench_.task().reads_drawing()) return area.y - top + draw_pad(stage, area);
    area.cut_top(draw_paragraph(area.min(), say(bench_.task().read_hint()), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

float TransformerInputCard::draw_problems(Stage& stage, Rect area) {
    std::vector<Tab> tabs;
    for (const ProblemEntry& each : problem_table()) tabs.push_back({each.id, say(each.label), say(Text::help_transformer_problem)});
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "transformer.problem", tabs, static_cast<int>(bench_.settings.problem), area, height))
        told_.problem(static_cast<SequenceProblem>(*chosen));
    return height;
}

float TransformerInputCard::draw_sentence(Stage& stage, Rect area) {
    const Theme& t = theme();
    const bool lines = bench_.task().has_lines();
    const float height = lines ? t.px(lines_height) * 0.7f : t.px(stage.touch ? t.touch_target : t.control_height + 4);
    if (auto text = text_box_.draw(stage, "transformer.text", bench_.text(), {area.x, area.y, area.w, height}, {.lines = lines})) {
        TransformerInput input = bench_.input;
        bench_.text_of(input) = std::move(*text);
        told_.set_input(std::move(input), true);
    }
    return height + t.px(6);
}

float TransformerInputCard::draw_corpus(Stage& stage, const std::string& learnt, Rect area) {
    const Theme& t = theme();
    draw_text(area.min(), say(Text::transformer_corpus), t.small_text, t.color.text_soft, area.w);
    const Rect box{area.x, area.y + t.px(t.small_text + 5), area.w, t.px(lines_height)};
    if (auto corpus = corpus_box_.draw(stage, "transformer.corpus", learnt, box, {.lines = true, .on_leave = true}))
        told_.set_corpus(std::move(*corpus));
    return box.bottom() - area.y + t.px(6);
}

// The pad, its tools, and beside them what the network sees.
float TransformerInputCard::draw_pad(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float side = std::min(t.px(pad_side), area.w * 0.5f);
    const Drawing before = bench_.input.drawing;
    if (!(on_pad_ == before)) pad_.set_strokes((on_pad_ = before).strokes);
    const Rect square{area.x, area.y, side, side};
    const DrawingPad::Event event = pad_.draw(stage, "transformer.pad", square, {transformer_brush_radius, erase_});
    if (before.picture) draw_tensor(stage, "transformer.picture", *before.picture, square, {.map = ColorMap::grey, .scale_bar = false});
    if (event.changed) {
        TransformerInput input = bench_.input;
        input.drawing = on_pad_ = {pad_.strokes(), std::nullopt};
        told_.set_input(std::move(input), !event.finished);
    }
    Rect right{square.right() + t.px(12), area.y, area.right() - square.right() - t.px(12), side};
    const float height = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(6);
    const float width = std::min((right.w - 2 * gap) / 3, t.px(90));
    const auto place = [&](int i) { return Rect{right.x + static_cast<float>(i) * (width + gap), right.y, width, height}; };
    if (draw_button(stage, "transformer.pen", say(Text::cnn_pen), place(0), !erase_)) erase_ = false;
    if (draw_button(stage, "transformer.eraser", say(Text::cnn_eraser), place(1), erase_)) erase_ = true;
    if (draw_button(stage, "transformer.clear", say(Text::cnn_clear), place(2))) {
        TransformerInput input = bench_.input;
        input.drawing = {};
        told_.set_input(std::move(input), false);
    }
    right.cut_top(height + gap);
    draw_paragraph(right.min(), say(Text::transformer_hint_drawing), t.small_text, t.color.text_soft, right.w);
    return side;
}

// What the network says, in a line.
std::string TransformerInputCard::answer() const {
    const auto graph = bench_.graph();
    if (!graph) return "";
    if (bench_.writes()) return bench_.written_text();
    if (!graph->contains("transformer.probabilities")) return "";
    return bench_.task().answer(bench_.context(), graph->find("transformer.probabilities").tensor(), bench_.source());
}

float TransformerInputCard::draw_answer(Stage& stage, Rect area) {
    const Theme& t = theme();
    draw_text(area.min(), say(Text::transformer_answer), t.text, t.color.text, area.w);
    area.cut_top(t.px(title_height));
    std::string line = shortened(answer(), longest_answer);
    std::ranges::replace(line, '\n', ' ');  // where lines end is seen in the view of what comes next
    const bool nothing = line.empty();
    const char* shown = nothing ? say(bench_.task().no_answer()) : line.c_str();
    const float height =
        draw_paragraph(area.min(), shown, nothing ? t.small_text : t.text, nothing ? t.color.text_soft : t.color.accent, area.w);
    stage.place("transformer.answer", {area.x, area.y, area.w, height});
    return t.px(title_height) + height;
}

float TransformerInputCard::draw_commands(Stage& stage, const TrainingRun& training, Rect area) {
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(6), width = (area.w - gap) / 2;
    if (bench_.is_shipped()) {
        std::string line = say(Text::transformer_shipped);
        if (bench_.problem().empty())
            if (const auto& told = bench_.task().shipped()->metadata; told.contains("accuracy"))
                line += " " + say_file_sentence(told.at("accuracy"));
        return draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w);
    }
    if (draw_button(stage, "transformer.anew", say(Text::cnn_anew), {area.x + width + gap, area.y, width, height})) told_.start_anew();
    std::string line = say(Text::transformer_layer_hint);
    if (bench_.trainable()) {
        const bool running = training.running();
        if (draw_button(stage, "transformer.train", say(running ? Text::cnn_pause : Text::cnn_train), {area.x, area.y, width, height},
                        running))
            told_.train(!running);
        line = training.begun() && training.progress() ? progress_line(training.progress()->first())
                                                       : say(bench_.is_trained() ? Text::rnn_train_hint_again : Text::rnn_train_hint);
    }
    const float below = area.y + height + t.px(6);
    return below - area.y + draw_paragraph({area.x, below}, line.c_str(), t.small_text, t.color.text_soft, area.w);
}

}  // namespace trilens

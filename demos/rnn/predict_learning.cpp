// A text of the learner's own to learn from, and what the network wrote on the way.
#include <algorithm>
#include <cstring>

#include "demos/rnn/predict_view.h"
#include "demos/text/text.h"
#include "demos/widgets/theme.h"
#include "engine/math.h"

namespace trilens {

namespace {

constexpr size_t samples_shown = 8;
constexpr float box_height = 110;           // units

int64_t characters_in(const char* text) {
    int64_t count = 0;
    for (; *text; ++text) count += (static_cast<unsigned char>(*text) & 0xc0) != 0x80;
    return count;
}

// On one line: what was written, from its first character.
std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

}  // namespace

// Taken, as one step of undo, when the learner leaves the box.
float RnnPredictView::draw_corpus(Stage& stage, Rect area) {
    const Rect box{area.x, area.y, area.w, theme().px(box_height)};
    if (auto corpus = corpus_box_.draw(stage, "rnn.predict.corpus", bench().input.corpus, box, {.lines = true, .on_leave = true})) {
        RnnInput input = bench().input;
        input.corpus = std::move(*corpus);
        set_input(std::move(input));
    }
    return box.h;
}

void RnnPredictView::learn() {
    const bool running = training().running();
    if (bench().settings.source != RnnSettings::Source::own) set("rnn.source", std::string("own"));
    training().train({.on = !running});
}

float RnnPredictView::draw_learning(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_learn_hint), t.small_text, t.color.text_soft, area.w) + t.px(t.gap));
    area.cut_top(draw_corpus(stage, area) + t.px(t.gap));

    const bool own = bench().settings.source == RnnSettings::Source::own, running = own && training().running();
    const char* label = say(running ? Text::cnn_pause : Text::rnn_learn_train);
    const float height = t.px(stage.touch ? t.touch_target : t.control_height), width = text_width(label, t.text) + t.px(24);
    if (draw_button(stage, "rnn.predict.learn", label, {area.x, area.y, width, height}, running)) later([this] { learn(); });
    const std::string count = say(Text::rnn_learn_count, {std::to_string(characters_in(corpus_box_.typed()))});
    const char* example = say(Text::rnn_learn_example);
    const float second = area.x + width + t.px(6), second_width = text_width(example, t.text) + t.px(24);
    if (draw_button(stage, "rnn.predict.example", example, {second, area.y, second_width, height})) {
        RnnInput input = bench().input;
        input.corpus = say(Text::rnn_learn_example_text);
        set_input(std::move(input));
    }
    const float right = second + second_width + t.px(12);
    draw_text({right, area.y + (height - t.px(t.text)) / 2}, count.c_str(), t.text, t.color.text, area.right() - right);
    area.cut_top(height + t.px(t.gap));
    if (std::strlen(corpus_box_.typed()) >= TextBoxStyle{}.longest)
        area.cut_top(draw_paragraph(area.min(), say(Text::rnn_learn_too_long, {std::to_string(TextBoxStyle{}.longest)}).c_str(),
                                    t.small_text, t.color.warning, area.w) +
                     t.px(4));

    const SessionSnapshot* progress = own ? training().progress() : nullptr;
    if (progress && !progress->first().steps.empty()) {
        const float loss = progress->first().steps.back().loss;
        const std::string told = say(Text::rnn_learn_loss, {std::to_string(progress->first().step), number(static_cast<double>(loss)),
                                                            number(static_cast<double>(math::exp(loss)))});
        stage.place("rnn.predict.loss", {area.x, area.y, area.w, t.px(t.text + 6)});
        draw_text(area.min(), told.c_str(), t.text, t.color.text, area.w);
        area.cut_top(t.px(t.text + 8));
    }
    if (!own || samples_.empty()) return area.y - top;
    draw_text(area.min(), say(Text::rnn_learn_samples), t.small_text, t.color.text_soft, area.w);
    area.cut_top(t.px(t.small_text + 6));
    const size_t first = samples_.size() > samples_shown ? samples_.size() - samples_shown : 0;
    for (size_t i = first; i < samples_.size(); ++i) {
        const std::string line = say(Text::rnn_learn_sample, {std::to_string(samples_[i].step), one_line(samples_[i].text)});
        draw_text(area.min(), line.c_str(), t.small_text, t.color.text, area.w);
        area.cut_top(t.px(t.small_text + 5));
    }
    return area.y - top;
}

}  // namespace trilens

// What is typed, dragged and drawn goes to the workbench by way of the room, which can undo it.
#include "demos/rnn/input_card.h"

#include <algorithm>

#include "demos/text/file_sentence.h"
#include "demos/text/text.h"
#include "demos/training/curves.h"
#include "demos/widgets/bars.h"
#include "demos/widgets/input_columns.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/stepper.h"
#include "demos/widgets/theme.h"
#include "demos/widgets/value_bars.h"

namespace trilens {

namespace {

constexpr float input_height = 96, title_height = 26;   // units

}  // namespace

float RnnInputCard::draw(Stage& stage, const TrainingRun& training, Rect area) {
    InputColumns columns{[&](Rect column) { return draw_input(stage, column); }, nullptr,
                         [&](Rect column) { return draw_commands(stage, training, column); }};
    // Text and curves are answered at every step, in the views.
    if (bench_.task().answers() == RnnAnswer::classes) columns.answer = [&](Rect column) { return draw_answer(stage, column); };
    return cards_.draw(stage, "rnn.input_card", nullptr, area, [&](Rect card) { return draw_input_columns(stage, columns, card); });
}

float RnnInputCard::draw_input(Stage& stage, Rect area) {
    const Theme& t = theme();
    draw_text(area.min(), say(bench_.task().read_title()), t.text, t.color.text, area.w);
    area.cut_top(t.px(title_height));
    switch (bench_.task().reads()) {
    case RnnReads::numbers: return t.px(title_height) + draw_numbers(stage, area);
    case RnnReads::text: return t.px(title_height) + draw_text_box(stage, area);
    case RnnReads::sample: return t.px(title_height) + draw_sample(stage, area);
    case RnnReads::curve: return t.px(title_height) + draw_curve(stage, area);
    }
    return 0;
}

float RnnInputCard::draw_numbers(Stage& stage, Rect area) {
    const Theme& t = theme();
    const auto read = bench_.sequence().values();
    std::vector<float> numbers(read.begin(), read.end());
    const Rect bars{area.x, area.y, area.w, t.px(input_height)};
    if (bars_.draw(stage, "rnn.numbers", numbers, bars, {.reached = bench_.shown_steps()}).changed) {
        RnnInput input = bench_.input;
        std::ranges::copy(numbers, input.numbers.begin());
        told_.set_input(std::move(input), true);
    }
    float sum = 0;
    for (const float number : bench_.sequence().values()) sum += number;
    const std::string line = say(Text::rnn_sum_is, {number(sum)});
    draw_text({area.x, bars.bottom() + t.px(4)}, line.c_str(), t.small_text, t.color.text_soft, area.w);
    return bars.h + t.px(t.small_text + 8);
}

// One line where line breaks mean nothing; a prompt has several.
float RnnInputCard::draw_text_box(Stage& stage, Rect area) {
    const Theme& t = theme();
    const bool lines = bench_.task().has_lines();
    const float height = lines ? t.px(input_height - 20) : t.px(stage.touch ? t.touch_target : t.control_height + 4);
    if (auto text = text_box_.draw(stage, "rnn.text", bench_.text(), {area.x, area.y, area.w, height}, {.lines = lines})) {
        RnnInput input = bench_.input;
        bench_.text_of(input) = std::move(*text);
        told_.set_input(std::move(input), true);
    }
    std::string line = say(Text::rnn_tokens, {std::to_string(bench_.steps())});
    int64_t unknown = 0;
    for (int64_t i = 0; i < bench_.steps(); ++i) unknown += bench_.reading().is_known(i) ? 0 : 1;
    if (unknown > 0) line += say(Text::rnn_unknown_tokens, {std::to_string(unknown)});
    draw_text({area.x, area.y + height + t.px(6)}, line.c_str(), t.small_text, t.color.text_soft, area.w);
    return height + t.px(t.small_text + 10);
}

float RnnInputCard::draw_sample(Stage& stage, Rect area) {
    const Theme& t = theme();
    // The stepper's label stands above its buttons.
    const float height = t.px(t.small_text + 6) + t.px(t.control_height), below = t.px(8);
    const int sample = bench_.settings.sample;
    const int by = draw_stepper(stage, "rnn.sample", say(Text::field_rnn_sample), std::to_string(sample),
                                {area.x, area.y, std::min(area.w, t.px(260)), height}, sample > 1, sample < 999);
    if (by != 0) told_.sample(sample + by);
    return height + below +
           draw_paragraph({area.x, area.y + height + below}, say(Text::rnn_needle_hint), t.small_text, t.color.text_soft, area.w);
}

float RnnInputCard::draw_curve(Stage& stage, Rect area) {
    const Theme& t = theme();
    std::vector<float> x(bench_.input.curve.size());
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i + 1);
    const Series curve{"", t.color.input, x, bench_.input.curve};
    const Rect plot{area.x, area.y, area.w, t.px(input_height + 10)};
    draw_plot(stage, "rnn.curve", {&curve, 1}, plot, {.y_range = std::pair(-1.0, 1.0)});
    return plot.h;
}

// The probabilities at the step that time has reached.
float RnnInputCard::draw_answer(Stage& stage, Rect area) {
    const Theme& t = theme();
    const auto graph = bench_.graph();
    const bool all = bench_.shown_steps() == bench_.steps();
    const std::string title = all ? say(Text::rnn_answer) : say(Text::rnn_answer_after, {std::to_string(bench_.shown_steps())});
    draw_text(area.min(), title.c_str(), t.text, t.color.text, area.w);
    area.cut_top(t.px(title_height));
    if (!graph || !graph->contains("rnn.probabilities"))
        return t.px(title_height) + draw_paragraph(area.min(), say(Text::rnn_nothing_to_read), t.small_text, t.color.text_soft, area.w);
    const Tensor& probabilities = graph->find("rnn.probabilities").tensor();
    const auto classes = bench_.classes();
    const int64_t width = probabilities.shape()[-1], row = std::max<int64_t>(bench_.shown_steps(), 1) - 1;
    const std::span<const float> shown(probabilities.data() + row * width, static_cast<size_t>(width));
    return t.px(title_height) + draw_bars(stage, "rnn.probabilities", shown, classes, area, row * width);
}

// Below the commands of every view: what is held changes what all of them show.
float RnnInputCard::draw_commands(Stage& stage, const TrainingRun& training, Rect area) {
    const Theme& t = theme();
    float used = draw_training(stage, training, area);
    const size_t held = bench_.look().held.size();
    if (held == 0) return used;
    const float height = t.px(stage.touch ? t.touch_target : t.control_height);
    const char* label = say(Text::rnn_let_go);
    const float width = text_width(label, t.text) + t.px(24), top = area.y + used + t.px(6);
    if (draw_button(stage, "rnn.let_go", label, {area.x, top, width, height})) told_.let_go();
    const std::string line = say(Text::rnn_held, {std::to_string(held)});
    draw_text({area.x + width + t.px(10), top + (height - t.px(t.text)) / 2}, line.c_str(), t.text, t.color.text_soft,
              area.w - width - t.px(10));
    return used + t.px(6) + height;
}

float RnnInputCard::draw_training(Stage& stage, const TrainingRun& training, Rect area) {
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : t.control_height), gap = t.px(6), width = (area.w - gap) / 2;
    if (!bench_.trainable()) {
        const auto& made = bench_.shipped()->metadata;
        std::string line = say(Text::rnn_shipped);
        if (const auto found = made.find("accuracy"); found != made.end()) line += " " + say_file_sentence(found->second);
        return draw_paragraph(area.min(), line.c_str(), t.small_text, t.color.text_soft, area.w);
    }
    const bool running = training.running();
    if (draw_button(stage, "rnn.train", say(running ? Text::cnn_pause : Text::cnn_train), {area.x, area.y, width, height}, running))
        told_.train(!running);
    if (draw_button(stage, "rnn.anew", say(Text::cnn_anew), {area.x + width + gap, area.y, width, height})) told_.start_anew();
    const std::string line = training.begun() && training.progress()
                                 ? progress_line(training.progress()->first(), {.accuracy = !bench_.plan(bench_.cell()).regression})
                                 : say(bench_.is_trained() ? Text::rnn_train_hint_again : Text::rnn_train_hint);
    return height + t.px(6) + draw_paragraph({area.x, area.y + height + t.px(6)}, line.c_str(), t.small_text, t.color.text_soft, area.w);
}

}  // namespace trilens

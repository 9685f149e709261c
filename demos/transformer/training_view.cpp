// Cards from top to bottom: the run, the learning rate, answers, heads, how weights and gradients are spread.
#include "demos/transformer/training_view.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "demos/text/file_sentence.h"
#include "demos/text/text.h"
#include "demos/training/training_fields.h"
#include "demos/transformer/tasks/tasks.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"
#include "engine/train/schedule.h"

namespace trilens {

namespace {

constexpr int64_t judged_answers = 100, steps_between_answers = 100, steps_between_heads = 10;
constexpr size_t shown_answers = 8;
constexpr double judging_milliseconds = 3;
constexpr int most_warmup = 2000;
constexpr float plot_height = 150;  // units

}  // namespace

void TransformerTrainingView::list_fields(Fields& fields) {
    TransformerSettings& s = bench().settings;
    fields.section(Text::section_training);
    fields.effect(Field::Effect::network);
    Field& samples =
        fields.integer("transformer.samples", Text::field_rnn_samples, Text::help_rnn_samples, s.samples, {50, 10000, 50, true});
    const auto on_screen = [this, shown = samples.when] { return (!shown || shown()) && bench().trainable(); };
    samples.when = on_screen;
    fields.when(on_screen);
    list_training_fields(fields, "transformer", s.training);
    fields
        .integer("transformer.warmup", Text::field_transformer_warmup, Text::help_transformer_warmup, s.training.warmup,
                 {0, most_warmup, 10})
        .zero = Text::number_none;
    fields.real("transformer.clip", Text::field_clip, Text::help_clip, s.training.clip, {0, 5, 0.1});
    fields.effect(Field::Effect::looks);
    fields.choice("transformer.pattern", Text::field_transformer_pattern, Text::help_transformer_pattern, pattern_,
                  {{"previous", Text::transformer_pattern_previous},
                   {"same", Text::transformer_pattern_same},
                   {"first", Text::transformer_pattern_first},
                   {"own", Text::transformer_pattern_own}});
}

void TransformerTrainingView::field_changed(const Field& field) {
    if (field.effect == Field::Effect::run) history_.clear();
}

bool TransformerTrainingView::advance(int64_t steps) {
    if (!bench().trainable()) return false;
    advance_training(training(), steps);
    return true;
}

// Another text, another head switched off, another problem: the answers are others. While it trains, update() says when.
void TransformerTrainingView::computed() {
    if (!training().begun()) history_.clear();
    if (!training().running()) answers_.reset(), judge_.reset();
    note_heads_when_due();
}

bool TransformerTrainingView::due(int64_t last, int64_t every) const {
    return !training().running() || std::abs(training().step() - last) >= every;
}

// Whatever view is on screen: a head may click at any time.
void TransformerTrainingView::note_heads_when_due() {
    if (!bench().trainable() || !bench().problem().empty() || !training().begun() || !training().progress()) return;
    if (history_.size() == 0 || (heads_version_ != bench().weights_version() && due(heads_step_, steps_between_heads))) note_heads();
}

// What lies after the run's last step was another branch's, before it went back in time.
void TransformerTrainingView::note_heads() {
    const TrainingSnapshot& run = training().progress()->first();
    history_.forget_after(std::max(run.step, run.steps.empty() ? 0 : run.steps.back().step + 1));
    history_.note(bench(), run.step);
    heads_version_ = bench().weights_version();
    heads_step_ = run.step;
}

// A little in every frame: a hundred answers at once would be seen as a halt.
void TransformerTrainingView::judge_for_a_while() {
    if (!bench().task().is_judged()) return;
    if (!answers_ && !judge_) judge_.emplace(bench(), judged_answers, shown_answers);
    if (!judge_ || judge_->step(time_budget(judging_milliseconds))) return;
    answers_ = judge_->answers();
    judge_.reset();
}

// Heads and answers are looked at anew as the run goes on, so seldom that it is training that takes the time, and once more when it stops.
void TransformerTrainingView::update() {
    if (!bench().trainable() || !bench().problem().empty()) return;
    note_heads_when_due();
    if (!judge_ && answers_version_ != bench().weights_version() && due(answers_step_, steps_between_answers)) {
        answers_version_ = bench().weights_version();
        answers_step_ = training().step();
        if (answers_) judge_.emplace(bench(), judged_answers, shown_answers);
    }
    judge_for_a_while();
}

void TransformerTrainingView::rescue(const Divergence& divergence) {
    set("transformer.rate", std::max(1e-5, static_cast<double>(bench().settings.training.rate) / 10));
    training().back_to(divergence.back_to);
}

float TransformerTrainingView::draw_shipped(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (const TransformerFile* file = bench().task().shipped())
        for (const char* key : {"data", "command", "accuracy"})
            if (const auto found = file->metadata.find(key); found != file->metadata.end())
                area.cut_top(draw_paragraph(area.min(), say_file_sentence(found->second).c_str(), t.text, t.color.text, area.w) + t.px(6));
    area.cut_top(draw_paragraph(area.min(), say(Text::transformer_shipped_not_trained), t.small_text, t.color.text_soft, area.w) + t.px(6));
    ButtonRow row(stage, area);
    for (const TransformerTask* task : transformer_tasks())
        if (task->trainable() && row.button(("transformer.train_task:" + std::string(task->id())).c_str(), say(task->label())))
            set("transformer.task", std::string(task->id()));
    return area.y + row.height() - top;
}

float TransformerTrainingView::draw_run(Stage& stage, Rect area) {
    TrainingPanel::Told told{.host = host(), .run = training()};
    if (const Vocabulary* all = bench().task().target_vocabulary(bench().context())) told.classes = static_cast<int32_t>(all->size());
    told.labels = {{say(Text::room_transformer)}};
    told.rescue = [this](const Divergence& divergence) { rescue(divergence); };
    told.hint = bench().is_trained() ? Text::rnn_train_hint_again : Text::rnn_train_hint;
    return panel_.draw(stage, told, area);
}

// The rate against the step; its corner is dragged to where the warm-up shall end.
float TransformerTrainingView::draw_schedule(Stage& stage, Rect area) {
    const Theme& t = theme();
    const TransformerSettings& s = bench().settings;
    const int64_t step = training().begun() ? training().step() : 0;
    const int64_t last = std::max<int64_t>({500, 3 * int64_t{s.training.warmup}, step + step / 4});
    std::vector<float> x, y;
    for (int64_t i = 0; i <= 200; ++i) {
        const int64_t at = i * last / 200;
        x.push_back(static_cast<float>(at));
        y.push_back(scheduled_rate(s.training.rate, s.training.warmup, at));
    }
    const Series rate{"", t.color.accent, x, y};
    const PlotArea plot = draw_plot(stage, "transformer.schedule", {&rate, 1}, {area.x, area.y, area.w, t.px(plot_height)},
                                    {.x_label = say(Text::transformer_schedule_step), .whole_x = true, .from_zero = true});
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddCircleFilled({plot.x(s.training.warmup), plot.y(static_cast<double>(s.training.rate))}, t.px(6), t.color.accent);
    list->AddLine({plot.x(static_cast<double>(step)), plot.inside.y}, {plot.x(static_cast<double>(step)), plot.inside.bottom()},
                  t.color.mark);
    if (plot.held) {
        stage.claim_pointer();
        const double wanted = std::clamp(plot.value_at(ImGui::GetIO().MousePos.x), 0.0, static_cast<double>(most_warmup));
        if (const auto warmup = static_cast<int64_t>(wanted) / 10 * 10; warmup != s.training.warmup) set("transformer.warmup", warmup);
    }
    const float below = area.y + t.px(plot_height + 4);
    return t.px(plot_height + 4) +
           draw_paragraph({area.x, below}, say(Text::transformer_schedule_hint), t.small_text, t.color.text_soft, area.w);
}

float TransformerTrainingView::draw_answers(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const WholeAnswers none{};
    const WholeAnswers& shown = answers_ ? *answers_ : judge_ ? judge_->answers() : none;
    if (shown.judged == 0) return 0;
    const std::string line =
        say(Text::transformer_whole_right, {std::to_string(shown.correct), std::to_string(shown.judged),
                                            number(100.0 * static_cast<double>(shown.correct) / static_cast<double>(shown.judged))});
    const float used = draw_paragraph(area.min(), line.c_str(), t.text, t.color.text, area.w);
    stage.place("transformer.whole_answers", {area.x, area.y, area.w, used});
    area.cut_top(used + t.px(6));
    const float row = t.px(t.text + 8), third = area.w / 3;
    for (const auto& [prompt, written, right, correct] : shown.first) {
        draw_text(area.min(), prompt.c_str(), t.text, t.color.text_soft, third - t.px(6));
        draw_text({area.x + third, area.y}, written.empty() ? say(Text::transformer_answer_empty) : written.c_str(), t.text,
                  correct ? t.color.text : t.color.warning, third - t.px(6));
        const std::string verdict = correct ? std::string(say(Text::transformer_right)) : say(Text::transformer_wrong, {right});
        draw_text({area.x + 2 * third, area.y}, verdict.c_str(), t.text, correct ? t.color.text_soft : t.color.warning, third);
        area.cut_top(row);
    }
    return area.y - top;
}

// One curve a head; the steepest rise of each, as a button that leads back there.
float TransformerTrainingView::draw_heads(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const TransformerPlan plan = bench().plan();
    const auto layers = static_cast<size_t>(plan.layers), heads = static_cast<size_t>(plan.layer.num_heads);
    const auto pattern = static_cast<HeadPattern>(pattern_);
    std::vector<HeadHistory::Curve> curves;
    for (size_t i = 0; i < layers * heads; ++i) curves.push_back(history_.curve(pattern, i / heads, i % heads));
    std::vector<Series> series;
    const auto name = [&](size_t i) { return "L" + std::to_string(i / heads + 1) + "·H" + std::to_string(i % heads + 1); };
    for (size_t i = 0; i < curves.size(); ++i) series.push_back({name(i), 0, curves[i].steps, curves[i].scores});
    draw_plot(stage, "transformer.patterns", series, {area.x, area.y, area.w, t.px(plot_height + 40)},
              {.x_label = say(Text::transformer_schedule_step), .whole_x = true, .from_zero = true});
    area.cut_top(t.px(plot_height + 46));
    area.cut_top(draw_paragraph(area.min(), say(Text::transformer_patterns_hint), t.small_text, t.color.text_soft, area.w) + t.px(6));
    ButtonRow row(stage, area);
    for (size_t i = 0; i < curves.size(); ++i) {
        const auto step = history_.clicked(pattern, i / heads, i % heads);
        if (!step) continue;
        const std::string label = say(Text::transformer_clicked, {name(i), std::to_string(*step)});
        if (row.button(("transformer.clicked:" + name(i)).c_str(), label.c_str()))
            later([this, at = *step, layer = i / heads, head = i % heads] { show_clicked(at, layer, head); });
    }
    return area.y + row.height() - top;
}

// The head as it was at the first kept step that has the pattern, or at the last.
void TransformerTrainingView::show_clicked(int64_t step, size_t layer, size_t head) {
    const auto& kept = training().progress()->first().restorable;
    const auto at = std::ranges::lower_bound(kept, step);
    training().back_to(at == kept.end() ? kept.back() : *at);
    set("transformer.layer", static_cast<int64_t>(layer) + 1);
    set("transformer.head", static_cast<int64_t>(head) + 1);
    set("transformer.view", std::string("heads"));
}

float TransformerTrainingView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    const auto card = [&](const char* name, const char* title, auto content) {
        area.y += cards_.draw(stage, name, title, area, [&](Rect inner) { return (this->*content)(stage, inner); });
    };
    if (!bench().trainable()) {
        card("training.experiment", say(Text::rnn_experiment), &TransformerTrainingView::draw_shipped);
        return area.y - top;
    }
    card("training.run", say(Text::training_title), &TransformerTrainingView::draw_run);
    card("training.schedule", say(Text::transformer_schedule_title), &TransformerTrainingView::draw_schedule);
    if (bench().task().is_judged()) card("training.answers", say(Text::transformer_answers_title), &TransformerTrainingView::draw_answers);
    if (history_.size() > 1) card("training.heads", say(Text::transformer_patterns_title), &TransformerTrainingView::draw_heads);
    if (const SessionSnapshot* progress = training().progress(); progress && !progress->gradients.empty())
        area.y += cards_.draw(stage, "training.spread", say(Text::training_spread), area,
                              [&](Rect inner) { return results_.draw_spread(stage, *progress, training().version(), inner); });
    return area.y - top;
}

}  // namespace trilens

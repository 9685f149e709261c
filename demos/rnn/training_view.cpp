// Cards one below the other; every number in them is read off the objects that train.
#include "demos/rnn/training_view.h"

#include <algorithm>
#include <array>

#include "demos/rnn/cell_label.h"
#include "demos/rnn/experiment.h"
#include "demos/rnn/tasks/tasks.h"
#include "demos/rnn/training_setup.h"
#include "demos/text/text.h"
#include "demos/training/training_fields.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr size_t shown_rows = 5;
constexpr int64_t epochs_at_once = 10;  // curriculum RA
constexpr float parameters_width = 300;  // units, beside the words

}  // namespace

void RnnTrainingView::list_fields(Fields& fields) {
    RnnSettings& s = bench().settings;
    fields.section(Text::section_training);
    fields.effect(Field::Effect::network);
    Field& samples = fields.integer("rnn.samples", Text::field_rnn_samples, Text::help_rnn_samples, s.samples, {50, 10000, 50, true});
    const auto on_screen = [this, shown = samples.when] { return (!shown || shown()) && bench().trainable(); };
    // The windows of a text or a curve are as many as there are.
    samples.when = [this, on_screen] { return on_screen() && bench().task().is_judged(); };
    fields.when(on_screen);
    list_training_fields(fields, "rnn", s.training);
    fields.effect(Field::Effect::network);
    fields.integer("rnn.seed", Text::field_seed, Text::help_seed, s.seed, {1, 999, 1});
    fields.effect(Field::Effect::looks);
    fields.choice("rnn.curves", Text::field_rnn_curves, Text::help_rnn_curves, curves_,
                  {{"epochs", Text::rnn_curves_epochs}, {"steps", Text::rnn_curves_steps}});
}

// Only cells that start from nothing can be compared.
void RnnTrainingView::field_changed(const Field& field) {
    if (field.name == "rnn.compare" && bench().settings.compare) start_anew();
}

bool RnnTrainingView::advance(int64_t steps) {
    if (!bench().trainable()) return false;
    advance_training(training(), steps);
    return true;
}

void RnnTrainingView::rescue(const Divergence& divergence) {
    set("rnn.rate", std::max(1e-5, static_cast<double>(bench().settings.training.rate) / 10));
    training().back_to(divergence.back_to);
}

float RnnTrainingView::draw_shipped(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_paragraph(area.min(), experiment_shipped(bench()).c_str(), t.text, t.color.text, area.w) + t.px(t.gap));
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_shipped_tasks), t.small_text, t.color.text_soft, area.w) + t.px(6));
    ButtonRow row(stage, area);
    for (const RnnTask* task : rnn_tasks()) {
        if (!task->can_be_trained()) continue;
        // Text is learned here where it is the learner's own.
        const bool own_text = task->has_field("source");
        const std::string name = say(task->label()), label = own_text ? name + ": " + say(Text::rnn_source_own) : name;
        if (row.button(("rnn.train_task:" + std::string(task->id())).c_str(), label.c_str())) {
            if (own_text) set("rnn.source", std::string("own"));
            set("rnn.task", std::string(task->id()));
        }
    }
    return area.y + row.height() - top;
}

float RnnTrainingView::draw_experiment(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y, side = t.px(parameters_width + 20);
    const bool beside = area.w > 2 * side;
    Rect words = area;
    if (beside) words.w -= side;
    std::string data;
    try {
        data = experiment_data(bench());
    } catch (const ValueError& error) {
        data = error.what();  // too short a text or curve
    }
    words.cut_top(draw_paragraph(words.min(), data.c_str(), t.text, t.color.text, words.w) + t.px(6));
    words.cut_top(draw_paragraph(words.min(), experiment_network(bench()).c_str(), t.text, t.color.text, words.w) + t.px(6));
    words.cut_top(draw_paragraph(words.min(), experiment_plan(bench()).c_str(), t.text, t.color.text, words.w) + t.px(t.gap));
    const char* label = say(Text::rnn_train_ten);
    const Rect button = words.cut_top(t.px(stage.touch ? t.touch_target : t.control_height));
    if (draw_button(stage, "rnn.train_ten", label, {button.x, button.y, text_width(label, t.text) + t.px(28), button.h}, false,
                    !training().running())) {
        later([this] { training().train({.epochs = epochs_at_once}); });
    }
    const Rect table = beside ? Rect{area.right() - t.px(parameters_width), area.y, t.px(parameters_width), 0}
                              : Rect{area.x, words.y + t.px(t.gap), area.w, 0};
    return std::max(table.y + draw_parameter_table(stage, bench(), table), words.y) - top;
}

float RnnTrainingView::draw_run(Stage& stage, Rect area) {
    TrainingPanel::Told told{.host = host(), .run = training()};
    const SequencePlan plan = bench().model()->plan();
    if (!plan.regression) told.classes = static_cast<int32_t>(plan.outputs);
    for (const RnnCell cell : rnn_contenders(bench())) told.labels.push_back(cell_label(cell));
    told.rescue = [this](const Divergence& divergence) { rescue(divergence); };
    told.hint = bench().is_trained() ? Text::rnn_train_hint_again : Text::rnn_train_hint;
    told.by_epoch = curves_ == Curves::epochs;
    return panel_.draw(stage, told, area);
}

const Evaluation* RnnTrainingView::evaluation() const {
    const SessionSnapshot* progress = training().progress();
    return progress && bench().task().is_judged() ? progress->validation.get() : nullptr;
}

std::vector<int32_t> RnnTrainingView::shown_samples() const {
    std::vector<int32_t> samples;
    const Evaluation* judged = evaluation();
    if (selected_ && judged)
        for (const int64_t tested : judged->samples_of(selected_->truth, selected_->predicted))
            samples.push_back(training().progress()->tested[static_cast<size_t>(tested)]);
    else samples = bench().split().validation;
    samples.resize(std::min(samples.size(), shown_rows));
    return samples;
}

std::string RnnTrainingView::table_title() const {
    const Evaluation* judged = evaluation();
    if (!selected_ || !judged) return say(Text::rnn_first_title);
    const auto classes = bench().classes();
    return say(Text::rnn_first_of, {std::to_string(judged->count(selected_->truth, selected_->predicted)),
                                    classes[static_cast<size_t>(selected_->truth)], classes[static_cast<size_t>(selected_->predicted)]});
}

void RnnTrainingView::use_numbers(int64_t row) {
    const Tensor& inputs = judged_->batch.inputs;
    const int64_t steps = inputs.extent(1);
    RnnInput input = bench().input;
    input.numbers.assign(inputs.data() + row * steps, inputs.data() + (row + 1) * steps);
    set_input(std::move(input));
}

float RnnTrainingView::draw_sequences(Stage& stage, Rect area) {
    const Theme& t = theme();
    if (!judged_ || (selected_ && judged_version_ != training().version())) {
        judged_ = judge_sequences(bench(), shown_samples());
        judged_version_ = training().version();
    }
    const SequenceTable table = draw_sequence_table(stage, bench(), *judged_, area);
    float used = table.height;
    if (bench().task().reads() == RnnReads::numbers)
        used +=
            t.px(6) + draw_paragraph({area.x, area.y + used + t.px(6)}, say(Text::rnn_first_hint), t.small_text, t.color.text_soft, area.w);
    if (table.clicked) use_numbers(*table.clicked);
    return used;
}

float RnnTrainingView::draw_confusion(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const Evaluation& judged = *evaluation();
    const auto classes = bench().classes();
    std::vector<int64_t> counts;
    for (int32_t truth = 0; truth < 2; ++truth)
        for (int32_t predicted = 0; predicted < 2; ++predicted) counts.push_back(judged.count(truth, predicted));
    const std::string hint =
        say(Text::rnn_confusion_hint, {std::to_string(judged.samples()), std::to_string(training().progress()->evaluated_step)});
    area.cut_top(draw_paragraph(area.min(), hint.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(8));
    const Rect matrix{area.x, area.y, std::min(area.w, t.px(420)), confusion_height(counts, classes, std::min(area.w, t.px(420)))};
    if (const auto clicked = trilens::draw_confusion(stage, "training.confusion", counts, classes, selected_, matrix)) {
        selected_ = clicked == selected_ ? std::nullopt : clicked;
        judged_ = std::nullopt;
        stage.again();
    }
    return matrix.bottom() - top;
}

float RnnTrainingView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    const auto card = [&](const char* name, const char* title, auto content) {
        area.y += cards_.draw(stage, name, title, area, [&](Rect inner) { return (this->*content)(stage, inner); });
    };
    if (!bench().trainable()) {
        card("training.experiment", say(Text::rnn_experiment), &RnnTrainingView::draw_shipped);
        return area.y - top;
    }
    card("training.experiment", say(Text::rnn_experiment), &RnnTrainingView::draw_experiment);
    card("training.run", say(Text::training_title), &RnnTrainingView::draw_run);
    if (bench().task().is_judged()) card("training.first", table_title().c_str(), &RnnTrainingView::draw_sequences);
    if (evaluation()) card("training.results", say(Text::training_confusion), &RnnTrainingView::draw_confusion);
    if (const SessionSnapshot* progress = training().progress(); progress && !progress->gradients.empty())
        area.y += cards_.draw(stage, "training.spread", say(Text::training_spread), area,
                              [&](Rect inner) { return results_.draw_spread(stage, *progress, training().version(), inner); });
    return area.y - top;
}

}  // namespace trilens

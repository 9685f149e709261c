// Cards one below the other; every number in them is read off the objects that train.
#include "demos/rnn/training_view.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "demos/rnn/training_setup.h"
#include "demos/text/text.h"
#include "demos/training/training_fields.h"
#include "demos/widgets/theme.h"
#include "engine/autograd/loss.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int64_t shown_rows = 5;
constexpr Text cell_names[] = {Text::rnn_cell_rnn, Text::rnn_cell_gru, Text::rnn_cell_lstm};

const char* name_of(RnnCell cell) { return say(cell_names[static_cast<size_t>(cell)]); }

std::string fixed(float value, const char* format) {
    char text[24];
    std::snprintf(text, sizeof text, format, static_cast<double>(value));
    return text;
}

}  // namespace

void RnnTrainingView::list_fields(Fields& fields) {
    RnnSettings& s = bench().settings;
    fields.section(Text::section_training);
    fields.integer("rnn.samples", Text::field_rnn_samples, Text::help_rnn_samples, s.samples, {50, 10000, 50, true});
    list_training_fields(fields, "rnn", s.optimizer, s.rate, s.batch);
    fields.integer("rnn.seed", Text::field_seed, Text::help_seed, s.seed, {1, 999, 1});
}

// The learning rate changes under way; everything else is another run.
void RnnTrainingView::field_changed(const Field& field) {
    if (field.name == "rnn.rate") {
        training().set_rate(bench().settings.rate);
        return;
    }
    constexpr std::array<std::string_view, 5> other_run{"rnn.optimizer", "rnn.batch", "rnn.clip", "rnn.samples", "rnn.compare"};
    if (std::ranges::find(other_run, field.name) != other_run.end()) training().forget();
    // Only cells that start from nothing can be compared.
    if (field.name == "rnn.compare" && bench().settings.compare) start_anew();
}

bool RnnTrainingView::advance(int64_t steps) {
    advance_training(training(), steps);
    return true;
}

void RnnTrainingView::rescue(const Divergence& divergence) {
    set("rnn.rate", std::max(1e-5, static_cast<double>(bench().settings.rate) / 10));
    training().back_to(divergence.back_to);
}

std::string RnnTrainingView::experiment() const {
    const RnnSettings& s = bench().settings;
    const Split split = bench().split();
    const std::string all = std::to_string(bench().data()->size()), trained = std::to_string(split.training.size()),
                      kept = std::to_string(split.validation.size());
    if (bench().task() == RnnTask::sum)
        return say(Text::rnn_experiment_sum, {all, std::to_string(s.length), number(s.threshold), trained, kept});
    if (bench().task() == RnnTask::needle) return say(Text::rnn_experiment_needle, {all, std::to_string(s.distance), trained, kept});
    return say(Text::rnn_experiment_windows, {all, trained, kept});
}

float RnnTrainingView::draw_experiment(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (!bench().trainable()) {
        const auto& made = *bench().metadata();
        const auto entry = [&](const char* name) { return made.contains(name) ? made.at(name) : std::string(); };
        const std::string line = say(Text::rnn_shipped_how, {entry("command"), entry("data"), entry("accuracy")});
        return draw_paragraph(area.min(), line.c_str(), t.text, t.color.text, area.w);
    }
    std::string line;
    try {
        line = experiment();
    } catch (const ValueError& error) {
        line = error.what();   // too short a text or curve
    }
    area.cut_top(draw_paragraph(area.min(), line.c_str(), t.text, t.color.text, area.w) + t.px(6));
    const SequencePlan plan = bench().plan(bench().cell());
    std::string parts;
    int64_t total = 0;
    for (const Parameter* parameter : bench().model()->parameters()) {
        parts += (parts.empty() ? "" : ", ") + parameter->name + " " + parameter->value.shape().text();
        total += parameter->value.elements();
    }
    const std::string network = say(Text::rnn_experiment_network, {name_of(bench().cell()), std::to_string(plan.hidden_size),
                                                                   std::to_string(plan.outputs), std::to_string(total), parts});
    area.cut_top(draw_paragraph(area.min(), network.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(t.gap));
    const char* label = say(Text::rnn_train_ten);
    const Rect button{area.x, area.y, text_width(label, t.text) + t.px(28), t.px(stage.touch ? t.touch_target : t.control_height)};
    if (draw_button(stage, "rnn.train_ten", label, button, false, !training().running())) {
        try {
            training().train({.epochs = 10});
        } catch (const Error& error) {
            host().notice(error.what());
        }
    }
    return button.bottom() - top;
}

float RnnTrainingView::draw_run(Stage& stage, Rect area) {
    TrainingPanel::Told told{.host = host(), .run = training()};
    told.rescue = [this](const Divergence& divergence) { rescue(divergence); };
    const SequencePlan plan = bench().plan(bench().cell());
    if (!plan.regression) told.classes = static_cast<int32_t>(plan.outputs);
    for (const RnnCell cell : rnn_contenders(bench())) told.names.emplace_back(name_of(cell));
    return panel_.draw(stage, told, area);
}

const RnnTrainingView::Answers& RnnTrainingView::answers() {
    if (!answers_) {
        const Split split = bench().split();
        const auto count = std::min<size_t>(shown_rows, split.validation.size());
        Answers now{bench().data()->batch(std::span(split.validation).first(count)), Tensor()};
        Graph graph;
        now.probabilities = softmax(bench().model()->forward(graph, now.batch.inputs)).tensor();
        answers_ = std::move(now);
    }
    return *answers_;
}

// The row's sequence into the room's input.
void RnnTrainingView::use_row(int64_t row) {
    const Tensor& inputs = answers().batch.inputs;
    RnnInput input = bench().input;
    const float* first = inputs.data() + row * inputs.extent(1) * inputs.extent(2);
    input.numbers.assign(first, first + inputs.extent(1));
    set_input(std::move(input));
}

float RnnTrainingView::draw_row(Stage& stage, int64_t row, Rect area) {
    const Theme& t = theme();
    const Answers& all = answers();
    const bool sums = bench().task() == RnnTask::sum;
    const int64_t steps = all.batch.inputs.extent(1), features = all.batch.inputs.extent(2);
    const float* values = all.batch.inputs.data() + row * steps * features;
    const float* p = all.probabilities.data() + row * 2;
    const int32_t predicted = p[1] > p[0] ? 1 : 0, label = all.batch.labels[static_cast<size_t>(row)];
    float total = 0;
    std::string numbers;
    for (int64_t i = 0; i < steps; ++i) {
        if (sums) total += values[i];
        else if (values[i * features + 1] != 0) total = values[i * features];
        numbers += fixed(values[i * features], "%.2f ");
    }
    const auto classes = bench().classes();
    const bool right = predicted == label;
    const std::string cells[] = {fixed(total, "%.3f"),
                                 fixed(p[0], "%.3f"),
                                 fixed(p[1], "%.3f"),
                                 classes[static_cast<size_t>(predicted)],
                                 classes[static_cast<size_t>(label)],
                                 say(right ? Text::rnn_first_right : Text::rnn_first_wrong)};
    const float height = t.px(stage.touch ? t.touch_target : 26), y = area.y + (height - t.px(t.small_text)) / 2;
    const Rect line{area.x, area.y, area.w, height};
    const std::string name = "rnn.first:" + std::to_string(row);
    stage.place(name, line);
    ImGui::SetCursorScreenPos(line.min());
    ImGui::PushID(name.c_str());
    const bool pressed = ImGui::InvisibleButton("row", {line.w, line.h}, ImGuiButtonFlags_EnableNav);
    if (ImGui::IsItemHovered()) ImGui::GetWindowDrawList()->AddRectFilled(line.min(), line.max(), t.color.control_hovered, t.px(5));
    ImGui::PopID();
    const float width = area.w / (stage.narrow ? 6.0f : 10.0f);
    for (size_t i = 0; i < std::size(cells); ++i)
        draw_text({area.x + width * static_cast<float>(i) + t.px(4), y}, cells[i].c_str(), t.small_text,
                  i == 5 ? (right ? t.color.good : t.color.warning) : t.color.text, width - t.px(6));
    if (!stage.narrow) draw_text({area.x + width * 6 + t.px(4), y}, numbers.c_str(), t.small_text, t.color.text_soft, width * 4 - t.px(8));
    if (pressed && sums) use_row(row);
    return height;
}

float RnnTrainingView::draw_first(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y, width = area.w / (stage.narrow ? 6.0f : 10.0f);
    const auto classes = bench().classes();
    const bool sums = bench().task() == RnnTask::sum;
    const std::string heads[] = {say(sums ? Text::rnn_first_sum : Text::rnn_first_marked),
                                 "p(" + classes[0] + ")",
                                 "p(" + classes[1] + ")",
                                 say(Text::rnn_first_predicted),
                                 say(Text::rnn_first_true),
                                 ""};
    for (size_t i = 0; i < std::size(heads); ++i)
        draw_text({area.x + width * static_cast<float>(i) + t.px(4), area.y}, heads[i].c_str(), t.small_text, t.color.text_soft,
                  width - t.px(6));
    area.cut_top(t.px(t.small_text + 6));
    const auto rows = static_cast<int64_t>(answers().batch.labels.size());
    for (int64_t row = 0; row < rows; ++row) area.cut_top(draw_row(stage, row, area));
    if (sums)
        area.cut_top(draw_paragraph({area.x, area.y + t.px(4)}, say(Text::rnn_first_hint), t.small_text, t.color.text_soft, area.w) +
                     t.px(4));
    return area.y - top;
}

float RnnTrainingView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    area.y += cards_.draw(stage, "training.experiment", say(Text::rnn_experiment), area,
                          [&](Rect inner) { return draw_experiment(stage, inner); });
    if (!bench().trainable()) return area.y - top;
    area.y += cards_.draw(stage, "training.run", say(Text::training_title), area, [&](Rect inner) { return draw_run(stage, inner); });
    const bool classifies = bench().task() == RnnTask::sum || bench().task() == RnnTask::needle;
    if (classifies)
        area.y +=
            cards_.draw(stage, "training.first", say(Text::rnn_first_title), area, [&](Rect inner) { return draw_first(stage, inner); });
    if (const SessionSnapshot* progress = training().progress(); progress && !progress->gradients.empty())
        area.y += cards_.draw(stage, "training.spread", say(Text::training_spread), area,
                              [&](Rect inner) { return results_.draw_spread(stage, *progress, training().version(), inner); });
    return area.y - top;
}

}  // namespace trilens

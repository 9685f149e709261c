// Sentences with their numbers filled in, and one table.
#include "demos/rnn/experiment.h"

#include "demos/text/file_sentence.h"
#include "demos/text/text.h"
#include "demos/training/training_fields.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

int64_t count_numbers(const RnnWorkbench& bench) {
    int64_t count = 0;
    for (const Parameter* parameter : bench.model()->parameters()) count += parameter->value.elements();
    return count;
}

}  // namespace

std::string experiment_data(const RnnWorkbench& bench) {
    const Split split = bench.split();
    const auto count = [](size_t sequences) { return std::to_string(sequences); };
    return bench.task().data_sentence(bench.context(), std::to_string(bench.data()->size()), count(split.training.size()),
                                      count(split.validation.size()));
}

std::string experiment_network(const RnnWorkbench& bench) {
    const SequencePlan plan = bench.model()->plan();
    const std::string cell = rnn_cell_name(plan.cell), hidden = std::to_string(plan.hidden_size);
    return plan.regression ? say(Text::rnn_experiment_regression, {cell, hidden})
                           : say(Text::rnn_experiment_network, {cell, hidden, std::to_string(plan.outputs)});
}

std::string experiment_plan(const RnnWorkbench& bench) {
    const RnnSettings& settings = bench.settings;
    const Choice optimizer = optimizer_choices()[static_cast<size_t>(settings.training.optimizer)];
    return say(Text::rnn_experiment_plan,
               {optimizer.shown(), number(static_cast<double>(settings.training.rate)), std::to_string(settings.training.batch)});
}

std::string experiment_shipped(const RnnWorkbench& bench) {
    const auto& made = bench.shipped()->metadata;
    return say(Text::rnn_shipped_how, {made.at("command"), say_file_sentence(made.at("data")), say_file_sentence(made.at("accuracy")),
                                       std::to_string(count_numbers(bench))});
}

float draw_parameter_table(Stage& stage, const RnnWorkbench& bench, Rect area) {
    const Theme& t = theme();
    const float top = area.y, line = t.px(t.small_text + 6), width = std::min(area.w, t.px(320)) / 3;
    const auto row = [&](const std::string& name, const std::string& shape, const std::string& count, ImU32 color) {
        draw_text(area.min(), name.c_str(), t.small_text, color, width - t.px(4));
        draw_text({area.x + width, area.y}, shape.c_str(), t.small_text, color, width - t.px(4));
        draw_text({area.x + 3 * width - text_width(count.c_str(), t.small_text), area.y}, count.c_str(), t.small_text, color);
        area.cut_top(line);
    };
    row(say(Text::rnn_parameter_tensor), say(Text::rnn_parameter_shape), say(Text::rnn_parameter_count), t.color.text_soft);
    for (const Parameter* parameter : bench.model()->parameters())
        row(parameter->name, parameter->value.shape().text(), std::to_string(parameter->value.elements()), t.color.text);
    ImGui::GetWindowDrawList()->AddLine(area.min(), {area.x + 3 * width, area.y}, t.color.card_border);
    area.cut_top(t.px(4));
    const std::string all = say(Text::rnn_same_weights, {std::to_string(count_numbers(bench))});
    area.cut_top(draw_paragraph(area.min(), all.c_str(), t.small_text, t.color.text, area.w));
    stage.place("rnn.parameters", {area.x, top, area.w, area.y - top});
    return area.y - top;
}

}  // namespace trilens

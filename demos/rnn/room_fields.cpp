// What can be set in the room: one line a field.
#include "demos/rnn/rnn_room.h"
#include "demos/rnn/tasks/tasks.h"

namespace trilens {

using Effect = Field::Effect;

void RnnRoom::list_fields() {
    list_view_choice(Text::help_rnn_view, Effect::looks);
    fields_.effect(Effect::network);
    RnnSettings& s = bench_.settings;
    fields_.choice("rnn.task", Text::field_rnn_task, Text::help_rnn_task, s.task, rnn_task_choices()).listed = false;
    list_task_fields();
    list_network_fields();
    list_look_fields();
    list_view_fields();
}

void RnnRoom::list_task_fields() {
    RnnSettings& s = bench_.settings;
    fields_.effect(Effect::network);
    fields_.section(Text::section_data);
    fields_.when([this] { return bench_.task().has_field("length"); });
    fields_.integer("rnn.length", Text::field_rnn_length, Text::help_rnn_length, s.length, {1, 100, 1});
    fields_.real("rnn.threshold", Text::field_rnn_threshold, Text::help_rnn_threshold, s.threshold, {0, 50, 0.5});
    fields_.when([this] { return bench_.task().has_field("distance"); });
    fields_.integer("rnn.distance", Text::field_rnn_distance, Text::help_rnn_distance, s.distance, {1, 150, 1});
    fields_.effect(Effect::computes);
    fields_.integer("rnn.sample", Text::field_rnn_sample, Text::help_rnn_sample, s.sample, {1, 999, 1});
    fields_.effect(Effect::network);
    fields_.when([this] { return bench_.task().has_field("language"); });
    fields_.choice("rnn.language", Text::field_rnn_language, Text::help_rnn_language, s.text_language,
                   {{"page", Text::rnn_language_page}, {"en", Text::rnn_language_english}, {"zh", Text::rnn_language_chinese}});
    fields_.when([this] { return bench_.task().has_field("source"); });
    fields_.choice("rnn.source", Text::field_rnn_source, Text::help_rnn_source, s.source,
                   {{"shipped", Text::rnn_source_shipped}, {"own", Text::rnn_source_own}});
    fields_.text("rnn.corpus", Text::field_rnn_corpus, Text::help_rnn_corpus, bench_.input.corpus, longest_text).listed = false;
    fields_.when(nullptr);
}

void RnnRoom::list_network_fields() {
    RnnSettings& s = bench_.settings;
    fields_.effect(Effect::network);
    fields_.section(Text::section_network);
    fields_.when([this] { return !bench_.is_shipped(); });
    fields_.choice("rnn.cell", Text::field_rnn_cell, Text::help_rnn_cell, s.cell, rnn_cell_choices());
    const auto of_cell = [this](std::string_view field) {
        return [this, field] {
            const char* own = row_of(bench_.settings.cell).own_field;
            return !bench_.is_shipped() && own && own == field;
        };
    };
    fields_.when(of_cell("activation"));
    fields_.choice("rnn.activation", Text::field_rnn_activation, Text::help_rnn_activation, s.activation,
                   {{"auto", Text::rnn_activation_auto}, {"tanh", Text::rnn_activation_tanh}, {"relu", Text::rnn_activation_relu}});
    fields_.when(of_cell("reset_before"));
    fields_.flag("rnn.reset_before", Text::field_rnn_reset_before, Text::help_rnn_reset_before, s.reset_before);
    fields_.when([this] { return !bench_.is_shipped(); });
    fields_.integer("rnn.hidden_size", Text::field_rnn_hidden_size, Text::help_rnn_hidden_size, s.hidden_size, {1, 128, 1});
    fields_.real("rnn.spectral_radius", Text::field_rnn_spectral_radius, Text::help_rnn_spectral_radius, s.spectral_radius, {0, 2, 0.05});
    fields_.effect(Effect::run);
    fields_.when([this] { return !bench_.is_shipped() && (on("train") || on("gradients")); });
    fields_.real("rnn.clip", Text::field_clip, Text::help_clip, s.training.clip, {0, 5, 0.1}).zero = Text::number_none;
    fields_.effect(Effect::network);  // it is part of network_key(): a run of one cell is no run of three
    fields_.flag("rnn.compare", Text::field_rnn_compare, Text::help_rnn_compare, s.compare);
    fields_.when(nullptr);
}

void RnnRoom::list_look_fields() {
    RnnSettings& s = bench_.settings;
    // Time stops the drawing, not the pass, which always goes back as well.
    fields_.effect(Effect::looks);
    fields_.section(Text::section_direction);
    fields_.choice("rnn.show", Text::field_show, Text::help_rnn_show, s.gradients,
                   {{"values", Text::show_values}, {"gradients", Text::show_gradients}});
    fields_.section(Text::section_time);
    Field& step = fields_.integer("rnn.step", Text::field_rnn_step, Text::help_rnn_step, s.step, {0, static_cast<double>(longest_text), 1});
    step.listed = step.recorded = false;
    fields_.real("rnn.speed", Text::field_rnn_speed, Text::help_rnn_speed, s.speed, {0.5, 20, 0.5});
}

}  // namespace trilens

// What can be set in the room: one line a field.
#include "demos/transformer/tasks/problems.h"
#include "demos/transformer/tasks/tasks.h"
#include "demos/transformer/transformer_room.h"

namespace trilens {

using Effect = Field::Effect;

void TransformerRoom::list_fields() {
    list_view_choice(Text::help_transformer_view, Effect::looks);
    fields_.effect(Effect::network);
    TransformerSettings& s = bench_.settings;
    std::vector<Choice> tasks;
    for (const TransformerTask* each : transformer_tasks()) tasks.push_back({each->id(), each->label()});
    fields_.choice("transformer.task", Text::field_transformer_task, Text::help_transformer_task, s.task, std::move(tasks)).listed = false;
    list_task_fields();
    list_look_fields();
    list_writing_fields();
    list_network_fields();
    list_head_fields();
    list_view_fields();
}

void TransformerRoom::list_task_fields() {
    TransformerSettings& s = bench_.settings;
    fields_.effect(Effect::network);
    fields_.section(Text::section_data);
    std::vector<Choice> problems;
    for (const ProblemEntry& each : problem_table()) problems.push_back({each.id, each.label});
    fields_.choice("transformer.problem", Text::field_transformer_problem, Text::help_transformer_problem, s.problem, std::move(problems))
        .listed = false;
    const auto has = [this](const char* name) { return [this, name] { return bench_.task().has_field(name, bench_.context()); }; };
    fields_.when(has("items"));
    fields_.integer("transformer.items", Text::field_transformer_items, Text::help_transformer_items, s.items, {2, 16, 1});
    fields_.when(has("digits"));
    fields_.integer("transformer.digits", Text::field_transformer_digits, Text::help_transformer_digits, s.digits, {1, 4, 1});
    fields_.when(has("length"));
    fields_.effect(Effect::computes);
    fields_.integer("transformer.length", Text::field_rnn_length, Text::help_transformer_length, s.length, {1, 256, 1});
    fields_.effect(Effect::network);
    fields_.when(has("language"));
    fields_.choice("transformer.language", Text::field_rnn_language, Text::help_rnn_language, s.text_language,
                   {{"page", Text::rnn_language_page}, {"en", Text::rnn_language_english}, {"zh", Text::rnn_language_chinese}});
    fields_.when(nullptr);
    fields_.text("transformer.corpus", Text::transformer_corpus, Text::help_transformer_corpus, bench_.input.corpus, longest_text).listed =
        false;
}

void TransformerRoom::list_look_fields() {
    TransformerSettings& s = bench_.settings;
    fields_.effect(Effect::looks);
    fields_.section(Text::section_attention);
    fields_.when([this] { return has_network() && bench_.stacks().size() > 1; });
    fields_.choice("transformer.stack", Text::field_transformer_stack, Text::help_transformer_stack, s.stack,
                   {{"encoder", Text::transformer_stack_encoder},
                    {"decoder", Text::transformer_stack_decoder},
                    {"cross", Text::transformer_stack_cross}});
    fields_.when(nullptr);
    fields_.effect(Effect::computes);
    fields_.flag("transformer.scaled", Text::field_transformer_scaled, Text::help_transformer_scaled, s.scaled);
    fields_.flag("transformer.positions", Text::field_transformer_positions, Text::help_transformer_positions, s.positions);
    fields_.when([this] { return has_network() && !bench_.writes(); });
    fields_.flag("transformer.shuffled", Text::field_transformer_shuffled, Text::help_transformer_shuffled, s.shuffled);
    fields_.when(nullptr);
    fields_.effect(Effect::looks);
    fields_.choice("transformer.show", Text::field_show, Text::help_transformer_show, s.gradients,
                   {{"values", Text::show_values}, {"gradients", Text::show_gradients}});
    fields_.real("transformer.speed", Text::field_rnn_speed, Text::help_rnn_speed, s.speed, {0.5, 20, 0.5});
    fields_
        .integer("transformer.layer", Text::field_transformer_layer, Text::help_transformer_layer, s.layer,
                 {1, static_cast<double>(most_layers), 1})
        .listed = false;
    fields_
        .integer("transformer.head", Text::field_transformer_head, Text::help_transformer_head, s.head,
                 {1, static_cast<double>(most_heads), 1})
        .listed = false;
    fields_.integer("transformer.token", Text::field_transformer_token, Text::help_transformer_token, s.token, {0, 999, 1}).listed = false;
}

void TransformerRoom::list_writing_fields() {
    TransformerSettings& s = bench_.settings;
    fields_.effect(Effect::computes);
    using Decoding = TransformerSettings::Decoding;
    fields_.section(Text::section_writing);
    fields_.when([this] { return has_network() && bench_.writes(); });
    fields_.choice("transformer.decoding", Text::field_transformer_decoding, Text::help_transformer_decoding, s.decoding,
                   {{"auto", Text::transformer_by_task},
                    {"greedy", Text::transformer_greedy},
                    {"beam", Text::transformer_beam},
                    {"sample", Text::transformer_sample}});
    fields_.integer("transformer.step", Text::field_transformer_step, Text::help_transformer_step, s.step, {0, 999, 1}).listed = false;
    fields_.when([this] { return has_network() && bench_.writes() && bench_.decoding() == Decoding::beam; });
    fields_.integer("transformer.beams", Text::field_transformer_beams, Text::help_transformer_beams, s.beams, {1, 8, 1});
    fields_.when([this] { return has_network() && bench_.writes() && bench_.decoding() == Decoding::sample; });
    fields_.real("transformer.temperature", Text::field_rnn_temperature, Text::help_rnn_temperature, s.temperature, {0, 2, 0.05});
    fields_.integer("transformer.top_k", Text::field_rnn_top_k, Text::help_rnn_top_k, s.top_k, {0, 50, 1}).zero = Text::number_all;
    fields_.real("transformer.top_p", Text::field_transformer_top_p, Text::help_transformer_top_p, s.top_p, {0.05, 1, 0.05});
    fields_.integer("transformer.draw", Text::field_transformer_draw, Text::help_transformer_draw, s.draw, {1, 9999, 1});
    fields_.when(nullptr);
}

void TransformerRoom::list_network_fields() {
    TransformerSettings& s = bench_.settings;
    fields_.effect(Effect::network);
    fields_.section(Text::section_network);
    fields_.when([this] { return !bench_.is_shipped(); });
    const Choice by_task{"auto", Text::transformer_by_task};
    fields_
        .integer("transformer.layers", Text::field_transformer_layers, Text::help_transformer_layers, s.layers,
                 {0, static_cast<double>(most_layers), 1})
        .zero = Text::transformer_by_task;
    fields_
        .integer("transformer.num_heads", Text::field_transformer_num_heads, Text::help_transformer_num_heads, s.num_heads,
                 {0, static_cast<double>(most_heads), 1})
        .zero = Text::transformer_by_task;
    fields_.when([this] { return bench_.trainable(); });
    fields_.integer("transformer.d_model", Text::field_transformer_d_model, Text::help_transformer_d_model, s.d_model, {0, 128, 8}).zero =
        Text::transformer_by_task;
    fields_.when([this] { return !bench_.is_shipped(); });
    fields_.choice("transformer.encoding", Text::field_transformer_encoding, Text::help_transformer_encoding, s.encoding,
                   {by_task,
                    {"none", Text::transformer_encoding_none},
                    {"sinusoidal", Text::transformer_encoding_sinusoidal},
                    {"learned", Text::transformer_encoding_learned},
                    {"rotary", Text::transformer_encoding_rotary}});
    fields_.choice("transformer.norm", Text::field_transformer_norm, Text::help_transformer_norm, s.norm,
                   {by_task, {"post", Text::transformer_norm_post}, {"pre", Text::transformer_norm_pre}});
    fields_.choice("transformer.activation", Text::field_rnn_activation, Text::help_transformer_activation, s.activation,
                   {by_task, {"relu", Text::transformer_relu}, {"gelu", Text::transformer_gelu}});
    fields_.integer("transformer.seed", Text::field_seed, Text::help_seed, s.seed, {1, 9999, 1});
    fields_.when(nullptr);
}

// Every head that a network may have can be switched; one that it has not is without effect.
void TransformerRoom::list_head_fields() {
    constexpr const char* names[] = {"transformer.head.", "transformer.decoder_head.", "transformer.cross_head."};
    fields_.effect(Effect::computes);
    fields_.section(Text::section_attention);
    for (size_t where = 0; where < 3; ++where)
        for (size_t layer = 0; layer < most_layers; ++layer)
            for (size_t head = 0; head < most_heads; ++head)
                fields_
                    .choice(names[where] + std::to_string(layer) + "." + std::to_string(head), Text::field_transformer_head_mode,
                            Text::help_transformer_head_mode, bench_.settings.heads[where][layer][head],
                            {{"on", Text::transformer_head_on},
                             {"off", Text::transformer_head_off},
                             {"uniform", Text::transformer_head_uniform}})
                    .listed = false;
}

}  // namespace trilens

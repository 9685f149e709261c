// The plan as a line of names and values, and what it claims held against the tensors.
#include "engine/models/transformer_file.h"

#include <algorithm>

#include "engine/errors.h"
#include "engine/models/plan_line.h"
#include "engine/train/weights.h"

namespace trilens {
namespace {

using Kind = TransformerPlan::Kind;
using Head = TransformerPlan::Head;
using LayerSettings = TransformerLayerSettings;

const std::string file_kind = "transformer file";   // begins every message

// In the order of the enumerations.
constexpr const char* kinds[] = {"encoder", "decoder", "encoder_decoder"};
constexpr const char* norms[] = {"post", "pre"};
constexpr const char* activations[] = {"relu", "gelu"};
constexpr const char* positions[] = {"none", "sinusoidal", "learned", "rotary"};
constexpr const char* heads[] = {"none", "every", "class_token"};

struct Member {
    const char* name;
    int64_t TransformerPlan::* value;
};
constexpr Member members[] = {{"vocabulary", &TransformerPlan::vocabulary}, {"target_vocabulary", &TransformerPlan::target_vocabulary},
                              {"features", &TransformerPlan::features},     {"layers", &TransformerPlan::layers},
                              {"max_length", &TransformerPlan::max_length}, {"outputs", &TransformerPlan::outputs}};
struct LayerMember {
    const char* name;
    int64_t LayerSettings::* value;
};
constexpr LayerMember layer_members[] = {{"d_model", &LayerSettings::d_model},
                                         {"num_heads", &LayerSettings::num_heads},
                                         {"key_size", &LayerSettings::key_size},
                                         {"d_ff", &LayerSettings::d_ff}};

int64_t written_vocabulary(const TransformerPlan& plan) {
    if (plan.kind != Kind::encoder_decoder) return 0;
    return plan.target_vocabulary > 0 ? plan.target_vocabulary : plan.vocabulary;
}

void check_stack(const TransformerPlan& plan, const WeightFile& file, const std::string& name, int64_t vocabulary) {
    const LayerSettings& layer = plan.layer;
    const auto need = [&](const char* tensor, const char* what, int64_t rows, int64_t columns) {
        need_matrix(file_kind, file, name + tensor, what, rows, columns);
    };
    if (vocabulary > 0) need(".embedding.weight", "vocabulary and d_model", vocabulary, layer.d_model);
    else if (plan.features > 0) need(".embedding.weight", "d_model and features", layer.d_model, plan.features);
    if (plan.positions == Positions::learned) need(".positions.weight", "max_length and d_model", plan.max_length, layer.d_model);
    need(".0.q.weight", "num_heads, key_size and d_model", layer.num_heads * layer.key_size, layer.d_model);
    need(".0.ff.hidden.weight", "d_ff and d_model", layer.d_ff, layer.d_model);
}

void check_sizes(const TransformerPlan& plan, const WeightFile& file) {
    if (plan.kind != Kind::decoder) check_stack(plan, file, "encoder", plan.vocabulary);
    if (plan.kind == Kind::encoder_decoder) check_stack(plan, file, "decoder", written_vocabulary(plan));
    if (plan.kind == Kind::decoder) check_stack(plan, file, "decoder", plan.vocabulary);
    const int64_t written = plan.kind == Kind::encoder_decoder ? written_vocabulary(plan) : plan.vocabulary;
    if (!plan.tied && (plan.kind != Kind::encoder || plan.head != Head::none))
        need_matrix(file_kind, file, "logits.weight", "outputs and d_model", plan.outputs > 0 ? plan.outputs : written, plan.layer.d_model);
    need_layers(file_kind, file, plan.layers);
}

}  // namespace

std::string plan_text(const TransformerPlan& plan) {
    const LayerSettings& layer = plan.layer;
    std::string text = std::string("kind=") + kinds[static_cast<size_t>(plan.kind)];
    for (const Member& member : members) text += std::string(" ") + member.name + "=" + std::to_string(plan.*member.value);
    for (const LayerMember& member : layer_members) text += std::string(" ") + member.name + "=" + std::to_string(layer.*member.value);
    return text + " norm=" + norms[static_cast<size_t>(layer.norm)] + " activation=" + activations[static_cast<size_t>(layer.activation)] +
           " dropout=" + plan_decimal_text(layer.dropout) + " norm_epsilon=" + plan_decimal_text(layer.norm_epsilon) +
           " positions=" + positions[static_cast<size_t>(plan.positions)] + " head=" + heads[static_cast<size_t>(plan.head)] +
           " scale_embedding=" + (plan.scale_embedding ? "1" : "0") + " tied=" + (plan.tied ? "1" : "0");
}

TransformerPlan transformer_plan_from_text(const std::string& text) {
    TransformerPlan plan;
    for (const auto& [name, value] : plan_words(text)) {
        const auto named = [&name = name](const auto& each) { return name == each.name; };
        const auto whole = [&name = name, &value = value] { return plan_number(file_kind, name, value); };
        const auto choice = [&name = name, &value = value](std::span<const char* const> names) {
            return plan_choice(file_kind, name, value, names);
        };
        const auto member = std::ranges::find_if(members, named);
        const auto layer_member = std::ranges::find_if(layer_members, named);
        if (member != std::end(members)) plan.*member->value = whole();
        else if (layer_member != std::end(layer_members)) plan.layer.*layer_member->value = whole();
        else if (name == "kind") plan.kind = static_cast<Kind>(choice(kinds));
        else if (name == "norm") plan.layer.norm = static_cast<LayerSettings::Norm>(choice(norms));
        else if (name == "activation") plan.layer.activation = static_cast<LayerSettings::Activation>(choice(activations));
        else if (name == "dropout") plan.layer.dropout = plan_decimal(file_kind, name, value);
        else if (name == "norm_epsilon") plan.layer.norm_epsilon = plan_decimal(file_kind, name, value);
        else if (name == "positions") plan.positions = static_cast<Positions>(choice(positions));
        else if (name == "head") plan.head = static_cast<Head>(choice(heads));
        else if (name == "scale_embedding") plan.scale_embedding = whole() != 0;
        else if (name == "tied") plan.tied = whole() != 0;
        else refuse_plan_word(file_kind, name, value);
    }
    return plan;
}

std::vector<uint8_t> write_transformer_file(Transformer& model, const Vocabulary& vocabulary, const Vocabulary& target_vocabulary,
                                            std::map<std::string, std::string> metadata) {
    const TransformerPlan& plan = model.plan();
    const auto check = [](const char* name, const Vocabulary& given, int64_t tokens) {
        if (given.size() != std::max<int64_t>(tokens, 1))
            throw ValueError(file_kind + ": a " + name + " of " + std::to_string(given.size()) + " tokens for a model of " +
                             std::to_string(tokens));
    };
    check("vocabulary", vocabulary, plan.vocabulary);
    check("target_vocabulary", target_vocabulary, written_vocabulary(plan));
    WeightFile file = collect_weights(model.parameters());
    metadata["plan"] = plan_text(plan);
    metadata["vocabulary"] = vocabulary.text();
    if (plan.kind == Kind::encoder_decoder) metadata["target_vocabulary"] = target_vocabulary.text();
    file.metadata = std::move(metadata);
    return write_safetensors(file, Storage::float16);
}

TransformerFile read_transformer_file(std::span<const uint8_t> bytes) {
    const WeightFile file = read_safetensors(bytes);
    TransformerFile out;
    const TransformerPlan plan = transformer_plan_from_text(metadata_entry(file_kind, file, "plan"));
    out.vocabulary = metadata_vocabulary(file_kind, file, "vocabulary", plan.vocabulary);
    if (plan.kind == Kind::encoder_decoder)
        out.target_vocabulary = metadata_vocabulary(file_kind, file, "target_vocabulary", written_vocabulary(plan));
    check_sizes(plan, file);
    Random random(0);
    try {
        out.model = std::make_shared<Transformer>(plan, random);
    } catch (const ValueError& error) {
        throw FormatError(file_kind + ": " + error.what());
    }
    apply_weights(file, out.model->parameters());
    out.metadata = file.metadata;
    return out;
}

}  // namespace trilens

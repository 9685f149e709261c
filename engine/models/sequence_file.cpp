// The plan as a line of names and values, so that a file can be read by eye.
#include "engine/models/sequence_file.h"

#include <algorithm>

#include "engine/errors.h"
#include "engine/models/plan_line.h"
#include "engine/train/weights.h"

namespace trilens {
namespace {

const std::string file_kind = "sequence file";   // begins every message
constexpr const char* cell_names[] = {"rnn_tanh", "rnn_relu", "gru", "gru_reset_before", "lstm"};   // in the order of Cell

struct Member {
    const char* name;
    int64_t SequencePlan::* value;
};
constexpr Member members[] = {{"vocabulary", &SequencePlan::vocabulary},
                              {"embedding", &SequencePlan::embedding},
                              {"features", &SequencePlan::features},
                              {"hidden_size", &SequencePlan::hidden_size},
                              {"outputs", &SequencePlan::outputs}};

void check_sizes(const SequencePlan& plan, const WeightFile& file) {
    const auto need = [&](const char* name, const char* what, int64_t rows, int64_t columns) {
        need_matrix(file_kind, file, name, what, rows, columns);
    };
    const auto gates = static_cast<int64_t>(gate_names(plan.cell).size());
    const int64_t width = plan.vocabulary == 0 ? plan.features : plan.embedding > 0 ? plan.embedding : plan.vocabulary;
    if (plan.vocabulary > 0 && plan.embedding > 0)
        need("embedding.weight", "vocabulary and the embedding", plan.vocabulary, plan.embedding);
    need("W_hh", "hidden_size", gates * plan.hidden_size, plan.hidden_size);
    need("W_xh", "features", gates * plan.hidden_size, width);
    need("W_ho", "outputs", plan.outputs, plan.hidden_size * (plan.bidirectional ? 2 : 1));
    need_layers(file_kind, file, plan.layers);
}

}  // namespace

std::string plan_text(const SequencePlan& plan) {
    std::string text = std::string("cell=") + cell_names[static_cast<size_t>(plan.cell)];
    for (const Member& member : members) text += std::string(" ") + member.name + "=" + std::to_string(plan.*member.value);
    return text + " layers=" + std::to_string(plan.layers) + " bidirectional=" + (plan.bidirectional ? "1" : "0") +
           " every=" + (plan.head == SequencePlan::Head::every ? "1" : "0") + " regression=" + (plan.regression ? "1" : "0");
}

SequencePlan plan_from_text(const std::string& text) {
    SequencePlan plan;
    for (const auto& [name, value] : plan_words(text)) {
        const auto member = std::ranges::find(members, name, [](const Member& each) { return std::string(each.name); });
        const auto whole = [&name = name, &value = value] { return plan_number(file_kind, name, value); };
        if (name == "cell") plan.cell = static_cast<Cell>(plan_choice(file_kind, name, value, cell_names));
        else if (member != std::end(members)) plan.*member->value = whole();
        else if (name == "layers") plan.layers = static_cast<int>(whole());
        else if (name == "bidirectional") plan.bidirectional = whole() != 0;
        else if (name == "every") plan.head = whole() != 0 ? SequencePlan::Head::every : SequencePlan::Head::last;
        else if (name == "regression") plan.regression = whole() != 0;
        else refuse_plan_word(file_kind, name, value);
    }
    return plan;
}

std::vector<uint8_t> write_sequence_file(SequenceModel& model, const Vocabulary& vocabulary, std::map<std::string, std::string> metadata) {
    WeightFile file = collect_weights(model.parameters());
    metadata["plan"] = plan_text(model.plan());
    metadata["vocabulary"] = vocabulary.text();
    file.metadata = std::move(metadata);
    return write_safetensors(file, Storage::float16);
}

SequenceFile read_sequence_file(std::span<const uint8_t> bytes) {
    const WeightFile file = read_safetensors(bytes);
    SequenceFile out;
    const SequencePlan plan = plan_from_text(metadata_entry(file_kind, file, "plan"));
    out.vocabulary = metadata_vocabulary(file_kind, file, "vocabulary", plan.vocabulary);
    check_sizes(plan, file);
    Random random(0);
    try {
        out.model = std::make_shared<SequenceModel>(plan, random);
    } catch (const ValueError& error) {
        throw FormatError(file_kind + ": " + error.what());
    }
    apply_weights(file, out.model->parameters());
    out.metadata = file.metadata;
    return out;
}

}  // namespace trilens

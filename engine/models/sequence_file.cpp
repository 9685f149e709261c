// The plan as a line of names and values, so that a file can be read by eye.
#include "engine/models/sequence_file.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "engine/train/weights.h"

namespace trilens {
namespace {

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
constexpr int64_t most = 100000;   // of any of them: more is no network that a page could run

int64_t whole(const std::string& name, const std::string& text) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
        throw FormatError("sequence file: " + name + "=" + text + ", expected a whole number up to " + std::to_string(most));
    return value;
}

const std::string& entry(const WeightFile& file, const char* name) {
    const auto found = file.metadata.find(name);
    if (found == file.metadata.end()) throw FormatError(std::string("sequence file: its metadata has no \"") + name + "\"");
    return found->second;
}

// A plan takes as much memory as it says: what it says is held against the tensors that are there before it is believed.
void check_sizes(const SequencePlan& plan, const WeightFile& file) {
    const auto need = [&](const char* name, const char* what, int64_t rows, int64_t columns) {
        const auto found = file.tensors.find(name);
        if (found == file.tensors.end()) throw FormatError(std::string("sequence file: it has no tensor ") + name);
        const Shape& shape = found->second.shape();
        if (shape.rank() != 2 || shape[0] != rows || shape[1] != columns)
            throw FormatError(std::string("sequence file: ") + name + " is " + shape.text() + ", by the " + what + " of its plan it is [" +
                              std::to_string(rows) + ", " + std::to_string(columns) + "]");
    };
    const auto gates = static_cast<int64_t>(gate_names(plan.cell).size());
    const int64_t width = plan.vocabulary == 0 ? plan.features : plan.embedding > 0 ? plan.embedding : plan.vocabulary;
    if (plan.vocabulary > 0 && plan.embedding > 0)
        need("embedding.weight", "vocabulary and the embedding", plan.vocabulary, plan.embedding);
    need("W_hh", "hidden_size", gates * plan.hidden_size, plan.hidden_size);
    need("W_xh", "features", gates * plan.hidden_size, width);
    need("W_ho", "outputs", plan.outputs, plan.hidden_size * (plan.bidirectional ? 2 : 1));
    if (static_cast<size_t>(plan.layers) > file.tensors.size())
        throw FormatError("sequence file: layers=" + std::to_string(plan.layers) + ", but it has " + std::to_string(file.tensors.size()) +
                          " tensors");
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
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const size_t sign = word.find('=');
        const std::string name = word.substr(0, sign), value = sign == std::string::npos ? "" : word.substr(sign + 1);
        const auto member = std::ranges::find(members, name, [](const Member& each) { return std::string(each.name); });
        if (name == "cell") {
            const auto found = std::ranges::find(cell_names, value, [](const char* each) { return std::string(each); });
            if (found == std::end(cell_names)) throw FormatError("sequence file: there is no cell " + value);
            plan.cell = static_cast<Cell>(found - cell_names);
        } else if (member != std::end(members)) {
            plan.*member->value = whole(name, value);
        } else if (name == "layers") {
            plan.layers = static_cast<int>(whole(name, value));
        } else if (name == "bidirectional") {
            plan.bidirectional = whole(name, value) != 0;
        } else if (name == "every") {
            plan.head = whole(name, value) != 0 ? SequencePlan::Head::every : SequencePlan::Head::last;
        } else if (name == "regression") {
            plan.regression = whole(name, value) != 0;
        } else {
            throw FormatError("sequence file: its plan says " + word + ", which no plan has");
        }
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
    out.vocabulary = Vocabulary::from_text(entry(file, "vocabulary"));
    const SequencePlan plan = plan_from_text(entry(file, "plan"));
    if (plan.vocabulary != out.vocabulary.size())
        throw FormatError("sequence file: a vocabulary of " + std::to_string(out.vocabulary.size()) + " tokens, its plan says " +
                          std::to_string(plan.vocabulary));
    check_sizes(plan, file);
    Random random(0);
    try {
        out.model = std::make_shared<SequenceModel>(plan, random);
    } catch (const ValueError& error) {
        throw FormatError(std::string("sequence file: ") + error.what());
    }
    apply_weights(file, out.model->parameters());
    out.metadata = file.metadata;
    return out;
}

}  // namespace trilens

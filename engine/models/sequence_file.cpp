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

// One layer over characters, trained on windows that begin where a line does: the state is zero there, as it is where a learner's prompt
// begins.
#include "train/characters.h"

#include <algorithm>
#include <cstdio>

#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/data/text_windows.h"
#include "engine/errors.h"
#include "engine/models/sequence_file.h"
#include "engine/train/trainer.h"
#include "train/classifier.h"
#include "train/files.h"
#include "train/simplified.h"

namespace trilens {
namespace {

// What is good for a language, found on the characters that are looked at after each epoch.
struct Recipe {
    Cell cell;
    int64_t vocabulary, embedding, hidden_size, window, windows, batch, epochs;  // `windows` an epoch, at most
    float dropout, rate;
};
Recipe recipe(bool chinese) {
    if (chinese) return {Cell::gru, 1000, 24, 88, 66, 20000, 64, 25, 0.1f, 3e-3f};
    return {Cell::lstm, 100, 24, 160, 100, 16000, 32, 24, 0, 4e-3f};
}

std::string text_of(const std::filesystem::path& path) {
    try {
        const std::vector<uint8_t> bytes = read_file(path);
        return {bytes.begin(), bytes.end()};
    } catch (const FormatError& error) {
        throw FormatError(std::string(error.what()) +
                          ".\ntinyshakespeare.txt is data/tinyshakespeare/input.txt of github.com/karpathy/char-rnn; tang-jueju-5.txt and "
                          "tang-jueju-7.txt are the\n"
                          "poems of exactly four equal lines of github.com/chinese-poetry/chinese-poetry, one a line. Name their folder: "
                          "train characters --data FOLDER");
    }
}

// One poem a line, in an order drawn from the seed: poems of one author stand together in the files.
std::string poems(const std::filesystem::path& folder, uint64_t seed) {
    std::vector<std::string> lines;
    for (const char* name : {"tang-jueju-5.txt", "tang-jueju-7.txt"}) {
        const std::string text = simplified(text_of(folder / name));
        for (size_t begin = 0; begin < text.size();) {
            const size_t end = std::min(text.find('\n', begin), text.size());
            if (end > begin) lines.push_back(text.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    std::string out;
    for (const int32_t line : Random(seed, 1).permutation(static_cast<int32_t>(lines.size())))
        out += lines[static_cast<size_t>(line)] + "\n";
    return out;
}

// The text in three: 90 % to train on, 5 % to look at, 5 % to state.
struct Parts {
    std::string_view training, validation, test;
};
Parts parts_of(const std::string& text) {
    const auto line_after = [&](size_t at) { return std::min(text.find('\n', at), text.size() - 1) + 1; };
    const size_t first = line_after(text.size() / 20 * 18), second = line_after(text.size() / 20 * 19);
    const std::string_view all = text;
    return {all.substr(0, first), all.substr(first, second - first), all.substr(second)};
}

// Two data sets as one: windows to train on, then windows to look at.
class Joined : public DataSet {
public:
    Joined(const DataSet& first, const DataSet& second) : first_(first), second_(second) {}
    int64_t size() const override { return first_.size() + second_.size(); }
    Batch batch(std::span<const int32_t> samples) const override {
        const auto from_first = static_cast<int32_t>(first_.size());
        if (samples.empty() || samples[0] < from_first) return first_.batch(samples);
        std::vector<int32_t> others(samples.begin(), samples.end());
        for (int32_t& sample : others) sample -= from_first;
        return second_.batch(others);
    }

private:
    const DataSet& first_;
    const DataSet& second_;
};

// Characters outside the vocabulary are read, but never to be said: no loss asks for them.
Outcome loss_of_known(SequenceModel& model, Graph& graph, const Batch& batch) {
    const Value scores = model.forward(graph, batch.inputs);
    std::vector<int32_t> labels = batch.labels;
    std::ranges::replace(labels, Vocabulary::unknown, -1);
    return {cross_entropy(reshape(scores, Shape{scores.shape()[0] * scores.shape()[1], scores.shape()[2]}), labels), {}};
}

// Over all windows: nats for each character that the vocabulary has, and the share of those that the largest score names.
struct Figure {
    double loss = 0, right = 0;
};
Figure figure_of(SequenceModel& model, const DataSet& windows) {
    Figure sum;
    int64_t known = 0;
    for (int32_t window = 0; window < windows.size(); ++window) {
        const Batch batch = windows.batch(std::span(&window, 1));
        Graph graph;
        const Outcome outcome = loss_of_known(model, graph, batch);
        const Tensor& scores = graph.find("logits").tensor();
        int64_t here = 0;
        const int64_t classes = model.plan().outputs;
        for (size_t t = 0; t < batch.labels.size(); ++t) {
            if (batch.labels[t] == Vocabulary::unknown) continue;
            const float* row = scores.data() + static_cast<int64_t>(t) * classes;
            sum.right += std::max_element(row, row + classes) - row == batch.labels[t] ? 1 : 0;
            ++here;
        }
        sum.loss += static_cast<double>(outcome.loss.tensor().item()) * static_cast<double>(here);
        known += here;
    }
    return {sum.loss / static_cast<double>(known), sum.right / static_cast<double>(known)};
}

}  // namespace

void train_characters(const CharactersOptions& wanted) {
    CharactersOptions options = wanted;
    const std::string language = options.chinese ? "zh" : "en";
    if (options.out.empty()) options.out = "demos/assets/characters_" + language + ".safetensors";
    const Recipe chosen = recipe(options.chinese);
    if (options.epochs == 0) options.epochs = chosen.epochs;
    need_folder_of(options.out);
    const std::string text = options.chinese ? poems(options.data, options.seed) : text_of(options.data / "tinyshakespeare.txt");
    const Parts parts = parts_of(text);
    const Vocabulary vocabulary = character_vocabulary(parts.training, chosen.vocabulary);
    const TextWindows training = TextWindows::at_line_starts(parts.training, vocabulary, chosen.window);
    const TextWindows validation = TextWindows::at_line_starts(parts.validation, vocabulary, chosen.window);
    const TextWindows test = TextWindows::at_line_starts(parts.test, vocabulary, chosen.window);
    const Joined data(training, validation);
    Split split{Random(options.seed, 2).permutation(static_cast<int32_t>(training.size())), numbers(training.size(), validation.size())};
    if (static_cast<int64_t>(split.training.size()) > chosen.windows) split.training.resize(static_cast<size_t>(chosen.windows));

    SequencePlan plan;
    plan.vocabulary = plan.outputs = vocabulary.size();
    plan.embedding = chosen.embedding;
    plan.cell = chosen.cell;
    plan.hidden_size = chosen.hidden_size;
    plan.head = SequencePlan::Head::every;
    plan.dropout = chosen.dropout;
    Random random(options.seed, uint64_t{1} << 63);
    SequenceModel model(plan, random);
    TrainerSettings settings;
    settings.batch = chosen.batch;
    settings.epochs = options.epochs;
    settings.seed = options.seed;
    settings.clip = 1;
    settings.history_bytes = 0;
    Trainer trainer(
        model.parameters(), {}, [&](Graph& graph, const Batch& batch) { return loss_of_known(model, graph, batch); }, data, split,
        settings);
    run_along_cosine(trainer, options.epochs, chosen.rate);

    std::map<std::string, std::string> metadata{
        {"command", "train characters --language " + language + " --seed " + std::to_string(options.seed) + " --epochs " +
                        std::to_string(options.epochs)},
        {"data", options.chinese ? "14,093 quatrains of the Tang (chinese-poetry), 90 % of them, in simplified characters"
                                 : "Shakespeare (tinyshakespeare), its first 90 %"}};
    // What is stated is what the file holds, rounded to float16.
    const SequenceFile rounded = read_sequence_file(write_sequence_file(model, vocabulary, metadata));
    const Figure figure = figure_of(*rounded.model, test);
    char reached[120];
    std::snprintf(reached, sizeof reached, "%.3f nats a character, %s %% of the next characters right, on the last 5 %%", figure.loss,
                  percent(figure.right).c_str());
    metadata["accuracy"] = reached;
    const std::string sum = write_sequence(model, vocabulary, metadata, options.out);
    std::printf("%s\nchecksum %s\nwrote %s\n", reached, sum.c_str(), options.out.c_str());
}

}  // namespace trilens

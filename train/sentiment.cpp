// An LSTM over words or Chinese characters. Every step is asked for the verdict, not only the last: the learner sees it after every token.
#include "train/sentiment.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/data/labelled_tokens.h"
#include "engine/math.h"
#include "engine/models/sequence_file.h"
#include "engine/train/trainer.h"
#include "train/classifier.h"
#include "train/files.h"
#include "train/reviews.h"

namespace trilens {
namespace {

// What is good for a language, found on the validation reviews.
struct Recipe {
    TokenKind kind;
    int64_t least_count, vocabulary, embedding, hidden_size, epochs;
    size_t longest;                     // tokens of a review that are read
    float dropout, word_dropout, rate, weight_decay;
};
Recipe recipe(bool chinese) {
    if (chinese) return {TokenKind::chinese, 5, 3500, 32, 64, 8, 100, 0.3f, 0.05f, 2e-3f, 1e-5f};
    return {TokenKind::english, 1, 12000, 8, 64, 4, 60, 0.3f, 0.1f, 1e-3f, 1e-3f};
}

struct Samples {
    std::vector<LabelledTokens::Sample> all;
    std::vector<std::string> sources;
    Vocabulary vocabulary;
    Split split;
    std::vector<int32_t> test;
};

// The vocabulary is counted on what is trained on.
Samples read_samples(const SentimentOptions& options, const Recipe& recipe) {
    const std::vector<Review> reviews = options.chinese ? read_chinese_reviews(options.data) : read_english_reviews(options.data);
    std::vector<std::vector<Token>> tokens;
    std::vector<bool> positive;
    Samples out;
    for (const Review& review : reviews) {
        std::vector<Token> each = tokenize(review.text, recipe.kind);
        if (each.empty()) continue;
        if (each.size() > recipe.longest) each.resize(recipe.longest);
        tokens.push_back(std::move(each));
        positive.push_back(review.positive);
        out.sources.push_back(review.source);
    }
    std::vector<int32_t> order = Random(options.seed, 1).permutation(static_cast<int32_t>(tokens.size()));
    const size_t tenth = tokens.size() / 10;
    out.test.assign(order.begin(), order.begin() + static_cast<int64_t>(tenth));
    out.split.validation.assign(order.begin() + static_cast<int64_t>(tenth), order.begin() + static_cast<int64_t>(2 * tenth));
    out.split.training.assign(order.begin() + static_cast<int64_t>(2 * tenth), order.end());
    VocabularyCount count;
    for (const int32_t sample : out.split.training) count.add(tokens[static_cast<size_t>(sample)]);
    out.vocabulary = count.vocabulary(recipe.least_count, recipe.vocabulary);
    for (size_t i = 0; i < tokens.size(); ++i) out.all.push_back({out.vocabulary.numbers(tokens[i]), positive[i] ? 1 : 0});
    return out;
}

// Starts the first component of every token's vector from how much more often reviews for than reviews against have it: the log-count ratio
// of naive Bayes (Wang and Manning 2012, equation 2). Few reviews teach an LSTM less than counting them does; from here it goes on.
void start_from_counts(SequenceModel& model, const Samples& samples) {
    constexpr float scale = 0.7f;
    const int64_t words = samples.vocabulary.size();
    std::vector<float> with(static_cast<size_t>(2 * words), 1.0f);
    float all[2] = {};
    for (const int32_t sample : samples.split.training) {
        const LabelledTokens::Sample& each = samples.all[static_cast<size_t>(sample)];
        std::vector<int32_t> once = each.tokens;
        std::ranges::sort(once);
        once.erase(std::unique(once.begin(), once.end()), once.end());
        for (const int32_t token : once) with[static_cast<size_t>(2 * token + each.label)] += 1;
        all[each.label] += static_cast<float>(once.size());
    }
    Tensor& table = model.parameters()[0]->value;
    for (int64_t word = 0; word < words; ++word) {
        const float against = with[static_cast<size_t>(2 * word)] / all[0], in_favour = with[static_cast<size_t>(2 * word + 1)] / all[1];
        table.data()[word * table.extent(1)] = word == Vocabulary::unknown ? 0 : scale * math::log(in_favour / against);
    }
}

// The mean over all steps of all reviews of the loss of the verdict so far.
Outcome loss_of_every_step(SequenceModel& model, Graph& graph, const Batch& batch) {
    const Value scores = model.forward(graph, batch.inputs);
    const int64_t steps = scores.shape()[0], count = scores.shape()[1], classes = scores.shape()[2];
    std::vector<int32_t> labels(static_cast<size_t>(steps * count), -1);
    for (int64_t n = 0; n < count; ++n)
        for (int64_t t = 0; t < steps && batch.inputs.data()[n * steps + t] >= 0; ++t)
            labels[static_cast<size_t>(t * count + n)] = batch.labels[static_cast<size_t>(n)];
    const Value rows = reshape(scores, Shape{steps * count, classes});
    return {cross_entropy(rows, labels), {}};
}

// Of the verdict after the last token, for each source and for all ("").
std::map<std::string, double> accuracies(SequenceModel& model, const LabelledTokens& data, const std::vector<int32_t>& samples,
                                         const std::vector<std::string>& sources) {
    constexpr size_t piece = 200;
    std::map<std::string, std::pair<int64_t, int64_t>> counted;
    for (size_t begin = 0; begin < samples.size(); begin += piece) {
        const auto part = std::span(samples).subspan(begin, std::min(piece, samples.size() - begin));
        const Batch batch = data.batch(part);
        Graph graph;
        const Tensor& scores = model.forward(graph, batch.inputs).tensor();
        for (size_t i = 0; i < part.size(); ++i) {
            const float* row = scores.data() + 2 * i;
            const bool right = (row[1] > row[0]) == (batch.labels[i] == 1);
            for (const std::string& source : {std::string(), sources[static_cast<size_t>(part[i])]})
                counted[source].first += right ? 1 : 0, ++counted[source].second;
        }
    }
    std::map<std::string, double> out;
    for (const auto& [source, count] : counted) out[source] = static_cast<double>(count.first) / static_cast<double>(count.second);
    return out;
}

// The same weights, answering after the last step.
std::shared_ptr<SequenceModel> answering_at_the_end(SequenceModel& trained) {
    SequencePlan plan = trained.plan();
    plan.head = SequencePlan::Head::last;
    plan.dropout = 0;
    Random random(0);
    auto model = std::make_shared<SequenceModel>(plan, random);
    const auto from = trained.parameters(), to = model->parameters();
    for (size_t i = 0; i < from.size(); ++i) to[i]->value = from[i]->value.clone();
    return model;
}

std::string sentence(const std::map<std::string, double>& accuracy, size_t count) {
    std::string text = percent(accuracy.at("")) + " % of " + std::to_string(count) + " reviews held back";
    if (accuracy.size() < 3) return text;
    for (const auto& [source, share] : accuracy)
        if (!source.empty()) text += ", " + source + " " + percent(share) + " %";
    return text;
}

}  // namespace

void train_sentiment(const SentimentOptions& wanted) {
    SentimentOptions options = wanted;
    const std::string language = options.chinese ? "zh" : "en";
    if (options.data.empty()) options.data = "../shared/data/sentiment-" + language;
    if (options.out.empty()) options.out = "demos/assets/sentiment_" + language + ".safetensors";
    const Recipe recipe_now = recipe(options.chinese);
    if (options.epochs == 0) options.epochs = recipe_now.epochs;
    need_folder_of(options.out);
    const Samples samples = read_samples(options, recipe_now);
    const LabelledTokens data(samples.all, recipe_now.word_dropout, Vocabulary::unknown, options.seed);

    SequencePlan plan;
    plan.vocabulary = samples.vocabulary.size();
    plan.embedding = recipe_now.embedding;
    plan.cell = Cell::lstm;
    plan.hidden_size = recipe_now.hidden_size;
    plan.head = SequencePlan::Head::every;
    plan.dropout = recipe_now.dropout;
    Random random(options.seed, uint64_t{1} << 63);
    SequenceModel model(plan, random);
    start_from_counts(model, samples);
    TrainerSettings settings;
    settings.batch = 64;
    settings.epochs = options.epochs;
    settings.seed = options.seed;
    settings.clip = 1;
    settings.history_bytes = 0;
    settings.optimizer.weight_decay = recipe_now.weight_decay;
    const auto build = [&](Graph& graph, const Batch& batch) { return loss_of_every_step(model, graph, batch); };
    Trainer trainer(model.parameters(), {}, build, data, samples.split, settings);
    run_along_cosine(trainer, options.epochs, recipe_now.rate, [&] {
        const auto now = accuracies(*answering_at_the_end(model), data, samples.split.validation, samples.sources);
        return "after the last token " + percent(now.at("")) + " %";
    });

    // What is stated is what the file holds, rounded to float16.
    const auto finished = answering_at_the_end(model);
    std::map<std::string, std::string> metadata{
        {"command", "train sentiment --language " + language + " --seed " + std::to_string(options.seed) + " --epochs " +
                        std::to_string(options.epochs)},
        {"data", options.chinese
                     ? "reviews of hotels (ChnSentiCorp), takeaways (waimai) and ten kinds of goods (online shopping), 80 % of them"
                     : "sentence polarity data set 1.0 of Pang and Lee (2005), 80 % of it"}};
    const SequenceFile rounded = read_sequence_file(write_sequence_file(*finished, samples.vocabulary, metadata));
    metadata["accuracy"] = sentence(accuracies(*rounded.model, data, samples.test, samples.sources), samples.test.size());
    const std::string sum = write_sequence(*finished, samples.vocabulary, metadata, options.out);
    std::printf("%s\nchecksum %s\nwrote %s\n", metadata["accuracy"].c_str(), sum.c_str(), options.out.c_str());
}

}  // namespace trilens

// An encoder and a decoder as in Vaswani et al. 2017, small and with pre-norm, learning from pairs that a learner might type.
#include "train/translate.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/data/text_pairs.h"
#include "engine/errors.h"
#include "engine/models/decoding.h"
#include "engine/train/chrf.h"
#include "engine/train/trainer.h"
#include "train/classifier.h"
#include "train/pairs.h"

namespace trilens {
namespace {

// Found on the validation pairs.
constexpr size_t longest_source = 10, longest_target = 14;  // tokens of a pair; the target's without begin and end
constexpr int64_t source_words = 1960, target_characters = 1750;
constexpr float word_dropout = 0.05f, open = 0.1f, rate = 2e-3f;
constexpr int64_t batch = 32, beam_width = 4;
constexpr float length_alpha = 0.6f;

TransformerPlan plan_of(const Vocabulary& source, const Vocabulary& target) {
    TransformerPlan plan;
    plan.kind = TransformerPlan::Kind::encoder_decoder;
    plan.vocabulary = source.size();
    plan.target_vocabulary = target.size();
    plan.layer = {96, 4, 24, 192};
    plan.layer.norm = TransformerLayerSettings::Norm::pre;
    plan.layer.dropout = 0.25f;
    plan.layers = 2;
    plan.tied = true;
    return plan;
}

// An English sentence with its translations, cut up.
struct Sentence {
    std::string english;
    std::vector<Token> source;
    std::vector<std::vector<Token>> targets;
};

struct Sentences {
    std::vector<Sentence> training, validation, test;
};

// Sentences that differ only in capitals are one: else what is held back would have been trained on.
Sentences read_sentences(const TranslateOptions& options) {
    std::map<std::string, Sentence> by_source;
    for (const SentencePair& pair : read_pairs(options.data / "cmn.txt")) {
        std::vector<Token> source = tokenize(pair.english, TokenKind::english), target = tokenize(pair.chinese, TokenKind::chinese);
        if (source.empty() || target.empty() || source.size() > longest_source || target.size() > longest_target) continue;
        std::string key;
        for (const Token& token : source) key += token.text + " ";
        Sentence& sentence = by_source[key];
        if (sentence.source.empty()) {
            sentence.english = pair.english;
            sentence.source = std::move(source);
        }
        sentence.targets.push_back(std::move(target));
    }
    std::vector<Sentence> all;
    for (auto& [key, sentence] : by_source) all.push_back(std::move(sentence));
    Sentences out;
    const std::vector<int32_t> order = Random(options.seed, 1).permutation(static_cast<int32_t>(all.size()));
    for (size_t i = 0; i < order.size(); ++i) {
        Sentence& sentence = all[static_cast<size_t>(order[i])];
        (i < all.size() / 20 ? out.test : i < all.size() / 10 ? out.validation : out.training).push_back(std::move(sentence));
    }
    return out;
}

std::vector<TextPair> numbered(const std::vector<Sentence>& sentences, const Vocabulary& source, const Vocabulary& target) {
    std::vector<TextPair> out;
    for (const Sentence& sentence : sentences)
        for (const std::vector<Token>& translation : sentence.targets) {
            TextPair pair{source.numbers(sentence.source), {begin_number}};
            for (const int32_t number : target.numbers(translation)) pair.target.push_back(number);
            pair.target.push_back(end_number);
            out.push_back(std::move(pair));
        }
    return out;
}

// Columns [begin, end) of tokens [N, T].
Tensor columns(const Tensor& tokens, int64_t begin, int64_t end) {
    Tensor out = Tensor::uninitialized(Shape{tokens.extent(0), end - begin});
    for (int64_t row = 0; row < tokens.extent(0); ++row)
        std::copy_n(tokens.data() + row * tokens.extent(1) + begin, end - begin, out.data() + row * (end - begin));
    return out;
}

// As Transformer::loss, but a character outside the vocabulary is read, and no loss asks for it.
Outcome loss_of_known(Transformer& model, Graph& graph, const Batch& batch) {
    const int64_t steps = batch.targets.extent(1);
    const Value scores = model.forward(graph, batch.inputs, columns(batch.targets, 0, steps - 1));
    const Tensor next = columns(batch.targets, 1, steps);
    std::vector<int32_t> labels(next.values().begin(), next.values().end());
    std::ranges::replace(labels, Vocabulary::unknown, -1);
    const int64_t classes = scores.shape()[-1];
    return {cross_entropy(reshape(scores, Shape{scores.tensor().elements() / classes, classes}), labels), {}};
}

struct Figures {
    int64_t exact = 0, sentences = 0;
    Chrf chrf{};
    std::string text() const {
        return "exact match " + percent(static_cast<double>(exact) / static_cast<double>(sentences)) + " %, chrF " + percent(chrf.score());
    }
};

struct Translator {
    Transformer& model;
    const Vocabulary& source;
    const Vocabulary& target;
    DecodingSettings settings{end_number, static_cast<int64_t>(longest_target) + 2};

    std::string greedy(const Sentence& sentence) const {
        const Hypothesis text = generate_greedily(Decoder(model, read(sentence)), std::span(&begin_number, 1), settings);
        return target_text(text.tokens, target);
    }
    std::string beam(const Sentence& sentence) const {
        BeamSearch search(Decoder(model, read(sentence)), std::span(&begin_number, 1), beam_width, length_alpha, settings);
        while (search.step()) {
        }
        return target_text(search.beams()[0].tokens, target);
    }

private:
    Tensor read(const Sentence& sentence) const { return source_tokens(sentence.english, source, static_cast<int64_t>(longest_source)); }
};

// What people wrote, put together as target_text() does it, so that only words count and not how a comma is encoded.
std::vector<std::string> references_of(const Sentence& sentence) {
    std::vector<std::string> out;
    for (const std::vector<Token>& translation : sentence.targets) {
        std::vector<std::string> known;
        for (const Token& token : translation)
            if (std::ranges::find(known, token.text) == known.end()) known.push_back(token.text);
        const Vocabulary vocabulary(known);
        out.push_back(target_text(vocabulary.numbers(translation), vocabulary));
    }
    return out;
}

void count(Figures& figures, const std::string& translation, const std::vector<std::string>& references) {
    figures.exact += std::ranges::find(references, translation) != references.end() ? 1 : 0;
    ++figures.sentences;
    figures.chrf.add(translation, references);
}

// Prints ten translations and returns the sentence for the metadata.
std::string state(const Translator& translator, const std::vector<Sentence>& sentences) {
    Figures greedy, beam;
    for (size_t i = 0; i < sentences.size(); ++i) {
        const std::vector<std::string> references = references_of(sentences[i]);
        const std::string first = translator.greedy(sentences[i]), best = translator.beam(sentences[i]);
        count(greedy, first, references);
        count(beam, best, references);
        if (i < 10)
            std::printf("  %-40s greedy %s   beam %s   reference %s\n", sentences[i].english.c_str(), first.c_str(), best.c_str(),
                        references[0].c_str());
    }
    return std::to_string(sentences.size()) + " English sentences held back: greedy " + greedy.text() + "; beam of " +
           std::to_string(beam_width) + " " + beam.text();
}

}  // namespace

void train_translate(const TranslateOptions& options) {
    need_folder_of(options.out);
    const Sentences sentences = read_sentences(options);
    VocabularyCount words, characters;
    for (const Sentence& sentence : sentences.training)
        for (const std::vector<Token>& translation : sentence.targets) {
            words.add(sentence.source);
            characters.add(translation);
        }
    const Vocabulary source = words.vocabulary(2, source_words), target = target_vocabulary(characters.vocabulary(2, target_characters));
    TextPairsSettings pairs;
    pairs.batch = batch;
    pairs.word_dropout = word_dropout;
    pairs.open = open;
    pairs.seed = options.seed;
    const TextPairs data(numbered(sentences.training, source, target), numbered(sentences.validation, source, target), pairs);
    const Split split{numbers(0, data.training_batches()), numbers(data.training_batches(), data.size() - data.training_batches())};

    Random random(options.seed, uint64_t{1} << 63);
    Transformer model(plan_of(source, target), random);
    int64_t weights = 0;
    for (const Parameter* parameter : model.parameters()) weights += parameter->value.elements();
    std::printf("%zu sentences to train on, %zu to look at, %zu held back; %lld words, %lld characters, %lld weights\n",
                sentences.training.size(), sentences.validation.size(), sentences.test.size(), static_cast<long long>(source.size()),
                static_cast<long long>(target.size()), static_cast<long long>(weights));
    TrainerSettings settings;
    settings.batch = settings.validation_batch = 1;  // of pairs, a batch each
    settings.epochs = options.epochs;
    settings.seed = options.seed;
    settings.clip = 1;
    settings.history_bytes = 0;
    Trainer trainer(
        model.parameters(), {}, [&](Graph& graph, const Batch& batch) { return loss_of_known(model, graph, batch); }, data, split,
        settings);
    run_along_cosine(trainer, options.epochs, rate);

    std::map<std::string, std::string> metadata{
        {"command", "train translate --seed " + std::to_string(options.seed) + " --epochs " + std::to_string(options.epochs)},
        {"data",
         "short English-Chinese pairs of Tatoeba (manythings.org/anki, CC BY 2.0 FR), 90 % of the English sentences, Chinese in "
         "simplified characters"}};
    // What is stated is what the file holds, rounded to float16.
    const TransformerFile rounded = read_transformer_file(write_transformer_file(model, source, target, metadata));
    metadata["accuracy"] = state({*rounded.model, source, target}, sentences.test);
    const std::string sum = write_transformer(model, source, target, metadata, options.out);
    std::printf("%s\nchecksum %s\nwrote %s\n", metadata["accuracy"].c_str(), sum.c_str(), options.out.c_str());
}

}  // namespace trilens

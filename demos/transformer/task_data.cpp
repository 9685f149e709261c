// What each task's network reads and is trained on, and which network is good for it.
#include <algorithm>

#include "demos/text/text.h"
#include "demos/transformer/shipped_transformers.h"
#include "demos/transformer/workbench.h"
#include "engine/data/cloze.h"
#include "engine/data/picture_patches.h"
#include "engine/data/sequence_problems.h"
#include "engine/data/text_pairs.h"
#include "engine/data/text_windows.h"
#include "engine/errors.h"
#include "engine/random.h"

namespace trilens {

namespace {

constexpr double validation_share = 0.1;
constexpr int64_t text_window = 48, most_generated = 64, longest_text = 256, most_translation = 40;
constexpr int64_t longest_sequence = 64, most_answer = 24;
constexpr int64_t layer_width = 16;  // curriculum TA
constexpr uint64_t vectors_stream = 1000, order_stream = 1001;
constexpr float brush_radius = 0.05f;
constexpr size_t longest_label = 32;  // characters

ClozeLanguage cloze_language(const TransformerWorkbench& bench) {
    return bench.chinese() ? ClozeLanguage::chinese : ClozeLanguage::english;
}

// Windows of a text for a decoder: each token's label is the token after it, so the inputs say it all.
class Windows : public DataSet {
public:
    Windows(std::string_view text, const Vocabulary& vocabulary) : windows_(text, vocabulary, text_window, 1) {}
    int64_t size() const override { return windows_.size(); }
    Batch batch(std::span<const int32_t> samples) const override { return {windows_.batch(samples).inputs, {}, {}}; }

private:
    TextWindows windows_;
};

}  // namespace

TransformerInput TransformerWorkbench::example_input() {
    TransformerInput input;
    for (size_t i = 0; i < sequence_problem_count; ++i) input.problems[i] = problem_example(static_cast<SequenceProblem>(i));
    input.prompt_english = "Twinkle, ";
    input.prompt_chinese = "春眠";
    input.blank_english = "the keys to the old cabinet _ on the table";
    input.blank_chinese = "他买了一_旧书";
    input.source = "I love you.";
    input.drawing = example_drawing();
    return input;
}

bool TransformerWorkbench::reads_text() const { return task() != TransformerTask::layer && task() != TransformerTask::vision; }

std::string& TransformerWorkbench::text_of(TransformerInput& of) const {
    switch (task()) {
    case TransformerTask::sequences: return of.problems[static_cast<size_t>(settings.problem)];
    case TransformerTask::generate: return chinese() ? of.prompt_chinese : of.prompt_english;
    case TransformerTask::mask: return chinese() ? of.blank_chinese : of.blank_english;
    default: return of.source;
    }
}

const std::string& TransformerWorkbench::corpus() const {
    static const std::string english = say(Text::rnn_learn_example_text, Language::english),
                             chinese_text = say(Text::rnn_learn_example_text, Language::chinese);
    if (!input.corpus.empty()) return input.corpus;
    return chinese() ? chinese_text : english;
}

const Vocabulary& TransformerWorkbench::corpus_vocabulary() const {
    if (corpus_key_ != corpus()) {
        corpus_key_ = corpus();
        corpus_vocabulary_ = character_vocabulary(corpus_key_);
    }
    return corpus_vocabulary_;
}

const Vocabulary* TransformerWorkbench::vocabulary() const {
    switch (task()) {
    case TransformerTask::sequences: return &problem_vocabulary(settings.problem);
    case TransformerTask::generate: return &corpus_vocabulary();
    case TransformerTask::mask: return &cloze_vocabulary(cloze_language(*this));
    case TransformerTask::translate: return &shipped_transformer(shipped_name()).vocabulary;
    default: return nullptr;
    }
}

const Vocabulary* TransformerWorkbench::target_vocabulary() const {
    switch (task()) {
    case TransformerTask::translate: return &shipped_transformer(shipped_name()).target_vocabulary;
    default: return vocabulary();
    }
}

int32_t TransformerWorkbench::ending() const {
    if (task() == TransformerTask::sequences) return problem_end();
    return task() == TransformerTask::translate ? end_number : -1;
}
int32_t TransformerWorkbench::blank_number() const { return cloze_blank(cloze_language(*this)); }

std::vector<std::string> TransformerWorkbench::classes() const {
    std::vector<std::string> names;
    if (task() == TransformerTask::vision) {
        for (int digit = 0; digit < 10; ++digit) names.push_back(std::to_string(digit));
    } else if (const Vocabulary* all = target_vocabulary()) {
        for (int64_t i = 0; i < all->size(); ++i) names.push_back(label(static_cast<int32_t>(i), *all));
    }
    return names;
}

std::string TransformerWorkbench::label(int32_t number, const Vocabulary& of) const {
    if (number == Vocabulary::unknown) return say(Text::transformer_token_unknown);
    const std::string& token = of.token(number);
    if (token == begin_token) return say(Text::transformer_token_begin);
    if (token == end_token) return say(Text::transformer_token_end);
    return shown_token(token);
}

TokenRow TransformerWorkbench::row_of(std::span<const int32_t> numbers, const Vocabulary& of) const {
    TokenRow row;
    row.numbers.assign(numbers.begin(), numbers.end());
    for (const int32_t number : numbers) {
        row.labels.push_back(label(number, of));
        row.known.push_back(number != Vocabulary::unknown);
    }
    return row;
}

TransformerPlan TransformerWorkbench::task_plan() const {
    TransformerPlan plan;
    switch (task()) {
    case TransformerTask::layer:
        plan.layer = {layer_width, 2, 16, 64};
        plan.layer.norm_epsilon = 1e-6f;
        plan.layers = 1;
        plan.positions = Positions::none;
        plan.head = TransformerPlan::Head::none;
        plan.max_length = longest_text;
        break;
    case TransformerTask::sequences:
        plan.kind = settings.problem == SequenceProblem::dates ? TransformerPlan::Kind::encoder_decoder : TransformerPlan::Kind::decoder;
        plan.vocabulary = problem_vocabulary(settings.problem).size();
        plan.layer = {48, 4, 12, 192};
        plan.layer.norm = TransformerLayerSettings::Norm::pre;
        plan.positions = Positions::learned;
        plan.max_length = longest_sequence;
        break;
    case TransformerTask::mask:
        plan.vocabulary = cloze_vocabulary(cloze_language(*this)).size();
        plan.layer = {48, 4, 12, 192};
        plan.layer.norm = TransformerLayerSettings::Norm::pre;
        plan.positions = Positions::learned;
        plan.max_length = longest_sequence;
        break;
    default:
        plan.kind = TransformerPlan::Kind::decoder;
        plan.vocabulary = std::max<int64_t>(2, corpus_vocabulary().size());
        plan.layer = {48, 4, 12, 192};
        plan.layer.norm = TransformerLayerSettings::Norm::pre;
        plan.max_length = longest_text;
        break;
    }
    return plan;
}

int64_t TransformerWorkbench::most_steps() const {
    switch (task()) {
    case TransformerTask::generate: return std::clamp<int64_t>(longest_text - given_, 0, most_generated);
    case TransformerTask::sequences: return std::clamp<int64_t>(longest_sequence - given_, 0, most_answer);
    case TransformerTask::translate: return most_translation;
    default: return 0;
    }
}

std::string TransformerWorkbench::written_text() const {
    const Vocabulary* all = target_vocabulary();
    if (task() == TransformerTask::translate) return target_text(written_.tokens, *all);
    std::string text;
    for (const int32_t number : written_.tokens)
        if (number != ending()) text += number == Vocabulary::unknown ? std::string("\xef\xbf\xbd") : all->token(number);
    return text;
}

// A text for the encoder: words are shown as typed, whether the network knows them or not.
void TransformerWorkbench::read_words(std::span<const Token> tokens, int64_t most) {
    const Vocabulary& words = *vocabulary();
    for (const Token& token : tokens) {
        source_.labels.push_back(shortened(shown_token(token.text), longest_label));
        source_.numbers.push_back(words.number(token.text));
        source_.known.push_back(source_.numbers.back() != Vocabulary::unknown);
    }
    if (source_.size() == 0) throw ValueError(say(Text::transformer_source_empty));
    if (source_.size() > most) throw ValueError(say(Text::transformer_too_long, {std::to_string(source_.size()), std::to_string(most)}));
}

// The class token first, then the patches row by row (Dosovitskiy et al. 2021).
void TransformerWorkbench::read_drawing() {
    const Tensor picture = network_input(input.drawing, brush_radius);
    const int64_t features = shipped_transformer(shipped_name()).model->plan().features;
    int64_t patch = 1;
    while (patch * patch < features) ++patch;
    vectors_ = picture_patches(picture.reshaped(Shape{1, picture.extent(2), picture.extent(3)}), patch);
    source_.labels.push_back(say(Text::transformer_token_class));
    const int64_t columns = picture.extent(3) / patch;
    for (int64_t i = 0; i < vectors_.extent(0); ++i)
        source_.labels.push_back(say(Text::transformer_token_patch, {std::to_string(i / columns + 1), std::to_string(i % columns + 1)}));
    source_.known.assign(source_.labels.size(), true);
}

void TransformerWorkbench::read_problem() {
    std::vector<int32_t> read;
    try {
        read = problem_prompt(settings.problem, text());
    } catch (const ValueError&) {
        throw ValueError(say(Text::transformer_sequence_signs));
    }
    if (static_cast<int64_t>(read.size()) > longest_sequence - most_answer)
        throw ValueError(say(Text::transformer_too_long, {std::to_string(read.size()), std::to_string(longest_sequence - most_answer)}));
    const bool dates = settings.problem == SequenceProblem::dates;
    if (dates) source_ = row_of(read, problem_vocabulary(settings.problem));
    prompt_ = dates ? std::vector<int32_t>{problem_begin()} : read;
}

// Nothing for a sum or a date that has none.
std::optional<std::string> TransformerWorkbench::right_answer() const {
    if (task() != TransformerTask::sequences || !problem_.empty()) return std::nullopt;
    try {
        const Vocabulary& signs = problem_vocabulary(settings.problem);
        std::string right;
        for (const int32_t token : problem_answer(settings.problem, problem_prompt(settings.problem, text())))
            if (token != problem_end()) right += signs.token(token);
        return right;
    } catch (const ValueError&) {
        return std::nullopt;
    }
}

void TransformerWorkbench::read_input() {
    source_ = {};
    prompt_.clear();
    vectors_ = Tensor();
    switch (task()) {
    case TransformerTask::layer: {
        Random random(static_cast<uint64_t>(settings.seed), vectors_stream);
        vectors_ = Tensor(Shape{settings.length, layer_width});
        for (float& value : vectors_.values()) value = random.uniform();
        for (int i = 1; i <= settings.length; ++i) source_.labels.push_back(std::to_string(i));
        source_.known.assign(source_.labels.size(), true);
        break;
    }
    case TransformerTask::sequences: read_problem(); break;
    case TransformerTask::generate:
        prompt_ = corpus_vocabulary().numbers(tokenize(text(), TokenKind::characters));
        if (prompt_.empty()) throw ValueError(say(Text::transformer_prompt_empty));
        if (static_cast<int64_t>(prompt_.size()) >= longest_text)
            throw ValueError(say(Text::transformer_too_long, {std::to_string(prompt_.size()), std::to_string(longest_text)}));
        break;
    case TransformerTask::mask: read_words(cloze_tokens(cloze_language(*this), text()), longest_sequence); break;
    case TransformerTask::translate:
        read_words(tokenize(text(), TokenKind::english), longest_text);
        prompt_ = {begin_number};
        break;
    case TransformerTask::vision: read_drawing(); break;
    }
    shuffle();
}

// Only an encoder alone: a causal mask knows the order by itself, and a class token stays where it is.
void TransformerWorkbench::shuffle() {
    order_.clear();
    const bool vectors = source_.numbers.empty();
    const int64_t count = writes() ? 0 : vectors ? vectors_.extent(0) : source_.size();
    for (int64_t i = 0; i < count; ++i) order_.push_back(i);
    if (!settings.shuffled || count < 2) return;
    Random random(static_cast<uint64_t>(settings.seed), order_stream);
    for (int64_t i = count - 1; i > 0; --i) std::swap(order_[static_cast<size_t>(i)], order_[random.below(static_cast<uint32_t>(i + 1))]);
    const TokenRow before = source_;
    const Tensor rows = vectors_;
    const int64_t first = source_.size() - count;  // 1 with a class token
    if (vectors) vectors_ = Tensor(rows.shape());
    for (int64_t i = 0; i < count; ++i) {
        const auto to = static_cast<size_t>(first + i), from = static_cast<size_t>(first + order_[static_cast<size_t>(i)]);
        source_.labels[to] = before.labels[from];
        source_.known[to] = before.known[from];
        if (!vectors) source_.numbers[to] = before.numbers[from];
        else
            std::copy_n(rows.data() + order_[static_cast<size_t>(i)] * rows.extent(1), rows.extent(1),
                        vectors_.data() + i * rows.extent(1));
    }
}

std::string TransformerWorkbench::data_key() const {
    std::string key = std::to_string(settings.samples) + " " + std::to_string(settings.seed) + " ";
    if (task() == TransformerTask::generate) return key + corpus();
    if (task() == TransformerTask::mask) return key + (chinese() ? "zh" : "en");
    return key + std::to_string(settings.items) + " " + std::to_string(settings.digits);
}

std::shared_ptr<const DataSet> TransformerWorkbench::make_data() const {
    switch (task()) {
    case TransformerTask::sequences:
        return std::make_shared<SequenceProblems>(settings.problem, settings.samples,
                                                  settings.problem == SequenceProblem::addition ? settings.digits : settings.items,
                                                  static_cast<uint64_t>(settings.seed));
    case TransformerTask::mask:
        return std::make_shared<ClozeSentences>(cloze_language(*this), settings.samples, static_cast<uint64_t>(settings.seed));
    case TransformerTask::generate:
        if (static_cast<int64_t>(tokenize(corpus(), TokenKind::characters).size()) < 2 * text_window)
            throw ValueError(say(Text::transformer_corpus_too_short, {std::to_string(2 * text_window)}));
        return std::make_shared<Windows>(corpus(), corpus_vocabulary());
    default: throw ValueError(say(Text::transformer_shipped_not_trained));
    }
}

std::shared_ptr<const DataSet> TransformerWorkbench::data() const {
    const std::string key = std::to_string(slot()) + " " + data_key();
    if (!data_ || data_key_ != key) {
        data_ = make_data();
        data_key_ = key;
    }
    return data_;
}

Split TransformerWorkbench::split() const { return random_split(data()->size(), validation_share, static_cast<uint64_t>(settings.seed)); }

}  // namespace trilens

// What is followed and how the cards stand, by task. The choice behind a token is read from the graph's logits. What is written stands in
// predict_cards.cpp.
#include "demos/transformer/predict_view.h"

#include <algorithm>
#include <cmath>

#include "demos/text/text.h"
#include "demos/transformer/tasks/tasks.h"
#include "demos/widgets/bars.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"
#include "engine/models/sampling.h"

namespace trilens {

namespace {

constexpr size_t shown_candidates = 8;
constexpr double longest_gap = 1;  // after a longer pause of the page playing does not catch up
constexpr float wide_share = 0.56f;  // of what is written, beside the choice
constexpr size_t most_blanks = 4;

using Where = TransformerLook::Where;

}  // namespace

void TransformerPredictView::field_changed(const Field& field) {
    if (field.name == "transformer.task" || field.name == "transformer.problem") playing_ = false, followed_.reset();
}

void TransformerPredictView::computed() {
    if (followed_ && (*followed_ < bench().given() || *followed_ >= bench().target().size())) followed_.reset();
}

int64_t TransformerPredictView::row() const {
    if (!bench().graph()) return -1;
    if (bench().task().answers() == TransformerAnswer::blanks) return bench().blanks().empty() ? -1 : bench().blanks().front();
    if (!bench().writes()) return -1;
    return followed_.value_or(bench().target().size()) - 1;
}

// A beam search or a greedy choice is made of the same scores; only drawing has settings of its own.
std::vector<Candidate> TransformerPredictView::candidates(int64_t row) const {
    const Tensor& logits = bench().graph()->find("transformer.logits").tensor();
    const int64_t width = logits.extent(-1);
    const std::span<const float> scores{logits.data() + row * width, static_cast<size_t>(width)};
    using Decoding = TransformerSettings::Decoding;
    const bool drawn = bench().writes() && bench().decoding() == Decoding::sample;
    const bool greedy = bench().writes() && bench().decoding() == Decoding::greedy;
    const std::vector<float> before = next_token_distribution(scores, {});
    const std::vector<float> after = drawn    ? next_token_distribution(scores, bench().settings.sampling())
                                     : greedy ? next_token_distribution(scores, {.temperature = 0})
                                              : before;
    const std::vector<std::string> names = bench().classes();
    std::vector<Candidate> out;
    for (const int32_t token : ranked_tokens(before)) {
        const auto at = static_cast<size_t>(token);
        if (out.size() < shown_candidates || chosen_at(row) == token) out.push_back({names[at], before[at], after[at]});
    }
    return out;
}

std::optional<int32_t> TransformerPredictView::chosen_at(int64_t row) const {
    if (!bench().writes()) return std::nullopt;
    if (row + 1 < bench().target().size()) return bench().target().numbers[static_cast<size_t>(row) + 1];
    const Hypothesis& written = bench().written();
    return written.finished ? std::optional(written.tokens.back()) : std::nullopt;
}

// As far as the network writes: a text that has ended goes no further.
int64_t TransformerPredictView::step_after(int64_t steps) const {
    const int64_t most = bench().most_steps(), now = steps_done();
    if (steps > 0 && bench().written().finished) return now;
    return std::clamp<int64_t>(now + steps, 1, std::max<int64_t>(most, 1));
}

bool TransformerPredictView::advance(int64_t steps) {
    if (bench().most_steps() == 0) return false;
    set("transformer.step", step_after(steps));
    return true;
}

void TransformerPredictView::play(Stage& stage) {
    if (!playing_) return;
    const double period = 1 / std::max(0.1, static_cast<double>(bench().settings.speed));
    if (due_ < 0 || stage.now > due_ + longest_gap) due_ = stage.now + period;
    playing_ = !bench().written().finished && steps_done() < bench().most_steps();
    if (!playing_) return;
    int64_t steps = 0;
    for (; due_ <= stage.now; due_ += period) ++steps;
    if (steps > 0) advance(steps);
    stage.again_at(due_);
}

float TransformerPredictView::draw_attention_card(Stage& stage, Rect area, Where where, int64_t query) {
    const TokenRow& queries = bench().queries(where);
    if (query < 0 || query >= queries.size()) return 0;
    const std::string title =
        say(Text::predict_attention_title, {queries.labels[static_cast<size_t>(query)], std::to_string(bench().layer() + 1)});
    return cards_.draw(stage, "transformer.predict.looks", title.c_str(), area, [&](Rect inner) {
        const Theme& t = theme();
        const float top = inner.y;
        std::vector<Tab> layers;
        for (int64_t layer = 1; layer <= bench().plan().layers; ++layer)
            layers.push_back({std::to_string(layer), nullptr, say(Text::help_transformer_layer)});
        std::vector<std::string> labels;
        for (const Tab& tab : layers) labels.push_back(say(Text::transformer_layer_of, {tab.id}));
        for (size_t i = 0; i < layers.size(); ++i) layers[i].label = labels[i].c_str();
        float used = 0;
        if (const auto layer = draw_tabs(stage, "transformer.predict.layer", layers, static_cast<int>(bench().layer()), inner, used))
            set("transformer.layer", static_cast<int64_t>(*layer) + 1);
        inner.cut_top(used + t.px(t.gap));
        int64_t head = -1;
        const bool pictures = bench().task().reads_drawing();
        inner.cut_top(pictures ? attention_.draw_pictures(stage, bench(), inner, head)
                               : attention_.draw(stage, bench(), where, query, inner, head));
        inner.cut_top(draw_paragraph(inner.min(), say(pictures ? Text::predict_pictures_hint : Text::predict_attention_hint), t.small_text,
                                     t.color.text_soft, inner.w));
        if (head >= 0 && head != bench().head()) set("transformer.head", head + 1);
        return inner.y - top;
    });
}

// One card beside the other where there is room for both.
bool TransformerPredictView::split(const Stage& stage, Rect area, Rect& left, Rect& right) const {
    const Theme& t = theme();
    left = right = area;
    if (stage.narrow || area.w <= t.px(640)) return false;
    left.w = std::floor(area.w * wide_share);
    right.x = left.right() + t.px(t.gap);
    right.w = area.right() - right.x;
    return true;
}

float TransformerPredictView::draw_writing_cards(Stage& stage, Rect area) {
    const float top = area.y;
    Rect left, right;
    const bool beside = split(stage, area, left, right);
    const float first = cards_.draw(stage, "transformer.predict.written", say(Text::predict_written_title), left,
                                    [&](Rect inner) { return draw_written(stage, inner); });
    if (!beside) right.y += first;
    const int64_t at = row();
    const float second = at < 0 ? 0
                                : cards_.draw(
                                      stage, "transformer.predict.choice", say(Text::predict_choice_title), right,
                                      [&](Rect inner) { return draw_choice(stage, inner, at); });
    area.y += beside ? std::max(first, second) : first + second;
    if (!bench().beams().empty())
        area.y += cards_.draw(stage, "transformer.predict.beam", say(Text::predict_beams_title), area,
                              [&](Rect inner) { return draw_beams(stage, inner); });
    const auto stacks = bench().stacks();
    const bool cross = std::ranges::find(stacks, Where::cross) != stacks.end();
    area.y += draw_attention_card(stage, area, cross ? Where::cross : Where::decoder, at);
    return area.y - top;
}

float TransformerPredictView::draw_blanks(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<int64_t> blanks = bench().blanks();
    if (blanks.empty())
        area.y += cards_.draw(stage, "transformer.predict.choice", say(Text::predict_choice_title), area, [&](Rect inner) {
            return draw_paragraph(inner.min(), say(Text::predict_no_blank), t.text, t.color.text_soft, inner.w);
        });
    for (size_t i = 0; i < std::min(blanks.size(), most_blanks); ++i) {
        const std::string title = say(Text::predict_blank, {std::to_string(blanks[i] + 1)});
        area.y += cards_.draw(stage, "transformer.predict.blank:" + std::to_string(blanks[i]), title.c_str(), area,
                              [&](Rect inner) { return draw_choice(stage, inner, blanks[i]); });
    }
    if (!blanks.empty()) area.y += draw_attention_card(stage, area, Where::encoder, bench().token());
    return area.y - top;
}

float TransformerPredictView::draw_class(Stage& stage, Rect area) {
    Rect left, right;
    const bool beside = split(stage, area, left, right);
    const float looks = draw_attention_card(stage, left, Where::encoder, 0);
    if (!beside) right.y += looks;
    const float classes = cards_.draw(stage, "transformer.predict.classes", say(Text::predict_class_title), right, [&](Rect inner) {
        const Tensor& probabilities = bench().graph()->find("transformer.probabilities").tensor();
        const std::vector<std::string> names = bench().classes();
        return draw_bars(stage, "transformer.probabilities", probabilities.values(), names, inner);
    });
    return beside ? std::max(looks, classes) : looks + classes;
}

float TransformerPredictView::draw_elsewhere(Stage& stage, Rect area) {
    return cards_.draw(stage, "transformer.predict.elsewhere", nullptr, area, [&](Rect inner) {
        const Theme& t = theme();
        const float top = inner.y;
        inner.cut_top(draw_paragraph(inner.min(), say(Text::predict_elsewhere), t.text, t.color.text, inner.w) + t.px(t.gap));
        ButtonRow row(stage, inner);
        for (const TransformerTask* task : transformer_tasks())
            if (task->answers() == TransformerAnswer::text &&
                row.button(("transformer.predict.task:" + std::string(task->id())).c_str(), say(task->label())))
                set("transformer.task", std::string(task->id()));
        return inner.y + row.height() - top;
    });
}

float TransformerPredictView::draw_cards(Stage& stage, Rect area) {
    const TransformerAnswer answer = bench().task().answers();
    if (answer == TransformerAnswer::none) return draw_elsewhere(stage, area);
    if (!bench().graph()) {
        const char* why = bench().problem().empty() ? say(Text::transformer_answer_none) : bench().problem().c_str();
        return cards_.draw(stage, "transformer.predict.empty", say(Text::predict_choice_title), area,
                           [&](Rect inner) { return draw_paragraph(inner.min(), why, theme().text, theme().color.text_soft, inner.w); });
    }
    if (answer == TransformerAnswer::blanks) return draw_blanks(stage, area);
    if (answer == TransformerAnswer::classes) return draw_class(stage, area);
    return draw_writing_cards(stage, area);
}

float TransformerPredictView::draw(Stage& stage, Rect area) {
    play(stage);
    return draw_cards(stage, area);
}

}  // namespace trilens

// The text so far, what could come next, and the state that it comes from.
#include <algorithm>

#include "demos/rnn/predict_view.h"
#include "demos/text/text.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/candidate_table.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr size_t candidates_shown = 10;
constexpr float wide_share = 0.58f;  // of the text, beside the candidates

ImU32 with_alpha(ImU32 color, float alpha) {
    return (color & ~IM_COL32_A_MASK) | (static_cast<ImU32>(std::clamp(alpha, 0.0f, 1.0f) * 255) << IM_COL32_A_SHIFT);
}

// Where characters go, one after the other: a word that does not fit begins the next line.
class Flow {
public:
    Flow(Rect area, float size) : area_(area), size_(size), line_(theme().px(size * 1.6f)), at_(area.min()) {}

    // `rest`: how wide the word is from this character on, so that it is broken before it if it does not fit.
    Rect place(const std::string& character, bool begins_word, float rest) {
        if (character == "\n") {
            const Rect here{at_.x, at_.y, theme().px(6), line_};
            at_ = {area_.x, at_.y + line_};
            return here;
        }
        const float width = text_width(character.c_str(), size_);
        const bool breaks = begins_word && rest <= area_.w ? at_.x + rest > area_.right() : at_.x + width > area_.right();
        if (breaks && at_.x > area_.x) at_ = {area_.x, at_.y + line_};
        const Rect here{at_.x, at_.y, width, line_};
        at_.x += width;
        return here;
    }
    float height() const { return at_.y + line_ - area_.y; }
    ImVec2 end() const { return at_; }
    float line() const { return line_; }

private:
    Rect area_;
    float size_, line_;
    ImVec2 at_;
};

std::vector<std::string> characters_of(const std::string& text) {
    std::vector<std::string> out;
    for (const char c : text)
        if ((static_cast<unsigned char>(c) & 0xc0) == 0x80 && !out.empty()) out.back() += c;
        else out.emplace_back(1, c);
    return out;
}

// A line may be broken on either side of anything but the letters of a word.
bool in_word(const std::string& character) { return character.size() < 3 && character != " " && character != "\n"; }

}  // namespace

std::string RnnPredictView::shown(int32_t token) const { return shown_token(names_[static_cast<size_t>(token)]); }

void RnnPredictView::explain_character(size_t at) const {
    const TextGeneration::Token& token = text_->tokens()[at];
    const std::string told = say(Text::rnn_character_told, {shown(token.number), percent_text(token.before), percent_text(token.after),
                                                            number(static_cast<double>(token.point))});
    draw_tooltip(told.c_str());
}

float RnnPredictView::draw_flow(Stage& stage, Rect area) {
    const Theme& t = theme();
    std::vector<std::string> all = characters_of(prompt_);
    const size_t prompt = all.size();
    for (const TextGeneration::Token& token : text_->tokens()) all.push_back(names_[static_cast<size_t>(token.number)]);
    std::vector<float> rest(all.size() + 1);
    for (size_t i = all.size(); i-- > 0;) rest[i] = text_width(all[i].c_str(), t.text) + (in_word(all[i]) ? rest[i + 1] : 0);
    Flow flow(area, t.text);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    std::optional<size_t> pointed;
    for (size_t i = 0; i < all.size(); ++i) {
        const Rect here = flow.place(all[i], i == 0 || !in_word(all[i]) || !in_word(all[i - 1]), rest[i]);
        if (i >= prompt) {
            const float share = text_->tokens()[i - prompt].before;
            list->AddRectFilled(here.min(), {here.right(), here.bottom() - t.px(2)}, with_alpha(t.color.activation, 0.08f + 0.42f * share));
            if (here.contains(pointer)) pointed = i - prompt;
        }
        if (all[i] != "\n")
            draw_text({here.x, here.y + t.px(t.text * 0.25f)}, all[i].c_str(), t.text, i < prompt ? t.color.text_soft : t.color.text);
    }
    const ImVec2 end = flow.end();
    list->AddRectFilled({end.x + 1, end.y + t.px(3)}, {end.x + t.px(2.5f), end.y + flow.line() - t.px(5)}, t.color.accent);
    stage.place("rnn.predict.written", {area.x, area.y, area.w, flow.height()});
    ImGui::SetCursorScreenPos(area.min());
    ImGui::InvisibleButton("rnn.predict.written", {area.w, flow.height()});
    if (pointed && ImGui::IsItemHovered()) explain_character(*pointed);
    return flow.height();
}

float RnnPredictView::draw_text_so_far(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_commands(stage, area, Text::rnn_next_character, length_ < longest_text, length_ > 0) + t.px(t.gap));
    area.cut_top(draw_flow(stage, area) + t.px(t.gap));
    const std::string count = say(Text::rnn_generated_count, {std::to_string(text_->length()), std::to_string(longest_text)});
    area.cut_top(draw_paragraph(area.min(), count.c_str(), t.small_text, t.color.text, area.w) + t.px(2));
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_generated_legend), t.small_text, t.color.text_soft, area.w));
    if (length_ == 0) return area.y - top;
    area.cut_top(t.px(t.gap));
    ButtonRow row(stage, area);
    if (row.button("rnn.predict.keep", say(Text::rnn_keep_text))) later([this] { keep(); });
    area.cut_top(row.height() + t.px(4));
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_keep_text_why), t.small_text, t.color.text_soft, area.w));
    return area.y - top;
}

// What was generated is read like what was typed: every state of it is in the graph then, in all views.
void RnnPredictView::keep() {
    RnnInput input = bench().input;
    bench().text_of(input) += generated();
    length_ = 0;
    playing_ = false;
    set_input(std::move(input));
}

// Where the text has no generated part these are elements of the graph.
float RnnPredictView::draw_candidates(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<int32_t> order = ranked_tokens(text_->before());
    const int32_t next = text_->next();
    std::vector<Candidate> candidates;
    std::optional<size_t> drawn;
    for (size_t i = 0; i < std::min(candidates_shown, order.size()); ++i) {
        const auto token = static_cast<size_t>(order[i]);
        if (order[i] == next) drawn = i;
        candidates.push_back({shown(order[i]), text_->before()[token], text_->after()[token]});
    }
    area.cut_top(draw_paragraph(area.min(), say(Text::rnn_candidates_legend), t.small_text, t.color.text_soft, area.w) + t.px(6));
    const CandidateTableEvent event = draw_candidate_table(stage, "rnn.predict.candidates", candidates, drawn, area);
    area.cut_top(event.height);
    if (event.hovered >= 0 && text_->length() == 0 && text_version_ == bench().version())
        stage.inspector.hover(
            {"rnn.probabilities", (bench().steps() - 1) * static_cast<int64_t>(names_.size()) + order[static_cast<size_t>(event.hovered)]});
    const std::string told = say(Text::rnn_drawn_by, {std::to_string(text_->length() + 1), std::to_string(seed_),
                                                      number(static_cast<double>(text_->next_point())), shown(next)});
    area.cut_top(t.px(6));
    area.cut_top(draw_paragraph(area.min(), told.c_str(), t.small_text, t.color.text, area.w));
    return area.y - top;
}

float RnnPredictView::draw_generate(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (!text_) {
        const char* why = trouble_.empty() ? say(Text::rnn_no_prompt) : trouble_.c_str();
        area.y += cards_.draw(stage, "rnn.predict.text", say(Text::rnn_next_title), area,
                              [&](Rect inner) { return draw_paragraph(inner.min(), why, t.text, t.color.text_soft, inner.w); });
    } else {
        const bool beside = !stage.narrow && area.w > t.px(640);
        Rect left = area, right = area;
        if (beside) {
            left.w = std::floor(area.w * wide_share);
            right.x = left.right() + t.px(t.gap);
            right.w = area.right() - right.x;
        }
        const float first = cards_.draw(stage, "rnn.predict.text", say(Text::rnn_next_title), left,
                                        [&](Rect inner) { return draw_text_so_far(stage, inner); });
        if (!beside) right.y += first;
        const float second = cards_.draw(stage, "rnn.predict.shares", say(Text::rnn_candidates_title), right,
                                         [&](Rect inner) { return draw_candidates(stage, inner); });
        area.y += beside ? std::max(first, second) : first + second;
        area.y += cards_.draw(stage, "rnn.predict.memory", say(Text::rnn_states_title), area,
                              [&](Rect inner) { return draw_states(stage, inner); });
    }
    area.y += cards_.draw(stage, "rnn.predict.learning", say(Text::rnn_learn_title), area,
                          [&](Rect inner) { return draw_learning(stage, inner); });
    return area.y - top;
}

}  // namespace trilens

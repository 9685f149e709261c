// The cards of what is written: the tokens with their commands, the choice behind one of them, the texts of a beam search.
#include <algorithm>

#include "demos/text/text.h"
#include "demos/transformer/predict_view.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

float TransformerPredictView::draw_commands(Stage& stage, Rect area) {
    const bool ended = bench().written().finished || steps_done() >= bench().most_steps(), begun = steps_done() > 1;
    ButtonRow row(stage, area);
    const auto follow_last = [this] { followed_.reset(), playing_ = false; };
    if (row.button("transformer.predict.restart", say(Text::rnn_take_all_back), false, begun))
        follow_last(), set("transformer.step", int64_t{1});
    if (row.button("transformer.predict.back", say(Text::rnn_take_back), false, begun))
        follow_last(), set("transformer.step", step_after(-1));
    if (row.button("transformer.predict.next", say(Text::predict_step), false, !ended))
        follow_last(), set("transformer.step", step_after(1));
    if (row.button("transformer.predict.play", say(playing_ ? Text::rnn_stop : Text::rnn_play), playing_, !ended || playing_)) {
        const bool plays = !playing_;
        follow_last();
        playing_ = plays, due_ = -1;
    }
    if (row.button("transformer.predict.all", say(Text::predict_all), false, !ended || bench().settings.step != 0))
        follow_last(), set("transformer.step", int64_t{0});
    return row.height();
}

void TransformerPredictView::draw_right_answer(Stage& stage, Rect& area) {
    const Theme& t = theme();
    const auto right = bench().right_answer();
    if (!right || !bench().written().finished) return;
    const bool correct = *right == bench().written_text();
    const std::string verdict = correct ? std::string(say(Text::transformer_right)) : say(Text::transformer_wrong, {*right});
    const float used = draw_paragraph(area.min(), verdict.c_str(), t.text, correct ? t.color.good : t.color.warning, area.w);
    stage.place("transformer.predict.verdict", {area.x, area.y, area.w, used});
    area.cut_top(used);
}

// Tokens that were given stand without a probability; a tapped one shows its choice.
float TransformerPredictView::draw_written(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_commands(stage, area) + t.px(t.gap));
    const auto line = [&](Text text) {
        area.cut_top(draw_paragraph(area.min(), say(text), t.small_text, t.color.text_soft, area.w) + t.px(4));
    };
    if (bench().source().size() > 0) {
        line(Text::predict_reads);
        const TokenRow& source = bench().source();
        const auto known = [&](int64_t i) { return source.known[static_cast<size_t>(i)]; };
        area.cut_top(source_strip_.draw(stage, "transformer.predict.source", source.labels, area, {.known = known}).height + t.px(t.gap));
    }
    line(Text::predict_writes);
    const TokenRow& target = bench().target();
    const Tensor& probabilities = bench().graph()->find("transformer.probabilities").tensor();
    const int64_t width = probabilities.extent(-1);
    std::vector<std::string> captions(static_cast<size_t>(target.size()));
    for (int64_t i = bench().given(); i < target.size(); ++i)
        captions[static_cast<size_t>(i)] = percent_text(probabilities.data()[(i - 1) * width + target.numbers[static_cast<size_t>(i)]]);
    const auto brushed = followed_ ? std::optional(std::pair(*followed_, *followed_)) : std::nullopt;
    const TokenStripEvent event = target_strip_.draw(stage, "transformer.predict.target", target.labels, area,
                                                     {.brushed = brushed, .highest = 200, .captions = captions});
    if (event.clicked >= 0) {
        followed_ = event.clicked >= bench().given() ? std::optional(event.clicked) : std::nullopt;
        stage.again();
    }
    area.cut_top(event.height + t.px(t.gap));
    const std::string text = bench().written_text();
    if (!text.empty()) area.cut_top(draw_paragraph(area.min(), text.c_str(), t.text, t.color.accent, area.w) + t.px(4));
    draw_right_answer(stage, area);
    return area.y - top;
}

float TransformerPredictView::draw_choice(Stage& stage, Rect area, int64_t row) {
    const Theme& t = theme();
    const float top = area.y;
    const auto paragraph = [&](const char* text, ImU32 color) {
        area.cut_top(draw_paragraph(area.min(), text, t.small_text, color, area.w) + t.px(4));
    };
    const std::vector<Candidate> all = candidates(row);
    const auto chosen = chosen_at(row);
    const std::vector<std::string> names = bench().classes();
    std::optional<size_t> drawn;
    for (size_t i = 0; chosen && i < all.size(); ++i)
        if (all[i].label == names[static_cast<size_t>(*chosen)]) drawn = i;
    if (bench().writes()) {
        using Decoding = TransformerSettings::Decoding;
        const TransformerSettings& s = bench().settings;
        const std::string place = chosen ? say(Text::predict_choice_of, {std::to_string(row + 2), names[static_cast<size_t>(*chosen)]})
                                         : std::string(say(Text::predict_choice_next));
        paragraph(place.c_str(), t.color.text);
        const std::string top_k = s.top_k == 0 ? say(Text::number_all) : std::to_string(s.top_k);
        const std::string legend =
            bench().decoding() == Decoding::sample
                ? say(Text::predict_legend_sample,
                      {number(static_cast<double>(s.temperature)), top_k, number(static_cast<double>(s.top_p))})
                : std::string(say(bench().decoding() == Decoding::beam ? Text::predict_legend_beam : Text::predict_legend_greedy));
        paragraph(legend.c_str(), t.color.text_soft);
    }
    const std::string name = "transformer.predict.candidates:" + std::to_string(row);
    const CandidateTableEvent event = draw_candidate_table(stage, name, all, drawn, area);
    if (event.hovered >= 0) {
        const std::string& label = all[static_cast<size_t>(event.hovered)].label;
        const auto found = std::ranges::find(names, label);
        stage.inspector.hover({"transformer.probabilities", row * static_cast<int64_t>(names.size()) + (found - names.begin())});
    }
    area.cut_top(event.height);
    return area.y - top;
}

float TransformerPredictView::draw_beams(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const std::vector<std::string> names = bench().classes();
    stage.place("transformer.predict.beams", area);
    for (const Hypothesis& beam : bench().beams()) {
        std::string text;
        for (const int32_t token : beam.tokens) text += (text.empty() ? "" : " ") + names[static_cast<size_t>(token)];
        area.cut_top(
            draw_paragraph(area.min(), text.c_str(), t.text, &beam == &bench().beams().front() ? t.color.accent : t.color.text, area.w));
        const std::string worth = say(Text::predict_beam, {number(beam.log_probability), number(beam.score)});
        area.cut_top(draw_paragraph(area.min(), worth.c_str(), t.small_text, t.color.text_soft, area.w) + t.px(6));
    }
    return area.y - top;
}

}  // namespace trilens

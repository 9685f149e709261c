// Which steps moved the answer: chips coloured by what leaving each out did, and the strongest with their numbers.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/rnn/units_view.h"
#include "demos/text/text.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr int64_t most_captions = 60;   // steps

std::string with_sign(float value) { return (value < 0 ? "" : "+") + number(static_cast<double>(value)); }

std::string short_change(float value) {
    char text[16];
    std::snprintf(text, sizeof text, "%+.2f", static_cast<double>(value));
    return text;
}

std::string percent(float share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%", static_cast<double>(share) * 100);
    return text;
}

}  // namespace

// One line a step; a click brushes it.
float RnnUnitsView::draw_strongest(Stage& stage, const InfluenceResult& result, Rect area) {
    const Theme& t = theme();
    const float top = area.y, height = t.px(stage.touch ? t.touch_target : t.small_text + 9);
    const auto shown = [&](float value) { return result.answer < 0 ? number(static_cast<double>(value)) : percent(value); };
    for (const int64_t step : result.strongest(shown_steps)) {
        const Rect line{area.x, area.y, area.w, height};
        const std::string name = "rnn.influence.line:" + std::to_string(step);
        stage.place(name, line);
        ImGui::SetCursorScreenPos(line.min());
        ImGui::PushID(name.c_str());
        if (ImGui::InvisibleButton("step", {line.w, line.h}, ImGuiButtonFlags_EnableNav) && was_tap()) brush({step, step}, false);
        ImGui::PopID();
        if (ImGui::IsItemHovered()) ImGui::GetWindowDrawList()->AddRectFilled(line.min(), line.max(), t.color.control_hovered, t.px(5));
        const float change = result.change(step), y = line.y + (height - t.px(t.small_text)) / 2 - t.px(1), number_width = t.px(84);
        draw_text({line.x + t.px(4), y}, with_sign(change).c_str(), t.small_text, t.color.text, number_width - t.px(6));
        const std::string text = say(Text::rnn_influence_line, {bench().step_labels()[static_cast<size_t>(step)], std::to_string(step + 1),
                                                                shown(result.without[static_cast<size_t>(step)])});
        draw_text({line.x + number_width, y}, text.c_str(), t.small_text, t.color.text, line.w - number_width - t.px(4));
        area.cut_top(height);
    }
    return area.y - top;
}

float RnnUnitsView::draw_influence(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    const auto paragraph = [&](const std::string& text, float size, ImU32 color) {
        area.cut_top(draw_paragraph(area.min(), text.c_str(), size, color, area.w) + t.px(6));
    };
    if (training().running()) {   // its weights change too often
        paragraph(say(Text::rnn_influence_waits), t.text, t.color.text_soft);
        return area.y - top;
    }
    influence_.ask(bench());
    if (bench().steps() > Influence::longest) {
        paragraph(say(Text::rnn_influence_long, {std::to_string(Influence::longest)}), t.text, t.color.text_soft);
        return area.y - top;
    }
    const InfluenceResult* result = influence_.latest();
    std::string answer;
    if (result && result->answer >= 0) {
        const auto classes = bench().classes();
        answer = say(Text::rnn_influence_answer, {classes[static_cast<size_t>(result->answer)], percent(result->with_all)});
    } else if (result) {
        answer = say(Text::rnn_influence_number, {number(static_cast<double>(result->with_all))});
    }
    const auto done = result ? static_cast<int64_t>(result->without.size()) : 0;
    if (done < bench().steps()) answer += " " + say(Text::rnn_influence_progress, {std::to_string(done), std::to_string(bench().steps())});
    paragraph(answer, t.text, t.color.text);
    std::vector<float> values;
    std::vector<std::string> captions;
    if (result) values = result->changes();
    if (bench().steps() <= most_captions)
        for (int64_t step = 0; step < bench().steps(); ++step) captions.push_back(step < done ? short_change(result->change(step)) : "");
    TokenStripStyle style;
    style.values = values;
    style.captions = captions;
    style.highest = stage.narrow ? 220 : 180;
    const TokenStripEvent event = influence_strip_.draw(stage, "rnn.influence", bench().step_labels(), area, style);
    if (event.clicked >= 0) brush({event.clicked, event.clicked}, false);
    area.cut_top(event.height + t.px(6));
    paragraph(say(Text::rnn_influence_hint), t.small_text, t.color.text_soft);
    if (result) area.cut_top(draw_strongest(stage, *result, area));
    return area.y - top;
}

}  // namespace trilens

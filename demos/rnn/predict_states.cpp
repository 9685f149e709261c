// The hidden state as it grows with the text: one column a character, one row a unit, a texture of whole device pixels.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "demos/rnn/predict_view.h"
#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/image_texture.h"
#include "demos/widgets/inspector.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float column_width = 14, tallest_row = 10, tallest = 260;  // units

// Where the columns of the last characters stand, in device pixels.
struct Strip {
    int64_t units, columns, first;  // the first step that is shown
    int column, row;

    int width() const { return static_cast<int>(columns) * column; }
    int height() const { return static_cast<int>(units) * row; }
};

Strip strip_of(const Stage& stage, const Tensor& states, float width) {
    const Theme& t = theme();
    const float unit = stage.device_pixels;
    Strip out{};
    out.units = states.extent(1);
    out.column = std::max(1, static_cast<int>(t.px(column_width) * unit));
    out.row = std::max(1, static_cast<int>(std::min(t.px(tallest_row), t.px(tallest) / static_cast<float>(out.units)) * unit));
    out.columns = std::min<int64_t>(states.extent(0), std::max(1, static_cast<int>(width * unit) / out.column));
    out.first = states.extent(0) - out.columns;
    return out;
}

ImTextureRef texture_of(Stage& stage, const Tensor& states, const Strip& strip, const ColorScale& scale) {
    ImageTextures::Entry& entry = stage.textures.get("rnn.predict.states", strip.width(), strip.height());
    char look[64];
    std::snprintf(look, sizeof look, "%d %a", static_cast<int>(strip.column), static_cast<double>(scale.high));
    const auto shown = states.values().subspan(static_cast<size_t>(strip.first * strip.units));
    if (entry.look == look && std::ranges::equal(entry.values, shown)) return entry.texture.reference();
    entry.look = look;
    entry.values.assign(shown.begin(), shown.end());
    const std::span<uint32_t> pixels = entry.texture.pixels();
    for (int y = 0; y < strip.height(); ++y)
        for (int64_t column = 0; column < strip.columns; ++column) {
            const int64_t cell = column * strip.units + y / strip.row;
            std::fill_n(pixels.begin() + static_cast<int64_t>(y) * strip.width() + column * strip.column, strip.column,
                        scale.color(shown[static_cast<size_t>(cell)]));
        }
    entry.texture.upload();
    return entry.texture.reference();
}

}  // namespace

float RnnPredictView::draw_states(Stage& stage, Rect area) {
    const Theme& t = theme();
    const Tensor states = text_->hidden();
    const Strip strip = strip_of(stage, states, area.w);
    const ColorScale scale = ColorScale::of(ColorMap::diverging, states.data(), states.elements());
    const float unit = 1 / stage.device_pixels, column = static_cast<float>(strip.column) * unit;
    float used = draw_paragraph(area.min(), say(Text::rnn_states_legend), t.small_text, t.color.text_soft, area.w) + t.px(6);

    const auto prompt = text_->prompt_length();
    const std::vector<Token> read = tokenize(prompt_, TokenKind::characters);
    const auto character = [&](int64_t step) {
        if (step >= prompt) return shown(text_->tokens()[static_cast<size_t>(step - prompt)].number);
        return static_cast<size_t>(step) < read.size() ? shown_token(read[static_cast<size_t>(step)].text) : std::string();
    };
    for (int64_t i = 0; i < strip.columns; ++i) {
        const std::string label = character(strip.first + i);
        const float x = area.x + (static_cast<float>(i) + 0.5f) * column - text_width(label.c_str(), t.small_text) / 2;
        draw_text({x, area.y + used}, label.c_str(), t.small_text, strip.first + i < prompt ? t.color.text_soft : t.color.text);
    }
    used += t.px(t.small_text + 6);
    const Rect cells{std::round(area.x / unit) * unit, std::round((area.y + used) / unit) * unit, static_cast<float>(strip.width()) * unit,
                     static_cast<float>(strip.height()) * unit};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddImage(texture_of(stage, states, strip, scale), cells.min(), cells.max());
    stage.place("rnn.predict.states", cells);
    if (prompt > strip.first) {
        const float line = cells.x + static_cast<float>(prompt - strip.first) * column;
        list->AddLine({line, cells.y - t.px(4)}, {line, cells.bottom() + t.px(4)}, t.color.accent, t.px(2));
    }
    used += cells.h + t.px(6);
    const std::string range = say(Text::scale_from_to, {number(static_cast<double>(scale.low)), number(static_cast<double>(scale.high))});
    draw_text({area.x, area.y + used}, range.c_str(), t.small_text, t.color.text_soft, area.w);
    used += t.px(t.small_text + 4);

    ImGui::SetCursorScreenPos(cells.min());
    const bool released = ImGui::InvisibleButton("rnn.predict.states", {cells.w, cells.h});
    if (!ImGui::IsItemHovered()) return used;
    const ImVec2 pointer = ImGui::GetIO().MousePos;
    const int64_t step = strip.first + std::clamp<int64_t>(static_cast<int64_t>((pointer.x - cells.x) / column), 0, strip.columns - 1);
    const int64_t row =
        std::clamp<int64_t>(static_cast<int64_t>((pointer.y - cells.y) / (static_cast<float>(strip.row) * unit)), 0, strip.units - 1);
    const int64_t index = step * strip.units + row;
    const std::string told = say(Text::rnn_state_told, {std::to_string(row), character(step), std::to_string(step + 1),
                                                        number(static_cast<double>(states.data()[index]))});
    draw_tooltip(told.c_str());
    // The prompt's part is in the graph on screen, where the inspector knows what it came from.
    if (step < prompt && text_version_ == bench().version()) {
        stage.inspector.hover({"rnn.hidden", index});
        if (released && was_tap()) stage.inspector.pin({"rnn.hidden", index});
    }
    return used;
}

}  // namespace trilens

// Buttons wrap to the width; the examples stand below, one sheet for all classes.
#include "demos/cnn/own_classes_card.h"

#include "demos/text/text.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/picture_sheet.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr int64_t held_out_from = 4;   // drawings of a class: see engine/data/examples.h

}  // namespace

float draw_own_classes(Stage& stage, const OwnClasses& own, float brush_radius, Rect area, OwnClassesAsked& asked) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_paragraph(area.min(), say(Text::own_hint), t.small_text, t.color.text_soft, area.w) + t.px(8));
    ButtonRow row(stage, area);
    for (size_t i = 0; i < own.names.size(); ++i) {
        const auto label = static_cast<int32_t>(i);
        const std::string name = "own.add:" + std::to_string(i),
                          words = say(Text::own_add, {own.names[i], std::to_string(own.count(label))});
        if (row.button(name.c_str(), words.c_str())) asked.add_to = label;
    }
    if (row.button("own.folder", say(Text::own_folder))) asked.open_folder = true;
    area.cut_top(row.height() + t.px(8));
    bool few = false;
    for (size_t i = 0; i < own.names.size(); ++i) few = few || own.count(static_cast<int32_t>(i)) < held_out_from;
    if (few) area.cut_top(draw_paragraph(area.min(), say(Text::own_few), t.small_text, t.color.text_soft, area.w) + t.px(8));
    std::vector<SheetPicture> pictures;
    for (const OwnExample& each : own.examples) {
        const auto label = static_cast<size_t>(each.label);
        pictures.push_back({network_input(each.drawing, brush_radius), label < own.names.size() ? own.names[label] : "-"});
    }
    const SheetStyle style{.side = 44};
    asked.remove = draw_picture_sheet(stage, "own.examples", pictures, area, style);
    return area.y + picture_sheet_height(stage, pictures, area.w, style) - top;
}

}  // namespace trilens

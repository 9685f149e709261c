// The task above, then the input, the tabs below it, then the view.
#include "demos/transformer/room.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"

namespace trilens {

// How the network is looked at.
float TransformerRoom::draw_views(Stage& stage, Rect area) {
    std::vector<Tab> tabs;
    for (const TransformerViewEntry& entry : transformer_view_table()) tabs.push_back({entry.id, say(entry.label), say(entry.help)});
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "transformer.view", tabs, at_, area, height))
        set("transformer.view", tabs[static_cast<size_t>(*chosen)].id);
    return height + theme().px(theme().gap);
}

// What the network is for.
float TransformerRoom::draw_tasks(Stage& stage, Rect area) {
    const Field& task = fields_.at("transformer.task");
    std::vector<Tab> tabs;
    int at = 0;
    for (const Choice& choice : task.choices) {
        if (choice.name == std::get<std::string>(task.get())) at = static_cast<int>(tabs.size());
        tabs.push_back({choice.name, choice.shown(), say(task.help)});
    }
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "transformer.task", tabs, at, area, height))
        set("transformer.task", tabs[static_cast<size_t>(*chosen)].id);
    return height + theme().px(theme().gap);
}

float TransformerRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_tasks(stage, area));
    area.cut_top(input_card_.draw(stage, training_, area) + t.px(t.gap));
    area.cut_top(draw_views(stage, area));
    stage.graph = bench_.graph();
    if (!bench_.problem().empty()) {
        // Nothing was computed: why, in the place of what would be.
        const Rect whole{area.x, area.y, area.w, t.px(70)};
        const Rect card = draw_card(stage, whole, nullptr);
        stage.place("transformer.problem", whole);
        draw_paragraph(card.min(), bench_.problem().c_str(), t.text, t.color.text, card.w);
        return whole.bottom() - top;
    }
    return area.y - top + view().draw(stage, {area.x, area.y, area.w, area.h - t.px(4)});
}

}  // namespace trilens

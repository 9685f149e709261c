// The input above, the tabs below it, then the view.
#include "demos/rnn/rnn_room.h"
#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"

namespace trilens {

// What the network is for, and how it is looked at.
float RnnRoom::draw_views(Stage& stage, Rect area) {
    std::vector<Tab> tabs;
    for (const RnnViewEntry& entry : rnn_view_table()) tabs.push_back({entry.id, say(entry.label), say(entry.help)});
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "rnn.view", tabs, at_, area, height)) set("rnn.view", tabs[static_cast<size_t>(*chosen)].id);
    stage.graph = bench_.graph();
    return height + theme().px(theme().gap);
}

float RnnRoom::draw_tasks(Stage& stage, Rect area) {
    const Field& task = fields_.at("rnn.task");
    std::vector<Tab> tabs;
    int at = 0;
    for (const Choice& choice : task.choices) {
        if (choice.name == std::get<std::string>(task.get())) at = static_cast<int>(tabs.size());
        tabs.push_back({choice.name, choice.shown(), say(task.help)});
    }
    float height = 0;
    if (const auto chosen = draw_tabs(stage, "rnn.task", tabs, at, area, height)) set("rnn.task", tabs[static_cast<size_t>(*chosen)].id);
    return height + theme().px(theme().gap);
}

float RnnRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_tasks(stage, area));
    area.cut_top(input_card_.draw(stage, training_, area) + t.px(t.gap));
    stage.graph = bench_.graph();   // the input may have changed it
    area.cut_top(draw_views(stage, area));
    return area.y - top + view().draw(stage, {area.x, area.y, area.w, area.h - t.px(4)});
}

}  // namespace trilens

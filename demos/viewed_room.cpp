// The tabs, the views' fields and states, and what is passed on to the view on screen.
#include "demos/viewed_room.h"

#include <nlohmann/json.hpp>
#include <string>

#include "demos/widgets/tabs.h"
#include "demos/widgets/theme.h"

namespace trilens {

void ViewedRoom::add_view(const char* id, Text label, Text help, std::unique_ptr<RoomView> view) {
    views_.push_back({id, label, help, std::move(view)});
}

void ViewedRoom::attached() {
    training_.attach(host());
    const RoomView::Services services{&host(), &training_, [this] { recompute(); },
                                      [this](std::string_view name, const FieldValue& value) { set(name, value); },
                                      [this] { start_anew(); }};
    for (const Shown& each : views_) each.view->attach(services);
}

void ViewedRoom::update() {
    training_.update();
    training_updated();
    view().update();
}

void ViewedRoom::views_computed() {
    for (const Shown& each : views_) each.view->computed();
}

void ViewedRoom::field_changed(const Field& field) {
    using Effect = Field::Effect;
    if (field.effect == Effect::network) take_settings();
    if (field.effect == Effect::run) training_.forget();
    if (field.effect == Effect::steers) training_.set_rate(static_cast<float>(std::get<double>(field.get())));
    for (const Shown& each : views_) each.view->field_changed(field);
    if (field.effect == Effect::computes || field.effect == Effect::network) recompute();
}

void ViewedRoom::list_view_choice(Text help, Field::Effect effect) {
    std::vector<Choice> choices;
    for (const Shown& each : views_) choices.push_back({each.id, each.label});
    fields_.effect(effect);
    fields_.choice(std::string(id()) + ".view", Text::field_view, help, at_, std::move(choices)).listed = false;
}

void ViewedRoom::list_view_fields() {
    for (size_t i = 0; i < views_.size(); ++i) {
        fields_.section(Text::section_none);
        fields_.effect(std::nullopt);
        fields_.when([this, i] { return at_ == static_cast<int>(i); });
        views_[i].view->list_fields(fields_);
    }
}

nlohmann::json ViewedRoom::views_state() const {
    nlohmann::json state = nlohmann::json::object();
    for (const Shown& each : views_)
        if (nlohmann::json own = each.view->state(); !own.is_null()) state[each.id] = std::move(own);
    return state;
}

void ViewedRoom::restore_views(const nlohmann::json& state) {
    for (const Shown& each : views_)
        if (state.contains(each.id)) each.view->restore(state[each.id]);
}

float ViewedRoom::draw_views(Stage& stage, Rect area) {
    const std::string name = std::string(id()) + ".view";
    std::vector<Tab> tabs;
    for (const Shown& each : views_) tabs.push_back({each.id, say(each.label), say(each.help)});
    float height = 0;
    if (const auto chosen = draw_tabs(stage, name.c_str(), tabs, at_, area, height)) set(name, tabs[static_cast<size_t>(*chosen)].id);
    return height + theme().px(theme().gap);
}

float ViewedRoom::draw_choice(Stage& stage, std::string_view field, Rect area) {
    const Field& chosen_from = fields_.at(field);
    std::vector<Tab> tabs;
    int at = 0;
    for (const Choice& choice : chosen_from.choices) {
        if (choice.name == std::get<std::string>(chosen_from.get())) at = static_cast<int>(tabs.size());
        tabs.push_back({choice.name, choice.shown(), say(chosen_from.help)});
    }
    float height = 0;
    if (const auto chosen = draw_tabs(stage, chosen_from.name.c_str(), tabs, at, area, height))
        set(field, tabs[static_cast<size_t>(*chosen)].id);
    return height + theme().px(theme().gap);
}

}  // namespace trilens

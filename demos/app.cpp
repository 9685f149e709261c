// App: the frame, the commands, and when to draw the next frame. What the bar and the status line show is in bar.cpp.
#include "demos/app.h"

#include <imgui_internal.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "demos/widgets/field_panel.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float wide_enough = 1180, side_width = 340;  // units

double milliseconds() {
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

App::App(HostInfo info, std::span<const RoomEntry> table) : info_(std::move(info)), table_(table), worker_(info_.worker) {
    ImGuiIO& io = ImGui::GetIO();
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigInputTextCursorBlink = false;  // a blinking caret would draw for ever
    io.IniFilename = nullptr;
    if (table_.empty()) throw ValueError("there is no room to open");
    open(table_.front().id);
}

App::~App() = default;

void App::open(std::string_view id) {
    if (room_ && room_->id() == id) return;
    const auto entry = std::find_if(table_.begin(), table_.end(), [&](const RoomEntry& each) { return each.id == id; });
    if (entry == table_.end()) {
        std::string names;
        for (const RoomEntry& each : table_) names += (names.empty() ? "" : ", ") + std::string(each.id);
        throw ValueError("there is no room " + std::string(id) + "; there are " + names);
    }
    if (room_) room_->leave();
    worker_.run(nullptr);
    inspector_ = Inspector();
    card_space_ = 0;
    history_.clear();
    Opened& opened = opened_[std::string(id)];
    if (!opened.room) {
        opened.room = entry->make();
        opened.room->attach(*this);
        opened.first = snapshot(*opened.room);
    }
    room_ = opened.room.get();
    if (!controls_.empty()) room_->fields().show_only(controls_);
    changed();
}

void App::apply(const std::string& name, const FieldValue& value) {
    const Field& field = room_->fields().at(name);
    const FieldValue before = room_->fields().set(name, value);
    try {
        room_->field_changed(field);
    } catch (...) {
        field.put(before);
        throw;
    }
    changed();
}

void App::set(std::string_view name, const FieldValue& value, bool dragging) {
    const Field& field = room_->fields().at(name);
    const FieldValue before = field.get(), after = checked(field, value);
    if (before == after) return;
    apply(field.name, after);
    if (!field.recorded) return;
    record({field.name, [this, at = field.name, before] { apply(at, before); }, [this, at = field.name, after] { apply(at, after); }},
           dragging);
}

// What cannot be undone any more stays as it is, and so does its place among the changes.
void App::move_in_history(void (History::*move)()) {
    try {
        (history_.*move)();
    } catch (const std::exception& error) {
        report(error.what());
    }
    changed();
}

void App::undo() { move_in_history(&History::undo); }

void App::redo() { move_in_history(&History::redo); }

void App::record_snapshots(std::string what, nlohmann::json before) {
    nlohmann::json after = snapshot(*room_);
    if (after == before) return;
    record({std::move(what), [this, before = std::move(before)] { put_back(*room_, before); },
            [this, after = std::move(after)] { put_back(*room_, after); }},
           false);
    changed();
}

void App::show_controls(std::string names) {
    room_->fields().show_only(names);
    controls_ = std::move(names);
    changed();
}

void App::set_language(Language language) {
    trilens::set_language(language);
    changed();
}

void App::set_dark(bool dark) {
    dark_ = dark;
    changed();
}

void App::set_scale(float scale) {
    if (!(scale >= 0.5f && scale <= 4)) throw ValueError("scale " + std::to_string(scale) + " is not allowed: a number from 0.5 to 4");
    scale_ = scale;
    wake();
}

void App::report(std::string_view message) {
    notice(std::string(message));
    emit("error", {{"message", message}});
}

void App::changed() {
    changed_ = true;
    wake();
}

void App::record(Change change, bool joins) {
    history_.record(std::move(change), joins);
    wake();
}

void App::emit(std::string_view event, const nlohmann::json& detail) {
    events_.push_back({std::string(event), detail});
    wake();
}

void App::notice(std::string message) {
    notice_ = std::move(message);
    wake();
}

std::vector<Event> App::take_events() {
    if (std::exchange(changed_, false)) events_.push_back({"change", {{"room", room_->id()}}});
    return std::exchange(events_, {});
}

void App::later(std::function<void()> command) {
    if (!drawing_) return command();
    commands_.push_back(std::move(command));
    wake();
}

// What a command asks for in its turn is done at once, as part of it.
void App::carry_out() {
    for (const auto& command : std::exchange(commands_, {})) {
        try {
            command();
        } catch (const std::exception& error) {
            report(error.what());
        }
    }
}

void App::wake(int frames) { frames_wanted_ = std::max(frames_wanted_, frames); }

bool App::wants_frame() const {
    return frames_wanted_ > 0 || again_ || worker_.busy() || room_->animating() || ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
}

double App::sleep() const { return std::max(0.0, due_ - ImGui::GetTime()); }

void App::run_job() {
    try {
        worker_.run(room_->job());
        worker_.frame();
        room_->update();  // after frame(), so that the last thing a job published is taken
    } catch (const std::exception& error) {
        report(error.what());
    }
}

void App::keys() {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.WantTextInput) return;
    if (ImGui::IsKeyChordPressed(ImGuiMod_Ctrl | ImGuiKey_Z)) undo();
    if (ImGui::IsKeyChordPressed(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_Z) || ImGui::IsKeyChordPressed(ImGuiMod_Ctrl | ImGuiKey_Y))
        redo();
    if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) inspector_.release();
}

Stage App::begin_stage() {
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseSource == ImGuiMouseSource_TouchScreen) touch_ = true;
    else if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0) touch_ = false;
    apply_theme(dark_, scale_, touch_);
    textures_.begin_frame();
    inspector_.begin_frame(room_->graph());
    Stage stage(inspector_, textures_, room_->graph());
    stage.now = ImGui::GetTime();
    stage.narrow = io.DisplaySize.x < theme().px(wide_enough);
    stage.touch = touch_;
    stage.reduced_motion = reduced_motion_;
    stage.device_pixels = std::max(io.DisplayFramebufferScale.x, 0.5f);
    return stage;
}

void App::frame() {
    const double start = milliseconds();
    keys();
    run_job();
    Stage stage = begin_stage();
    drawing_ = true;
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::Begin("##trilens", nullptr, flags);
    ImGui::PopStyleVar();
    Rect area{0, 0, size.x, size.y};
    const Theme& t = theme();
    draw_bar(stage, area.cut_top(bar_height(stage)));
    Rect body = area;
    body.h = area.h - t.px(28);
    draw_body(stage, body);
    draw_status(stage, {area.x, body.bottom(), area.w, t.px(28)});
    ImGui::End();
    drawing_ = false;
    drew_one_graph_ = room_->graph() == stage.graph;
    carry_out();
    if (!ImGui::IsAnyItemActive()) history_.close();
    rects_ = stage.rects();
    again_ = stage.wants_again();
    due_ = stage.wants_again_at();
    frames_wanted_ = std::max(frames_wanted_ - 1, 0);
    if (frames_++ == 0) emit("ready", {{"room", room_->id()}});
    frame_ms_ = frame_ms_ * 0.9 + (milliseconds() - start) * 0.1;
}

// A child window that scrolls by wheel, by its bar, and by a finger on anything that does not claim it. The bar has a place of its own,
// so that its coming and going never changes the layout. Returns the height of the content.
template <typename Content>
float App::scrolled(Stage& stage, const char* id, Rect area, Content&& content) {
    const Theme& t = theme();
    ImGui::SetCursorScreenPos(area.min());
    ImGui::BeginChild(id, {area.w, area.h}, ImGuiChildFlags_NavFlattened, ImGuiWindowFlags_NoBackground);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float side = t.px(stage.narrow ? 8 : 12);
    const float height = content(Rect{at.x + side, at.y, area.w - 2 * side, area.h});
    ImGui::SetCursorScreenPos({at.x, at.y + height});
    ImGui::Dummy({1, 1});
    if (stage.touch && !stage.pointer_claimed() && ImGui::IsMouseDragging(0, t.px(8)) && area.contains(ImGui::GetIO().MouseClickedPos[0]))
        ImGui::SetScrollY(ImGui::GetScrollY() - ImGui::GetIO().MouseDelta.y);
    ImGui::EndChild();
    return height;
}

float App::draw_settings(Stage& stage, Rect area) {
    const Theme& t = theme();
    if (std::none_of(room_->fields().all().begin(), room_->fields().all().end(), [](const Field& field) { return field.has_control(); }))
        return 0;
    Rect card{area.x, area.y, area.w, settings_height_};
    const Rect inner = draw_card(stage, card, say(Text::app_settings));
    draw_reset(stage, card);
    const float used = draw_fields(stage, room_->fields(), inner, [this](const Field& field, const FieldValue& value, bool dragging) {
        later([this, name = field.name, value, dragging] { set(name, value, dragging); });
    });
    const float height = inner.y - card.y + used + t.px(t.pad) - t.px(10);
    if (std::fabs(height - settings_height_) > 0.5f) stage.again();
    settings_height_ = height;
    return height;
}

// At the right of the settings' title, where there is something to reset.
void App::draw_reset(Stage& stage, Rect card) {
    const Theme& t = theme();
    nlohmann::json initial = nlohmann::json::object();
    for (const Field& field : room_->fields().all())
        if (field.has_control() && field.get() != field.initial) initial[field.name] = field_json(field.initial);
    if (initial.empty()) return;
    const float width = text_width(say(Text::app_reset), t.text) + t.px(20), height = t.px(stage.touch ? t.touch_target : 28);
    const Rect button{card.right() - t.px(t.pad) - width, card.y + t.px(stage.touch ? 2 : 8), width, height};
    if (draw_button(stage, "app.reset", say(Text::app_reset), button))
        later([this, initial] { change("reset", [&](Room& room) { put_back(room, {{"fields", initial}}); }); });
}

float App::draw_notice(Stage& stage, Rect area) {
    if (notice_.empty()) return 0;
    const Theme& t = theme();
    const float button = t.px(t.control_height), inner = area.w - button - 3 * t.px(10);
    const float text = ImGui::GetFont()->CalcTextSizeA(t.px(t.text), FLT_MAX, inner, notice_.c_str()).y;
    const Rect card{area.x, area.y, area.w, std::max(text, button) + t.px(12)};
    ImGui::GetWindowDrawList()->AddRectFilled(card.min(), card.max(), t.color.accent_soft, t.px(t.radius));
    draw_paragraph({card.x + t.px(12), card.y + (card.h - text) / 2}, notice_.c_str(), t.text, t.color.text, inner);
    if (draw_button(stage, "app.notice", "x", {card.right() - button - t.px(8), card.y + (card.h - button) / 2, button, button}))
        notice_.clear();
    return card.h + t.px(t.gap);
}

void App::draw_body(Stage& stage, Rect area) {
    const Theme& t = theme();
    const auto draw_room = [&](Rect place) {
        const float top = place.y;
        place.y += draw_notice(stage, place);
        place.h -= place.y - top;
        place.y += room_->draw(stage, place);
        return place.y - top;
    };
    const auto draw_inspector = [&](Rect place) { return inspector_.draw(stage, place); };
    if (!stage.narrow) {
        Rect side{area.right() - t.px(side_width), area.y, t.px(side_width), area.h};
        area.w -= side.w - t.px(8);
        scrolled(stage, "room", area, draw_room);
        const float settings = std::min(settings_height_, area.h - std::min(card_space_, area.h * 0.6f) - t.px(t.gap));
        scrolled(stage, "settings", side.cut_top(settings), [&](Rect place) { return draw_settings(stage, place); });
        side.cut_top(t.px(t.gap));
        card_space_ = std::max(card_space_, scrolled(stage, "inspector", side, draw_inspector));
        return;
    }
    const float sheet = inspector_.pinned() ? std::min(card_height_ + t.px(4), std::floor(area.h * 0.48f)) : 0;
    const Rect room{area.x, area.y, area.w, area.h - sheet};
    scrolled(stage, "room", room, [&](Rect place) {
        const float used = draw_room(place) + t.px(t.gap);
        return used + draw_settings(stage, {place.x, place.y + used, place.w, place.h});
    });
    if (sheet > 0) {
        const float height = scrolled(stage, "inspector", {area.x, room.bottom(), area.w, sheet}, draw_inspector);
        if (std::fabs(height - card_height_) > 0.5f) stage.again();
        card_height_ = height;
    }
}

}  // namespace trilens

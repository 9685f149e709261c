// What stands around the picture of a layer: the path back to the network, the way to the layers before and after, the choice of a map, and
// the player.
#include <algorithm>
#include <cmath>

#include "demos/cnn/layer_view.h"
#include "demos/text/text.h"
#include "demos/widgets/grid_layout.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

constexpr float choice_height = 64, player_width = 156;  // units

// Buttons as words of a line, wrapped.
class Crumbs {
public:
    Crumbs(Stage& stage, Rect area) : stage_(stage), area_(area), at_(area.min()) {
        height_ = theme().px(stage.touch ? theme().touch_target : 28);
    }
    bool add(const char* name, const std::string& label, bool last) {
        const Theme& t = theme();
        const float width = std::min(text_width(label.c_str(), t.text) + t.px(16), area_.w), sign = last ? 0 : t.px(18);
        if (at_.x + width > area_.right() && at_.x > area_.x) at_ = {area_.x, at_.y + height_ + t.px(4)};
        const bool pressed = draw_button(stage_, name, label.c_str(), {at_.x, at_.y, width, height_}, last);
        if (!last) draw_text({at_.x + width + t.px(5), at_.y + (height_ - t.px(t.text)) / 2}, ">", t.text, t.color.text_soft);
        at_.x += width + sign;
        return pressed;
    }
    ImVec2 at() const { return at_; }
    float height() const { return height_; }

private:
    Stage& stage_;
    Rect area_;
    ImVec2 at_;
    float height_;
};

}  // namespace

float LayerView::draw_path(Stage& stage, const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    const LayerPath& path = scene.path;
    const MapShape shape = scene.shape();
    const std::string back = scene.at > 0 ? "< " + path[scene.at - 1].title : "",
                      on = scene.at + 1 < path.size() ? path[scene.at + 1].title + " >" : "";
    Crumbs crumbs(stage, area);
    if (crumbs.add("cnn.crumb.network", say(Text::zoom_network), false)) set("cnn.view", std::string("network"));
    if (crumbs.add("cnn.crumb.layer", scene.layer().title, false)) {
        stage.inspector.release();
        later([this, at = scene.at] { show(LayerPath(bench()), at, {0, 0}); });
    }
    if (shape.vector) {
        const bool scores = scene.at + 1 == path.size();
        const std::string unit = scores ? say(Text::zoom_class, {bench().classes()[static_cast<size_t>(scene.cell)]})
                                        : say(Text::zoom_unit, {std::to_string(scene.cell)});
        if (crumbs.add("cnn.crumb.cell", unit, true))
            stage.inspector.pin({scene.name(scene.layer().node), scene.element(), scene.gradients()});
    } else {
        if (crumbs.add("cnn.crumb.map", say(Text::zoom_map, {std::to_string(scene.map)}), false)) stage.inspector.release();
        const std::string place = "(" + std::to_string(scene.cell / shape.width) + ", " + std::to_string(scene.cell % shape.width) + ")";
        if (crumbs.add("cnn.crumb.cell", place, true))
            stage.inspector.pin({scene.name(scene.layer().node), scene.element(), scene.gradients()});
    }
    // At the right of the path where there is room, else below it.
    const auto width = [&](const std::string& text) { return text.empty() ? 0 : text_width(text.c_str(), t.text) + t.px(20); };
    const float wide = width(back) + width(on) + t.px(6);
    float y = crumbs.at().y, x = area.right() - wide;
    if (crumbs.at().x + t.px(16) > x) y += crumbs.height() + t.px(6), x = area.x;
    if (!back.empty() && draw_button(stage, "cnn.layer.previous", back.c_str(), {x, y, width(back), crumbs.height()}))
        go(stage, path, scene.at - 1);
    if (!on.empty() &&
        draw_button(stage, "cnn.layer.next", on.c_str(), {area.x + (x - area.x) + wide - width(on), y, width(on), crumbs.height()}))
        go(stage, path, scene.at + 1);
    return y + crumbs.height() - area.y;
}

// All maps of the layer, small, the chosen one framed; a click on one goes there. Beside them the player.
float LayerView::draw_choice(Stage& stage, const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    const MapShape shape = scene.shape();
    const bool beside = area.w > t.px(480);
    Rect player{area.right() - t.px(player_width), area.y, t.px(player_width), 0};
    if (!beside) player = {area.x, area.y, area.w, 0};
    if (scene.layer().kind == "input") return 0;
    const float played = draw_player(stage, scene, player);
    if (!beside) area.cut_top(played + t.px(8));
    else area.w -= t.px(player_width + 12);
    const bool one = shape.maps == 1 && !shape.vector, drawn_below = shape.vector && scene.layer().kind != "dense";
    if (one || drawn_below) return (beside ? played : played + t.px(8)) + t.px(8);
    GridStyle style = scene.style(scene.layer().node, scene.layer().is_signed());
    style.gradient = scene.gradients();
    style.scale_bar = false;
    style.vector_width = shape.vector ? static_cast<int>(std::min<int64_t>(shape.width, beside ? 32 : 16)) : 0;
    style.max_cell = 20;
    const Rect place{area.x, area.y, area.w, t.px(choice_height)};
    draw_tensor(stage, scene.name(scene.layer().node), place, style);
    const Rect maps = stage.rects().back().rect;
    if (!shape.vector) {
        const float unit = 1 / stage.device_pixels;
        const GridLayout layout =
            arrange(fold(scene.node().value.shape(), 0), {place.w / unit, place.h / unit, false, t.px(1) / unit}, style.max_cell, 0);
        const Rect chosen{maps.x + layout.left(scene.map) * unit, maps.y + layout.top(scene.map) * unit, layout.map_width() * unit,
                          layout.map_height() * unit};
        const Rect frame = chosen.inset(-t.px(1.5f));
        ImGui::GetWindowDrawList()->AddRect(frame.min(), frame.max(), t.color.accent, t.px(2), 0, t.px(2));
    }
    return (beside ? std::max(maps.h, played) : played + t.px(8) + maps.h) + t.px(12);
}

float LayerView::draw_player(Stage& stage, const LayerScene& scene, Rect area) {
    const Theme& t = theme();
    if (scene.shape().cells() < 2) return 0;
    const float height = t.px(stage.touch ? t.touch_target : t.control_height);
    const float width = std::min(area.w, t.px(player_width));
    if (draw_button(stage, "cnn.layer.play", say(player_.playing() ? Text::zoom_pause : Text::zoom_play), {area.x, area.y, width, height},
                    player_.playing())) {
        player_.play(!player_.playing());
        stage.inspector.release();
        stage.again();
    }
    focused_ = ImGui::IsItemFocused();
    if (stage.touch) return height;
    return height + t.px(4) +
           draw_paragraph({area.x, area.y + height + t.px(4)}, say(Text::zoom_keys), t.small_text, t.color.text_soft, area.w);
}

}  // namespace trilens

// Label above, then [-] value [+] over the whole width.
#include "demos/widgets/stepper.h"

#include "demos/widgets/theme.h"

namespace trilens {

int draw_stepper(Stage& stage, const std::string& name, const char* label, const std::string& value, Rect area, bool less, bool more) {
    const Theme& t = theme();
    draw_text(area.min(), label, t.small_text, t.color.text_soft, area.w);
    area.cut_top(t.px(t.small_text + 6));
    const float side = t.px(t.control_height), wide = text_width(value.c_str(), t.text);
    const bool down = draw_button(stage, (name + ".less").c_str(), "-", {area.x, area.y, side, side}, false, less);
    const bool up = draw_button(stage, (name + ".more").c_str(), "+", {area.right() - side, area.y, side, side}, false, more);
    draw_text({area.x + (area.w - wide) / 2, area.y + (side - t.px(t.text)) / 2 - t.px(1)}, value.c_str(), t.text, t.color.text);
    return up ? 1 : down ? -1 : 0;
}

}  // namespace trilens

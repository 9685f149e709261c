// Measured cards: cards below each other, each as high as its content. A height is known only after drawing, so that of the last frame is
// taken, and one more frame asked for where it was another.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>

#include "demos/widgets/theme.h"

namespace trilens {

class MeasuredCards {
public:
    // Draws a card at the top left of `area`, as wide as it, and in it `content`: a function of the card's inner rectangle that returns the
    // height it used. `title` may be null. Registers `name`. Returns the height used, with the gap below.
    template <typename Content>
    float draw(Stage& stage, std::string_view name, const char* title, Rect area, Content&& content) {
        const Theme& t = theme();
        float& height = heights_[std::string(name)];
        const Rect whole{area.x, area.y, area.w, std::max(height, t.px(60))}, inner = draw_card(stage, whole, title);
        stage.place(name, whole);
        const float used = inner.y - area.y + content(inner) + t.px(t.pad);
        if (std::fabs(used - height) > 0.5f) stage.again();
        height = used;
        return used + t.px(t.gap);
    }

private:
    std::map<std::string, float, std::less<>> heights_;  // as of the last frame
};

}  // namespace trilens

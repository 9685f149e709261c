// TimeAxis: where the steps of a sequence stand, shared by all that is drawn over the same time: tokens, networks, strips. Few steps are
// wide, many are thin, and very many scroll; the learner may widen or thin them.
#pragma once

#include <cstdint>
#include <string_view>

#include "demos/stage.h"

namespace trilens {

class TimeAxis {
public:
    // Anew in each frame, before anything asks: so many steps over [left, left + width). `current` stays in sight when it moves. Columns
    // are whole device pixels, as wide as fits all steps but 3 (or `least`) to 84 units; once the learner zoomed, from one pixel on.
    void fit(const Stage& stage, int64_t steps, int64_t current, float left, float width, float least = 0);

    int64_t steps() const { return steps_; }
    int64_t first() const { return first_; }  // the visible ones
    int64_t count() const { return count_; }
    int64_t last() const { return first_ + count_; }
    bool scrolls() const { return count_ < steps_; }
    float column() const { return column_; }  // width of one, in units
    float left() const { return left_; }
    float width() const { return static_cast<float>(count_) * column_; }
    float x(int64_t step) const { return left_ + static_cast<float>(step - first_) * column_; }
    float middle(int64_t step) const { return x(step) + column_ / 2; }
    // The step that stands at a place; -1 outside of the visible ones.
    int64_t step_at(float x) const;
    void scroll_to(int64_t first);
    void show(int64_t step);  // scrolls as far as it takes
    // Columns so many times as wide, at least a pixel more or less; the step at x stays there.
    void zoom(float factor, float x);
    bool can_widen() const;
    bool can_thin() const;

    // Where it scrolls or its columns are too thin to read: a bar to drag, buttons NAME.thin and NAME.widen, arrow keys, Page, Home, End, +
    // and -.
    // Registers `name`. Returns the height used, 0 where there is nothing to scroll.
    float draw_scroll_bar(Stage& stage, std::string_view name, Rect area);
    // Over `area` a sideways wheel, or Shift and wheel, scrolls, Ctrl and wheel zooms.
    void take_wheel(Rect area);

private:
    void lay_out();
    void take_keys();
    float least_column() const;
    void draw_bar(Stage& stage, std::string_view name, Rect bar);

    int64_t steps_ = 0, first_ = 0, count_ = 0, current_ = -1;
    float left_ = 0, column_ = 1, space_ = 0, pixel_ = 1;  // the whole width, and a device pixel, in units
    float least_ = 0;  // as fit() was told
    float wanted_ = 0;  // width of a column, in units at scale 1; 0: as fits
    float grabbed_ = 0;  // where on the bar's handle the hand is
};

}  // namespace trilens

// The task above, then the input, the tabs below it, then the view.
#include "demos/rnn/rnn_room.h"
#include "demos/widgets/theme.h"

namespace trilens {

float RnnRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_choice(stage, "rnn.task", area));
    area.cut_top(input_card_.draw(stage, training_, area));
    area.cut_top(draw_views(stage, area));
    asked_to_leave_out_.reset();
    const float used = view().draw(stage, {area.x, area.y, area.w, area.h - t.px(4)});
    // A token is left out for as long as the view asks for it in every frame.
    if (asked_to_leave_out_ != bench_.left_out) host().later([this, step = asked_to_leave_out_] { leave_out(step); });
    return area.y - top + used;
}

}  // namespace trilens

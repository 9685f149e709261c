// The task above, then the input, the tabs below it, then the view.
#include "demos/rnn/rnn_room.h"
#include "demos/widgets/theme.h"

namespace trilens {

float RnnRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_choice(stage, "rnn.task", area));
    area.cut_top(input_card_.draw(stage, training_, area));
    stage.graph = bench_.graph();   // the input may have changed it
    area.cut_top(draw_views(stage, area));
    asked_to_leave_out_ = false;
    const float used = view().draw(stage, {area.x, area.y, area.w, area.h - t.px(4)});
    if (!asked_to_leave_out_) leave_out(std::nullopt);
    return area.y - top + used;
}

}  // namespace trilens

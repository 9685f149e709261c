// The task above, then the input, the tabs below it, then the view.
#include "demos/transformer/transformer_room.h"
#include "demos/widgets/theme.h"

namespace trilens {

float TransformerRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_choice(stage, "transformer.task", area));
    area.cut_top(input_card_.draw(stage, training_, area));
    area.cut_top(draw_views(stage, area));
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

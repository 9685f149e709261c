// The second card: where in the learner's picture the evidence for a class lies, by three methods beside each other.
#include <algorithm>
#include <cmath>

#include "demos/cnn/excitation.h"
#include "demos/text/text.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"

namespace trilens {

namespace {

std::string whole(int64_t value) { return std::to_string(value); }

}  // namespace

// One button for the winner and one for each class; they wrap.
float Excitation::draw_classes(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : 28), gap = t.px(4);
    float x = area.x, y = area.y;
    const auto count = static_cast<int>(bench().classes().size());
    int chosen = -1;
    for (int i = 0; i <= count; ++i) {
        const std::string label = i == 0 ? say(Text::target_winner) : bench().classes()[static_cast<size_t>(i - 1)];
        const float width = std::min(std::max(text_width(label.c_str(), t.text) + t.px(16), height), area.w);
        if (x + width > area.right() && x > area.x) x = area.x, y += height + gap;
        const std::string name = "cnn.why.class:" + whole(i);
        if (draw_button(stage, name.c_str(), label.c_str(), {x, y, width, height}, i == (class_ <= count ? class_ : 0))) chosen = i;
        x += width + gap;
    }
    if (chosen >= 0) set("cnn.why.class", chosen == 0 ? std::string("winner") : whole(chosen - 1));
    return y + height - area.y + t.px(10);
}

// The outline of what is drawn on the pad: a line between a pixel that holds ink and one that does not.
void Excitation::draw_ink(Stage& stage, Rect over) const {
    const Tensor& picture = stage.graph->find("cnn.input").tensor();
    const int64_t height = picture.extent(2), width = picture.extent(3);
    if (height == 1 || picture.extent(1) != 1) return;
    const auto inked = [&](int64_t y, int64_t x) {
        return y >= 0 && x >= 0 && y < height && x < width && picture.data()[y * width + x] > 0.5f;
    };
    const float cell_w = over.w / static_cast<float>(width), cell_h = over.h / static_cast<float>(height);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const auto line = [&](int64_t y, int64_t x, int64_t to_y, int64_t to_x) {
        const ImVec2 a{over.x + static_cast<float>(x) * cell_w, over.y + static_cast<float>(y) * cell_h};
        const ImVec2 b{over.x + static_cast<float>(to_x) * cell_w, over.y + static_cast<float>(to_y) * cell_h};
        list->AddLine(a, b, IM_COL32(255, 255, 255, 150), theme().px(2.5f));
        list->AddLine(a, b, IM_COL32(0, 0, 0, 190), theme().px(1));
    };
    for (int64_t y = 0; y <= height; ++y)
        for (int64_t x = 0; x <= width; ++x) {
            if (inked(y, x) != inked(y - 1, x)) line(y, x, y, x + 1);
            if (inked(y, x) != inked(y, x - 1)) line(y, x, y + 1, x);
        }
}

float Excitation::draw_map(Stage& stage, const char* node, const std::string& title, const std::string& note, bool is_signed, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    draw_text(area.min(), title.c_str(), t.text, t.color.text, area.w);
    area.cut_top(t.px(24));
    if (stage.graph->contains(node)) {
        const Tensor& map = stage.graph->find(node).tensor();
        GridStyle style;
        style.map = is_signed && bench().look.diverging ? ColorMap::diverging : bench().look.map;
        style.max_cell = 1000;
        style.vector_width = static_cast<int>(map.shape()[-1]);
        // As wide as the picture's own cells make it, so that maps of every size cover the same place.
        const auto pixels = static_cast<float>(bench().input_shape()[2]);
        const float width = bench().curves() ? area.w : std::floor(area.w * stage.device_pixels / pixels) * pixels / stage.device_pixels;
        draw_tensor(stage, node, {area.x, area.y, width, 0}, style);
        const Rect cells = stage.rects().back().rect;
        draw_ink(stage, cells);
        area.y = cells.bottom() + t.px(28);
    }
    return area.y - top + draw_paragraph(area.min(), note.c_str(), t.small_text, t.color.text_soft, area.w);
}

float Excitation::draw_answer(Stage& stage, Rect area) {
    const float top = area.y;
    area.cut_top(draw_classes(stage, area));
    const Question now = question(*stage.graph);
    const bool here = answers(now);
    const std::string name = bench().classes()[static_cast<size_t>(now.class_index)], side = whole(patch_);
    std::string covered = say(Text::why_occlusion_note, {name, bench().curves() ? "1x" + side : side + "x" + side});
    if (!here) covered += " " + std::string(say(training().running() ? Text::why_waiting : Text::why_begins));
    else if (occlusion_->done < occlusion_->positions)
        covered += " " + say(Text::why_positions, {whole(occlusion_->done), whole(occlusion_->positions)});
    else if (const std::string stale = staleness(answer_step_, asked_.weights); !stale.empty()) covered += " " + stale;
    const std::string cam =
        evidence_maps_.empty() ? std::string(say(Text::why_no_convolution)) : say(Text::why_grad_cam_note, {evidence_maps_, name});
    const auto panel = [&](int i, Rect place) {
        if (i == 0) return draw_map(stage, "cnn.why.occlusion", say(Text::why_occlusion), covered, true, place);
        if (i == 1)
            return draw_map(stage, "cnn.why.gradient_times_input", say(Text::why_gradient_times_input),
                            say(Text::why_gradient_note, {name}), true, place);
        return draw_map(stage, "cnn.why.grad_cam", "Grad-CAM", cam, false, place);
    };
    area.cut_top(draw_panels(stage, area, 3, panel));
    return area.y - top;
}

}  // namespace trilens

// The phases and their captions. Each phase stays for as long as its caption takes to read.
#include "demos/cnn/slow_motion.h"

#include <algorithm>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"
#include "engine/train/optimizer.h"

namespace trilens {

namespace {

constexpr double phase_seconds = 2.4;
constexpr int phases = 4;
constexpr Text names[phases] = {Text::slow_forward, Text::slow_loss, Text::slow_backward, Text::slow_update};

// The weights with the largest gradient for the drawing on the pad.
std::pair<std::string, float> largest_gradient(const Workbench& bench) {
    std::pair<std::string, float> largest{"", -1.0f};
    for (Parameter* parameter : bench.network().parameters()) {
        const float norm = gradient_norm(std::span(&parameter, 1));
        if (norm > largest.second) largest = {parameter->name, norm};
    }
    return largest;
}

}  // namespace

void SlowMotion::start(double now) {
    on_ = true;
    phase_ = Phase::forward;
    since_ = now;
}

void SlowMotion::next(double now, TrainingRun& run) {
    phase_ = static_cast<Phase>((static_cast<int>(phase_) + 1) % phases);
    since_ = now;
    if (phase_ != Phase::update) return;
    try {
        run.train({.steps = 1});
    } catch (...) {
        on_ = false;
        throw;
    }
}

bool SlowMotion::is_due(double now, const TrainingRun& run) const { return on_ && now - since_ >= phase_seconds && !run.running(); }

std::string SlowMotion::caption(const Workbench& bench, const TrainingRun& run) const {
    const std::string answer = bench.classes()[static_cast<size_t>(bench.target_class())];
    switch (phase_) {
    case Phase::forward: return say(Text::slow_forward_text, {std::to_string(bench.training.batch)});
    case Phase::loss: return say(Text::slow_loss_text, {answer, number(bench.graph()->find("cnn.loss").tensor().item())});
    case Phase::backward: {
        const auto [name, norm] = largest_gradient(bench);
        return say(Text::slow_backward_text, {name, number(norm)});
    }
    case Phase::update: break;
    }
    if (!run.progress() || run.progress()->first().steps.empty()) return "";
    const StepMetrics& step = run.progress()->first().steps.back();
    return say(Text::slow_update_text, {std::to_string(step.step + 1), number(step.loss), number(step.gradient_norm), number(step.rate)});
}

float draw_slow_motion(Stage& stage, const SlowMotion& motion, const std::string& caption, Rect area) {
    const Theme& t = theme();
    const float gap = t.px(14), width = (area.w - gap * (phases - 1)) / phases, height = t.px(30);
    ImDrawList* list = ImGui::GetWindowDrawList();
    for (int i = 0; i < phases; ++i) {
        const bool lit = static_cast<int>(motion.phase()) == i;
        const Rect box{area.x + static_cast<float>(i) * (width + gap), area.y, width, height};
        list->AddRectFilled(box.min(), box.max(), lit ? t.color.accent : t.color.control, t.px(8));
        const char* name = say(names[i]);
        const float wide = std::min(text_width(name, t.small_text), box.w - t.px(8));
        draw_text({box.x + (box.w - wide) / 2, box.y + t.px(8)}, name, t.small_text, lit ? t.color.on_accent : t.color.text,
                  box.w - t.px(8));
        if (i + 1 < phases) draw_text({box.right() + t.px(4), box.y + t.px(7)}, ">", t.small_text, t.color.text_soft);
    }
    stage.place("training.caption", {area.x, area.y, area.w, height});
    return height + t.px(8) + draw_paragraph({area.x, area.y + height + t.px(8)}, caption.c_str(), t.text, t.color.text, area.w);
}

}  // namespace trilens

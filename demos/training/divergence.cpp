// Looks through the losses and gradient norms that a session keeps.
#include "demos/training/divergence.h"

#include <algorithm>
#include <cmath>

#include "demos/text/text.h"
#include "demos/widgets/theme.h"
#include "engine/math.h"

namespace trilens {

namespace {

constexpr size_t window = 20, few = 5;
constexpr float grown_factor = 10;

float mean_loss(std::span<const StepMetrics> steps) {
    double sum = 0;
    for (const StepMetrics& step : steps) sum += static_cast<double>(step.loss);
    return static_cast<float>(sum / static_cast<double>(std::max<size_t>(steps.size(), 1)));
}

// The first of the steps from which on a few losses are worse than `bound`; `otherwise` if there is none.
int64_t first_beyond(std::span<const StepMetrics> steps, float bound, int64_t otherwise) {
    for (size_t from = 0; from + few <= steps.size(); ++from)
        if (mean_loss(steps.subspan(from, few)) > bound) return steps[from].step;
    return otherwise;
}

// How many of the steps that are kept come before `step`.
size_t rows_before(std::span<const StepMetrics> steps, int64_t step) {
    return static_cast<size_t>(std::ranges::lower_bound(steps, step, {}, &StepMetrics::step) - steps.begin());
}

// The kept step whose following losses are the least, before `step`.
int64_t best_kept(const TrainingSnapshot& run, int64_t step) {
    int64_t best = 0;
    float least = INFINITY;
    for (const int64_t kept : run.restorable) {
        const size_t from = rows_before(run.steps, kept), count = std::min<size_t>(few, run.steps.size() - from);
        if (kept >= step || count == 0) continue;
        const float loss = mean_loss(std::span(run.steps).subspan(from, count));
        if (loss < least) least = loss, best = kept;
    }
    return best;
}

// Just before the losses leave their bound: the first step at which a gradient is ten times what it ever was, and whose it is.
void find_growth(const SessionSnapshot& progress, int64_t beyond, Divergence& found) {
    const size_t parameters = progress.gradients.size();
    if (parameters == 0) return;
    const size_t rows = progress.gradient_norms.size() / parameters;
    const auto norm = [&](size_t row, size_t at) { return progress.gradient_norms[row * parameters + at]; };
    const auto& steps = progress.first().steps;
    const size_t last = std::min({rows_before(steps, beyond) + few, rows, steps.size()});
    float greatest = grown_factor;
    for (size_t row = std::max<size_t>(last - std::min(last, 2 * few), 1); row < last && found.grown.empty(); ++row)
        for (size_t at = 0; at < parameters; ++at) {
            float before = 0;
            for (size_t i = 0; i < row; ++i) before = std::max(before, norm(i, at));
            const float growth = before > 0 ? norm(row, at) / before : 0;
            if (!(growth > greatest)) continue;
            greatest = growth;
            found.grown = progress.first().names[at];
            found.grown_step = steps[row].step;
        }
}

}  // namespace

std::optional<Divergence> find_divergence(const SessionSnapshot& progress, int32_t classes) {
    const TrainingSnapshot& run = progress.first();
    Divergence found;
    // After going back the metrics still hold what came later: only what was done counts.
    const auto done = std::span(run.steps).first(rows_before(run.steps, run.step));
    const float bound = classes > 0 ? 2 * math::log(static_cast<float>(classes)) : INFINITY;
    found.loss = mean_loss(done.last(std::min(window, done.size())));
    if (run.failure) {
        found.finite = false;
        found.step = run.failure->step;
        found.where = run.failure->where;
    } else {
        if (done.size() < window || !(found.loss > bound)) return std::nullopt;
        found.step = run.step;
    }
    const int64_t beyond = std::min(found.step, first_beyond(done, bound, run.step));
    find_growth(progress, beyond, found);
    found.back_to = best_kept(run, beyond);
    return found;
}

float draw_divergence(Stage& stage, const Divergence& divergence, Rect area, bool& back) {
    const Theme& t = theme();
    const std::string step = std::to_string(divergence.step);
    std::string text = divergence.finite ? say(Text::diverged_loss, {step, number(divergence.loss)})
                                         : say(Text::diverged_not_finite, {step, divergence.where});
    if (!divergence.grown.empty()) text += "\n" + say(Text::diverged_grown, {divergence.grown, std::to_string(divergence.grown_step)});
    text += "\n" + std::string(say(Text::diverged_why));
    const float inner = area.w - 2 * t.px(t.pad), button = t.px(stage.touch ? t.touch_target : t.control_height);
    const float height = ImGui::GetFont()->CalcTextSizeA(t.px(t.small_text), FLT_MAX, inner, text.c_str()).y;
    const Rect card{area.x, area.y, area.w, height + button + 3 * t.px(10)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(card.min(), card.max(), t.color.accent_soft, t.px(t.radius));
    list->AddRect(card.min(), card.max(), t.color.warning, t.px(t.radius), 0, t.px(1.5f));
    draw_paragraph({card.x + t.px(t.pad), card.y + t.px(10)}, text.c_str(), t.small_text, t.color.text, inner);
    const std::string label = say(Text::diverged_back, {std::to_string(divergence.back_to)});
    const float width = std::min(text_width(label.c_str(), t.text) + t.px(24), inner);
    back = draw_button(stage, "training.rescue", label.c_str(), {card.x + t.px(t.pad), card.y + height + t.px(20), width, button});
    stage.place("training.divergence", card);
    return card.h;
}

}  // namespace trilens

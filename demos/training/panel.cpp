// Commands above, then what the run has come to.
#include "demos/training/panel.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "demos/text/text.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/theme.h"
#include "demos/widgets/timeline.h"
#include "engine/errors.h"

namespace trilens {

void advance_training(TrainingRun& run, int64_t steps) {
    if (steps > 0) {
        run.train({.steps = steps});
        return;
    }
    if (!run.begun()) throw ValueError("nothing was trained yet: there is no step to go back to");
    const auto& kept = run.progress()->first().restorable;
    const int64_t wanted = run.step() + steps;
    const auto after = std::upper_bound(kept.begin(), kept.end(), wanted);
    run.back_to(after == kept.begin() ? kept.front() : *std::prev(after));
}

float TrainingPanel::draw_commands(Stage& stage, const Told& told, Rect area) {
    ButtonRow row(stage, area);
    const OtherMotion& other = told.other;
    const bool running = told.run.running();
    const auto train = [&](const Training& how) {
        told.host.later([stop = other.stop, &run = told.run, how] {
            if (stop) stop();
            run.train(how);
        });
    };
    const bool lit = running && !(other.name && other.on());
    if (row.button("training.play", say(running ? Text::cnn_pause : Text::cnn_train), lit)) train({.on = !running});
    if (row.button("training.step", say(Text::training_one_step))) train({.steps = 1});
    if (row.button("training.epoch", say(Text::training_one_epoch))) train({.epochs = 1});
    if (other.name && row.button(other.name, other.label, other.on())) told.host.later(other.toggle);
    if (row.button("training.save", say(Text::training_save))) told.host.emit("save", nullptr);
    if (row.button("training.load", say(Text::training_load))) told.host.emit("load", {{"folder", false}});
    if (other.name) other.advance();
    return row.height();
}

float TrainingPanel::draw(Stage& stage, const Told& told, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    area.cut_top(draw_commands(stage, told, area) + t.px(t.gap));
    if (told.other.name && told.other.on()) area.cut_top(told.other.draw(area));
    const SessionSnapshot* progress = told.run.progress();
    if (!progress) return area.y - top + draw_paragraph(area.min(), say(told.hint), t.small_text, t.color.text_soft, area.w);
    if (told.run.version() != judged_) {
        judged_ = told.run.version();
        divergence_ = find_divergence(*progress, told.classes);
    }
    if (divergence_) {
        bool back = false;
        area.cut_top(draw_divergence(stage, *divergence_, area, back) + t.px(t.gap));
        if (back) told.host.later([rescue = told.rescue, from = *divergence_] { rescue(from); });
    }
    const CurveStyle style{.accuracy = told.classes > 0, .by_epoch = told.by_epoch};
    draw_text(area.min(), progress_line(progress->first(), style).c_str(), t.text, t.color.text, area.w);
    area.cut_top(t.px(26));
    area.cut_top(draw_curves(stage, *progress, told.labels, area, style) + t.px(t.gap));
    area.cut_top(draw_time(stage, told, area));
    return area.y - top;
}

float TrainingPanel::draw_time(Stage& stage, const Told& told, Rect area) {
    const Theme& t = theme();
    const TrainingSnapshot& run = told.run.progress()->first();
    if (run.restorable.size() < 2) return 0;
    draw_text(area.min(), say(Text::training_time), t.small_text, t.color.text_soft, area.w);
    area.cut_top(t.px(t.small_text + 6));
    const int64_t last = run.steps.empty() ? 0 : run.steps.back().step + 1;
    if (const auto chosen =
            draw_timeline(stage, "training.time", run.restorable, run.step, last, {area.x, area.y, area.w, timeline_height()}))
        told.host.later([stop = told.other.stop, &run = told.run, step = *chosen] {
            if (stop) stop();
            run.back_to(step);
        });
    return t.px(t.small_text + 6) + timeline_height();
}

}  // namespace trilens

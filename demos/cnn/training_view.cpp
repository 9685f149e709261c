// Cards one below the other; what each shows is drawn by a file of its own.
#include "demos/cnn/training_view.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "demos/cnn/overview.h"
#include "demos/cnn/own_classes_card.h"
#include "demos/text/text.h"
#include "demos/training/training_fields.h"
#include "demos/widgets/theme.h"

namespace trilens {

void TrainingView::list_fields(Fields& fields) {
    TrainingSettings& settings = bench().training;
    Workbench::DataPlan& data = bench().data_plan;
    fields.section(Text::section_data);
    fields.effect(Field::Effect::run);
    fields.integer("cnn.samples", Text::field_samples, Text::help_samples, data.samples, {50, 20000, 50, true});
    fields.flag("cnn.augment", Text::field_augment, Text::help_augment, data.augment);
    fields.section(Text::section_training);
    list_training_fields(fields, "cnn", settings);
    fields.real("cnn.weight_decay", Text::field_weight_decay, Text::help_weight_decay, settings.weight_decay, {0, 0.1, 0.001});
    fields.real("cnn.clip", Text::field_clip, Text::help_clip, settings.clip, {0, 5, 0.1});
    fields.integer("cnn.seed", Text::field_seed, Text::help_seed, bench().seed, {1, 999, 1});
    fields.flag("cnn.rival", Text::field_rival, Text::help_rival, bench().rival);
}

void TrainingView::field_changed(const Field& field) {
    if (field.name == "cnn.seed") bench().data_plan.seed = bench().seed;
    if (field.name != "cnn.rival") return;
    // Only two that start from nothing can be compared.
    if (bench().rival) bench().start_anew(static_cast<uint64_t>(bench().seed));
    recompute();
}

bool TrainingView::advance(int64_t steps) {
    advance_training(training(), steps);
    return true;
}

void TrainingView::rescue(const Divergence& divergence) {
    set("cnn.rate", std::max(1e-5, static_cast<double>(bench().training.rate) / 10));
    training().back_to(divergence.back_to);
}

OtherMotion TrainingView::slow_motion(Stage& stage) {
    OtherMotion slow{.name = "training.slow", .label = say(Text::training_slow)};
    slow.on = [this] { return motion_.on(); };
    slow.stop = [this] { motion_.stop(); };
    slow.advance = [this, now = stage.now] {
        if (motion_.is_due(now, training())) later([this, now] { motion_.next(now, training()); });
    };
    slow.toggle = [this, now = stage.now] {
        training().pause();
        motion_.on() ? motion_.stop() : motion_.start(now);
    };
    slow.draw = [this, &stage](Rect area) {
        const Theme& t = theme();
        const float top = area.y;
        area.cut_top(draw_slow_motion(stage, motion_, motion_.caption(bench(), training()), area) + t.px(t.gap));
        const NetworkStyle style{bench().look.map, true, false, motion_.phase() == SlowMotion::Phase::backward};
        area.cut_top(
            draw_network(stage, layer_pictures(bench()), "cnn.probabilities", bench().classes(), style, {area.x, area.y, area.w, 0}) +
            t.px(t.gap));
        return area.y - top;
    };
    return slow;
}

float TrainingView::draw_run(Stage& stage, Rect area) {
    TrainingPanel::Told told{.host = host(), .run = training(), .labels = {{"CNN"}}};
    told.classes = static_cast<int32_t>(bench().classes().size());
    told.other = slow_motion(stage);
    if (const SessionSnapshot* progress = training().progress(); progress && progress->contenders.size() > 1)
        told.labels.push_back({say(Text::training_rival)});
    told.rescue = [this](const Divergence& divergence) { rescue(divergence); };
    return panel_.draw(stage, told, area);
}

float TrainingView::draw_architecture(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float used = editor_.draw(stage, bench(), area, [this](const std::string& text) {
        set(bench().curves() ? "cnn.curve_architecture" : "cnn.architecture", text);
    });
    area.cut_top(used + t.px(t.gap));
    return used + t.px(t.gap) + draw_layer_costs(stage, bench(), area);
}

float TrainingView::draw_own(Stage& stage, Rect area) {
    OwnClassesAsked asked;
    const float used = draw_own_classes(stage, bench().own(), bench().brush, area, asked);
    if (asked.open_folder) host().emit("load", {{"folder", true}});
    OwnClasses own = bench().own();
    if (asked.add_to >= 0) {
        const Drawing& drawn = bench().drawing;
        if (drawn.strokes.empty() && !drawn.picture) {
            host().notice(say(Text::own_nothing_drawn));
            return used;
        }
        own.examples.push_back({drawn, asked.add_to});
        set_own(std::move(own));
        draw_anew({});   // for the next one
    } else if (asked.remove >= 0) {
        own.examples.erase(own.examples.begin() + asked.remove);
        set_own(std::move(own));
    }
    return used;
}

// Both files come through the page's own button.
float TrainingView::draw_files(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float used = draw_paragraph(area.min(), say(Text::files_hint), t.small_text, t.color.text_soft, area.w) + t.px(8);
    const char* label = say(Text::files_open);
    const float height = t.px(stage.touch ? t.touch_target : t.control_height), width = text_width(label, t.text) + t.px(24);
    if (draw_button(stage, "files.open", label, {area.x, area.y + used, width, height})) host().emit("load", {{"folder", false}});
    return used + height;
}

float TrainingView::draw(Stage& stage, Rect area) {
    const float top = area.y;
    if (bench().problem() == Problem::own)
        area.y += cards_.draw(stage, "training.own", say(Text::own_title), area, [&](Rect inner) { return draw_own(stage, inner); });
    if (bench().problem() == Problem::files)
        area.y +=
            cards_.draw(stage, "training.files", say(Text::problem_files), area, [&](Rect inner) { return draw_files(stage, inner); });
    area.y += cards_.draw(stage, "training.run", say(Text::training_title), area, [&](Rect inner) { return draw_run(stage, inner); });
    if (const SessionSnapshot* progress = training().progress(); progress && progress->validation)
        area.y += cards_.draw(stage, "training.results", say(Text::training_confusion), area, [&](Rect inner) {
            const auto data = bench().data();
            return results_.draw_confusion(stage, *progress, bench().classes(), [&](auto samples) { return data->batch(samples); }, inner);
        });
    if (const SessionSnapshot* progress = training().progress(); progress && !progress->gradients.empty())
        area.y += cards_.draw(stage, "training.spread", say(Text::training_spread), area,
                              [&](Rect inner) { return results_.draw_spread(stage, *progress, training().version(), inner); });
    area.y += cards_.draw(stage, "training.architecture", say(Text::training_architecture), area,
                          [&](Rect inner) { return draw_architecture(stage, inner); });
    return area.y - top;
}

}  // namespace trilens

// What can be set in the room, what is checked of it, and how it is taken: all at once or one by one.
#include <nlohmann/json.hpp>

#include "demos/cnn/cnn_room.h"
#include "demos/cnn/own_classes.h"
#include "engine/errors.h"
#include "engine/models/architecture.h"

namespace trilens {

namespace {

constexpr size_t most_layers = 24;
constexpr int64_t most_parameters = 1000000;

std::vector<std::string> with_winner(std::vector<std::string> classes) {
    classes.insert(classes.begin(), "");  // the first choice keeps its own label
    return classes;
}

// A line is checked by making the network that it describes.
Field::Check architecture_check(const Shape& input) {
    return [input](const FieldValue& value) {
        Random random(0);
        const auto plans = parse_architecture(std::get<std::string>(value));
        if (plans.size() > most_layers)
            throw ValueError(std::to_string(plans.size()) + " layers are too many: at most " + std::to_string(most_layers));
        const Sequential network = make_classifier(plans, input, 2, random);
        if (const int64_t count = parameter_count(network); count > most_parameters)
            throw ValueError(std::to_string(count) + " parameters are too many for this page: at most " + std::to_string(most_parameters));
    };
}
}  // namespace

using Effect = Field::Effect;

void CnnRoom::list_fields() {
    list_view_choice(Text::help_view, Effect::computes);  // a view adds its own nodes to the graph
    list_shared_fields();
    list_view_fields();
}

void CnnRoom::list_shared_fields() {
    fields_.effect(Effect::network);
    fields_.choice(
        "cnn.data", Text::field_problem, Text::help_problem, problem_,
        {{"digits", Text::problem_digits}, {"own", Text::problem_own}, {"files", Text::problem_files}, {"waves", Text::problem_waves}});
    architecture_ = bench_.architecture();
    Field& architecture = fields_.text("cnn.architecture", Text::field_architecture, Text::help_architecture, architecture_);
    architecture.listed = false;
    architecture.check = architecture_check(Workbench::input_shape(Problem::digits));
    curve_architecture_ = bench_.architecture(Problem::waves);
    Field& curve = fields_.text("cnn.curve_architecture", Text::field_architecture, Text::help_architecture, curve_architecture_);
    curve.listed = false;
    curve.check = architecture_check(Workbench::input_shape(Problem::waves));
    fields_.when([this] { return problem_ == Problem::own; });
    fields_.text("cnn.classes", Text::field_classes, Text::help_classes, classes_, 300).check = [](const FieldValue& value) {
        parse_names(std::get<std::string>(value));
    };
    fields_.when(nullptr);
    fields_.section(Text::section_drawing);
    fields_.when([this] { return problem_ != Problem::waves; });
    fields_.effect(Effect::computes);
    fields_.real("cnn.brush", Text::field_brush, Text::help_brush, bench_.brush, {0.02, 0.08, 0.005});
    fields_.effect(Effect::looks);
    fields_.flag("cnn.erase", Text::field_erase, Text::help_erase, input_card_.erase).listed = false;
    fields_.when([this] { return on("network") || on("layer"); });
    fields_.section(Text::section_direction);
    fields_.choice("cnn.show", Text::field_show, Text::help_show, bench_.look.show,
                   {{"values", Text::show_values}, {"gradients", Text::show_gradients}});
    fields_.effect(Effect::computes);
    std::vector<Choice> targets{{"winner", Text::target_winner}};
    for (int digit = 0; digit < 10; ++digit)
        targets.push_back({std::to_string(digit), static_cast<Text>(static_cast<int>(Text::digit_0) + digit)});
    fields_.choice("cnn.target", Text::field_target, Text::help_target, bench_.target, std::move(targets));
    fields_.effect(Effect::looks);
    fields_.section(Text::section_colours);
    fields_.choice("cnn.colormap", Text::field_colormap, Text::help_colormap, bench_.look.map,
                   {{"viridis", Text::map_viridis},
                    {"magma", Text::map_magma},
                    {"cividis", Text::map_cividis},
                    {"grey", Text::map_grey},
                    {"diverging", Text::map_diverging}});
    fields_.flag("cnn.diverging", Text::field_diverging, Text::help_diverging, bench_.look.diverging);
    fields_.flag("cnn.shared_scale", Text::field_shared_scale, Text::help_shared_scale, bench_.look.shared_scale);
}

// The fields may have been put all at once, in any order: what they say together counts.
void CnnRoom::take_settings() {
    if (problem_ != bench_.problem()) {
        training_.forget();
        bench_.set_problem(problem_);
        input_card_.show(bench_.drawing);
        name_targets();
    }
    if (classes_ != names_text(bench_.own().names)) {
        OwnClasses own = bench_.own();
        own.names = parse_names(classes_);
        put_own(std::move(own));
    }
    std::string& line = bench_.curves() ? curve_architecture_ : architecture_;
    if (line == bench_.architecture()) return;
    training_.forget();
    bench_.set_architecture(line);
    line = bench_.architecture();
}

void CnnRoom::name_targets() {
    const bool named = problem_ == Problem::own || problem_ == Problem::waves;
    fields_.name_choices("cnn.target", named ? with_winner(bench_.classes()) : std::vector<std::string>{});
}

// What was trained on fewer classes or examples is another run.
void CnnRoom::put_own(OwnClasses own) {
    if (problem_ == Problem::own) training_.forget();
    bench_.set_own(std::move(own));
    classes_ = names_text(bench_.own().names);
    name_targets();
}

void CnnRoom::set_own(OwnClasses own) {
    const auto put = [this](const OwnClasses& wanted) {
        put_own(wanted);
        recompute();
    };
    host().record({"examples", [put, before = bench_.own()] { put(before); }, [put, own] { put(own); }});
    put(own);
}

}  // namespace trilens

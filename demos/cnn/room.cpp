// The room is the glue between the workbench, the card with the pad, the views, and training. What is drawn is read from the workbench's graph.
#include "demos/cnn/room.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "demos/cnn/excitation.h"
#include "demos/cnn/input_card.h"
#include "demos/cnn/layer_view.h"
#include "demos/cnn/movement.h"
#include "demos/cnn/overview.h"
#include "demos/cnn/sandbox.h"
#include "demos/cnn/training.h"
#include "demos/cnn/training_view.h"
#include "demos/cnn/workbench.h"
#include "demos/training/curves.h"
#include "demos/training/run.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"
#include "engine/models/architecture.h"
#include "engine/train/weights.h"

namespace trilens {

namespace {

constexpr size_t most_layers = 24;
constexpr int64_t most_parameters = 1000000;
constexpr float pad_card_width = 232, tab_gap = 4;  // units

template <typename ViewType>
std::unique_ptr<View> make(Workbench& bench) {
    return std::make_unique<ViewType>(bench);
}

// The views, in the order of their tabs.
struct ViewEntry {
    const char* id;
    Text label, help;
    std::unique_ptr<View> (*make)(Workbench&);
};
constexpr ViewEntry view_table[] = {
    {"network", Text::view_network, Text::help_view_network, make<Overview>},
    {"layer", Text::view_layer, Text::help_view_layer, make<LayerView>},
    {"sandbox", Text::view_sandbox, Text::help_view_sandbox, make<Sandbox>},
    {"move", Text::view_move, Text::help_view_move, make<Movement>},
    {"why", Text::view_why, Text::help_view_why, make<Excitation>},
    {"train", Text::view_train, Text::help_view_train, make<TrainingView>},
};

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

class CnnRoom : public Room {
public:
    CnnRoom()
        : input_card_(bench_, {[this] { recompute(); }, [this](Change change) { host().record(std::move(change)); },
                               [this] { host().emit("record", nullptr); }}),
          training_({[this] { return training_setup(bench_); },
                     [this](const TrainingSnapshot& now) {
                         bench_.use_weights(now.weights);
                         recompute();
                     }}) {
        for (const ViewEntry& entry : view_table) views_.push_back(entry.make(bench_));
        bench_.record = [this](Graph& graph) { view().record(graph); };
        bench_.computed = [this] {
            for (const auto& each : views_) each->computed();
        };
        list_fields();
        bench_.compute();
    }

    std::string_view id() const override { return "cnn"; }
    Text title() const override { return Text::room_cnn; }
    std::vector<std::string> class_names() const override { return bench_.classes(); }
    std::shared_ptr<const Graph> graph() const override { return bench_.graph(); }
    std::vector<const Parameter*> parameters() const override {
        const auto all = bench_.network().parameters();
        return {all.begin(), all.end()};
    }
    void attached() override;
    void field_changed(const Field& field) override;

    void picture(const Picture& picture) override {
        if (bench_.curves()) throw ValueError(say(Text::curve_no_picture));
        show(drawing_of(picture));
    }
    void signal(std::span<const float> samples) override {
        if (!bench_.curves()) set("cnn.data", std::string("waves"));
        show(recording_of(samples));
    }
    void stroke(std::span<const Point> points) override {
        Drawing next{bench_.drawing.strokes, std::nullopt};
        Stroke stroke;
        for (const Point& point : points) stroke.push_back(on_grid(point));
        if (!stroke.empty()) next.strokes.push_back(std::move(stroke));
        show(std::move(next));
    }
    void clear() override { show({}); }
    void example(std::string_view label, const Picture* picture) override;
    void advance(int64_t steps) override { view().advance(steps); }

    std::vector<uint8_t> save() const override {
        return write_safetensors(collect_weights(bench_.network().parameters(), bench_.network().buffers()));
    }
    void load(std::span<const uint8_t> bytes, std::string_view) override {
        if (bytes.size() > 3 && bytes[0] == 0 &&
            bytes[1] == 0) {  // safetensors begins with the length of its header, which is never so long
            load_data(bytes);
            return;
        }
        apply_weights(read_safetensors(bytes), bench_.network().parameters(), bench_.network().buffers());
        bench_.changed_weights();
        training_.forget();
        recompute();
    }

    void train(const Training& training) override { training_.train(training); }
    std::shared_ptr<Job> job() override { return training_.running() ? training_.job() : view().job(); }
    void update() override {
        training_.update();
        view().update();
    }
    bool animating() const override { return view().animating(); }

    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;
    float draw(Stage& stage, Rect area) override;

private:
    bool on(std::string_view view) const { return view_table[at_].id == view; }
    View& view() const { return *views_[static_cast<size_t>(at_)]; }
    void list_fields();
    void list_shared_fields();
    void take_settings();
    void load_data(std::span<const uint8_t> bytes);
    void put_own(OwnClasses own);
    void set_own(OwnClasses own);
    void name_targets();
    void recompute();
    void set(std::string_view name, const FieldValue& value);
    void show(Drawing drawing);
    void start_anew();
    float draw_tabs(Stage& stage, Rect area);
    void draw_training(Stage& stage, Rect area);
    float draw_input(Stage& stage, Rect area);

    Workbench bench_;
    InputCard input_card_;
    std::vector<std::unique_ptr<View>> views_;
    int at_ = 0;  // the view on screen
    Problem problem_ = Problem::digits;  // as the fields have them; take_settings() hands them to the workbench
    std::string architecture_, curve_architecture_, classes_ = names_text(bench_.own().names);
    TrainingRun training_;
};

void CnnRoom::attached() {
    training_.attach(host());
    for (const auto& each : views_)
        each->attach({&host(), &training_, [this] { recompute(); },
                      [this](std::string_view name, const FieldValue& value) { set(name, value); },
                      [this](OwnClasses own) { set_own(std::move(own)); }, [this](Drawing drawing) { show(std::move(drawing)); }});
}

void CnnRoom::list_fields() {
    std::vector<Choice> choices;
    for (const ViewEntry& entry : view_table) choices.push_back({entry.id, entry.label});
    fields_.choice("cnn.view", Text::field_view, Text::help_view, at_, std::move(choices)).listed = false;
    list_shared_fields();
    for (size_t i = 0; i < views_.size(); ++i) {
        fields_.section(Text::section_none);
        fields_.when([this, i] { return at_ == static_cast<int>(i); });
        views_[i]->list_fields(fields_);
    }
}

void CnnRoom::list_shared_fields() {
    fields_.choice(
        "cnn.data", Text::field_problem, Text::help_problem, problem_,
        {{"digits", Text::problem_digits}, {"own", Text::problem_own}, {"files", Text::problem_files}, {"waves", Text::problem_waves}});
    architecture_ = bench_.architecture();
    Field& architecture = fields_.text("cnn.architecture", Text::field_architecture, Text::help_architecture, architecture_);
    architecture.listed = false;
    const Problem now = bench_.problem();
    bench_.set_problem(Problem::waves);
    curve_architecture_ = bench_.architecture();
    Field& curve = fields_.text("cnn.curve_architecture", Text::field_architecture, Text::help_architecture, curve_architecture_);
    curve.listed = false;
    curve.check = architecture_check(bench_.input_shape());
    bench_.set_problem(now);
    fields_.when([this] { return problem_ == Problem::own; });
    fields_.text("cnn.classes", Text::field_classes, Text::help_classes, classes_, 300).check = [](const FieldValue& value) {
        parse_names(std::get<std::string>(value));
    };
    fields_.when(nullptr);
    architecture.check = architecture_check(bench_.input_shape());
    fields_.section(Text::section_drawing);
    fields_.when([this] { return problem_ != Problem::waves; });
    fields_.real("cnn.brush", Text::field_brush, Text::help_brush, bench_.brush, {0.02, 0.08, 0.005});
    fields_.flag("cnn.erase", Text::field_erase, Text::help_erase, input_card_.erase).listed = false;
    fields_.when([this] { return on("network") || on("layer"); });
    fields_.section(Text::section_direction);
    fields_.choice("cnn.show", Text::field_show, Text::help_show, bench_.look.show,
                   {{"values", Text::show_values}, {"gradients", Text::show_gradients}});
    std::vector<Choice> targets{{"winner", Text::target_winner}};
    for (int digit = 0; digit < 10; ++digit)
        targets.push_back({std::to_string(digit), static_cast<Text>(static_cast<int>(Text::digit_0) + digit)});
    fields_.choice("cnn.target", Text::field_target, Text::help_target, bench_.target, std::move(targets));
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

void CnnRoom::example(std::string_view label, const Picture* picture) {
    OwnClasses own = bench_.own();
    const Drawing shown = picture ? drawing_of(*picture) : bench_.drawing;
    if (shown.strokes.empty() && !shown.picture) throw ValueError(say(Text::own_nothing_drawn));
    own.examples.push_back({shown, own.class_of(label)});
    set_own(std::move(own));
}

// An idx file: the first of two waits for the other.
void CnnRoom::load_data(std::span<const uint8_t> bytes) {
    if (!bench_.take_idx(bytes)) {
        host().notice(say(Text::files_one));
        return;
    }
    training_.forget();
    set("cnn.data", std::string("files"));
    host().notice(say(Text::files_taken, {std::to_string(bench_.data()->size())}));
}

void CnnRoom::field_changed(const Field& field) {
    if (field.name == "cnn.data" || field.name == "cnn.classes" || field.name == "cnn.architecture" ||
        field.name == "cnn.curve_architecture") {
        take_settings();
        recompute();
    }
    if (field.name == "cnn.view" || (field.name == "cnn.brush" && !bench_.drawing.picture) || field.name == "cnn.target") recompute();
    for (const auto& each : views_) each->field_changed(field);
}

// A field, as its control in the settings does it.
void CnnRoom::set(std::string_view name, const FieldValue& value) {
    const Field& field = fields_.at(name);
    const FieldValue before = field.get(), after = checked(field, value);
    if (before == after) return;
    const auto apply = [this, &field](const FieldValue& wanted) {
        const FieldValue old = fields_.set(field.name, wanted);
        try {
            field_changed(field);
        } catch (...) {
            field.put(old);
            throw;
        }
        host().changed();
    };
    apply(after);
    host().record({field.name, [apply, before] { apply(before); }, [apply, after] { apply(after); }});
}

void CnnRoom::recompute() {
    bench_.compute();
    host().engine_time(bench_.milliseconds());
    host().changed();
}

void CnnRoom::show(Drawing drawing) {
    input_card_.show(std::move(drawing));
    recompute();
}

nlohmann::json CnnRoom::state() const {
    nlohmann::json state = drawing_state(bench_.drawing_for(false));
    state["curve"] = drawing_state(bench_.drawing_for(true));
    if (!bench_.own().examples.empty()) state["examples"] = examples_state(bench_.own().examples);
    for (size_t i = 0; i < views_.size(); ++i)
        if (nlohmann::json own = views_[i]->state(); !own.is_null()) state[view_table[i].id] = std::move(own);
    return state;
}

void CnnRoom::restore(const nlohmann::json& state) {
    Drawing drawing = drawing_from(state), curve = state.contains("curve") ? drawing_from(state["curve"]) : example_curve();
    if (drawing.picture && drawing.picture->shape()[2] == 1) throw FormatError("a drawing is no curve");
    if (curve.picture && curve.picture->shape()[2] != 1) throw FormatError("a curve is no picture");
    OwnClasses own{parse_names(classes_), examples_from(state.value("examples", nlohmann::json::array()))};
    put_own(std::move(own));
    take_settings();
    for (size_t i = 0; i < views_.size(); ++i)
        if (state.contains(view_table[i].id)) views_[i]->restore(state[view_table[i].id]);
    bench_.drawing_for(false) = std::move(drawing);
    bench_.drawing_for(true) = std::move(curve);
    show(bench_.drawing);
}

void CnnRoom::start_anew() {
    training_.forget();
    bench_.start_anew(static_cast<uint64_t>(bench_.plan.seed));
    recompute();
}

// Three commands and one line of numbers; the height of the area is theirs.
void CnnRoom::draw_training(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float gap = t.px(6), width = (area.w - 2 * gap) / 3, height = t.px(stage.touch ? t.touch_target : t.control_height);
    const auto place = [&](int i) { return Rect{area.x + static_cast<float>(i) * (width + gap), area.y, width, height}; };
    const bool running = training_.running();
    if (draw_button(stage, "cnn.train", say(running ? Text::cnn_pause : Text::cnn_train), place(0), running)) train({.on = !running});
    if (draw_button(stage, "cnn.anew", say(Text::cnn_anew), place(1))) start_anew();
    if (draw_button(stage, "cnn.shipped", say(Text::cnn_shipped), place(2), false, bench_.has_shipped())) {
        training_.forget();
        bench_.use_shipped();
        recompute();
    }
    std::string line = say(Text::cnn_train_hint);
    if (training_.begun()) line = progress_line(training_.progress()->first());
    draw_paragraph({area.x, area.y + height + t.px(6)}, line.c_str(), t.small_text, t.color.text_soft, area.w);
}

float CnnRoom::draw_input(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float extra = t.px(stage.touch ? t.touch_target : t.control_height) + t.px(44);
    area.h = std::max(stage.narrow ? 0 : area.h, input_card_.height(stage, area, extra));
    draw_training(stage, input_card_.draw(stage, area, extra));
    stage.graph = bench_.graph();  // the pad may have changed it
    return area.h;
}

// One tab for each view; where they do not fit beside each other, two rows.
float CnnRoom::draw_tabs(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float height = t.px(stage.touch ? t.touch_target : t.control_height);
    float x = area.x, y = area.y;
    for (size_t i = 0; i < views_.size(); ++i) {
        const char* label = say(view_table[i].label);
        const float width = text_width(label, t.text) + t.px(24);
        if (x + width > area.right() && x > area.x) x = area.x, y += height + t.px(tab_gap);
        const std::string name = std::string("cnn.view:") + view_table[i].id;
        if (draw_button(stage, name.c_str(), label, {x, y, width, height}, at_ == static_cast<int>(i)))
            set("cnn.view", std::string(view_table[i].id));
        if (ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoNavOverride)) draw_tooltip(say(view_table[i].help));
        x += width + t.px(tab_gap);
    }
    stage.graph = bench_.graph();
    return y + height - area.y + t.px(t.gap);
}

float CnnRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    if (!stage.narrow) {
        Rect card{area.x, area.y, t.px(pad_card_width), area.h - t.px(4)};
        const float height = draw_input(stage, card);
        area.cut_left(t.px(pad_card_width) + t.px(t.gap));
        area.cut_top(draw_tabs(stage, area));
        const float used = view().draw(stage, {area.x, area.y, area.w, area.h - t.px(4)});
        return std::max(height, area.y - top + used);
    }
    // Where there is room for it, the answer stands beside the drawing instead of below.
    const float pad_card = t.px(600);
    const bool beside = area.w > pad_card + t.px(240);
    const float height = draw_input(stage, {area.x, area.y, beside ? pad_card : area.w, area.h});
    const Rect answer{area.x + pad_card + t.px(t.gap), area.y, area.w - pad_card - t.px(t.gap), height};
    if (beside) draw_answer(stage, "cnn.probabilities", bench_.classes(), answer);
    area.cut_top(height + t.px(t.gap));
    area.cut_top(draw_tabs(stage, area));
    // Elsewhere the pad's card says who wins: the views need the room of a phone for themselves.
    if (!beside && on("network"))
        area.cut_top(draw_answer(stage, "cnn.probabilities", bench_.classes(), {area.x, area.y, area.w, 0}) + t.px(t.gap));
    return area.y - top + view().draw(stage, area);
}

}  // namespace

std::unique_ptr<Room> make_cnn_room() { return std::make_unique<CnnRoom>(); }

}  // namespace trilens

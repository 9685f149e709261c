// What the room holds: a drawing (strokes, or an uploaded picture brought to 28 x 28), the network, and the graph of its last forward pass.
// Everything drawn is read from that graph.
#include "demos/cnn/room.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "demos/cnn/digits_weights.h"
#include "demos/cnn/drawing.h"
#include "demos/cnn/network_view.h"
#include "demos/cnn/training.h"
#include "demos/widgets/drawing_pad.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"
#include "engine/autograd/loss.h"
#include "engine/io/digit_picture.h"
#include "engine/models/digits.h"
#include "engine/train/weights.h"

namespace trilens {

namespace {

constexpr float pad_card_width = 232;  // units

struct Settings {
    ColorMap map = ColorMap::viridis;
    bool diverging = true, shared_scale = false, erase = false;
    enum class Show { values, gradients } show = Show::values;
    int target = 0;  // 0: the class that wins; 1 to 10: the digit below
    float brush = 0.045f;
};

nlohmann::json metrics(const TrainingSnapshot& now, const EpochMetrics& epoch);

class CnnRoom : public Room {
public:
    CnnRoom() : random_(1), network_(digits_network(random_)) {
        apply_weights(read_safetensors(digits_weights()), network_.parameters(), network_.buffers());
        list_fields();
        pad_.set_strokes(example_drawing().strokes);
        compute();
    }

    std::string_view id() const override { return "cnn"; }
    Text title() const override { return Text::room_cnn; }
    std::shared_ptr<const Graph> graph() const override { return graph_; }
    std::vector<const Parameter*> parameters() const override {
        const auto all = network_.parameters();
        return {all.begin(), all.end()};
    }
    void field_changed(const Field& field) override {
        if ((field.name == "cnn.brush" && !picture_) || field.name == "cnn.target") recompute();
    }

    void picture(const Picture& picture) override { show(drawing_of(picture)); }
    void stroke(std::span<const Point> points) override {
        Drawing next{drawing().strokes, std::nullopt};
        Stroke stroke;
        for (const Point& point : points) stroke.push_back(on_grid(point));
        if (!stroke.empty()) next.strokes.push_back(std::move(stroke));
        show(std::move(next));
    }
    void clear() override { show({}); }

    std::vector<uint8_t> save() const override { return write_safetensors(collect_weights(network_.parameters(), network_.buffers())); }
    void load(std::span<const uint8_t> bytes, std::string_view) override {
        apply_weights(read_safetensors(bytes), network_.parameters(), network_.buffers());
        forget_training();
        recompute();
    }

    void train(const Training& training) override;
    std::shared_ptr<Job> job() override { return job_; }
    void update() override;

    nlohmann::json state() const override { return drawing_state(drawing()); }
    void restore(const nlohmann::json& state) override { show(drawing_from(state)); }
    float draw(Stage& stage, Rect area) override;

private:
    void list_fields();
    void compute();
    void recompute();
    Drawing drawing() const { return {pad_.strokes(), picture_}; }
    void show(Drawing drawing);
    void forget_training();
    void start_anew();
    float draw_pad_card(Stage& stage, Rect area);
    void draw_training(Stage& stage, Rect area);
    void draw_tools(Stage& stage, Rect area);
    void draw_pad(Stage& stage, Rect square);
    std::vector<LayerPicture> layers() const;

    Settings settings_;
    Random random_;
    Sequential network_;
    DrawingPad pad_;
    std::optional<Tensor> picture_;  // see Drawing; the pad holds the strokes
    std::shared_ptr<const Graph> graph_;
    double milliseconds_ = 0;
    std::shared_ptr<DigitsTraining> training_;  // the session, if the learner trained these weights
    std::shared_ptr<Job> job_;  // what runs now
    std::shared_ptr<const TrainingSnapshot> progress_;
    uint64_t training_seed_ = 0;
};

nlohmann::json metrics(const TrainingSnapshot& now, const EpochMetrics& epoch) {
    return {{"step", now.step},
            {"epoch", epoch.epoch + 1},
            {"loss", epoch.training_loss},
            {"accuracy", epoch.training_accuracy},
            {"validation_loss", epoch.validation_loss},
            {"validation_accuracy", epoch.validation_accuracy}};
}

void CnnRoom::list_fields() {
    fields_.section(Text::section_drawing);
    fields_.real("cnn.brush", Text::field_brush, Text::help_brush, settings_.brush, {0.02, 0.08, 0.005});
    fields_.flag("cnn.erase", Text::field_erase, Text::help_erase, settings_.erase).listed = false;
    fields_.section(Text::section_direction);
    fields_.choice("cnn.show", Text::field_show, Text::help_show, settings_.show,
                   {{"values", Text::show_values}, {"gradients", Text::show_gradients}});
    std::vector<Choice> targets{{"winner", Text::target_winner}};
    for (int digit = 0; digit < 10; ++digit)
        targets.push_back({std::to_string(digit), static_cast<Text>(static_cast<int>(Text::digit_0) + digit)});
    fields_.choice("cnn.target", Text::field_target, Text::help_target, settings_.target, std::move(targets));
    fields_.section(Text::section_colours);
    fields_.choice("cnn.colormap", Text::field_colormap, Text::help_colormap, settings_.map,
                   {{"viridis", Text::map_viridis},
                    {"magma", Text::map_magma},
                    {"cividis", Text::map_cividis},
                    {"grey", Text::map_grey},
                    {"diverging", Text::map_diverging}});
    fields_.flag("cnn.diverging", Text::field_diverging, Text::help_diverging, settings_.diverging);
    fields_.flag("cnn.shared_scale", Text::field_shared_scale, Text::help_shared_scale, settings_.shared_scale);
}

void CnnRoom::compute() {
    const auto start = std::chrono::steady_clock::now();
    auto graph = std::make_shared<Graph>("cnn.");
    const Value scores = classify(network_, graph->input(network_input(drawing(), settings_.brush), "input", true));
    const auto values = scores.tensor().values();
    const int32_t winner = static_cast<int32_t>(std::ranges::max_element(values) - values.begin());
    const int32_t label = settings_.target == 0 ? winner : settings_.target - 1;
    graph->backward(graph->tap(cross_entropy(scores, std::span(&label, 1)), "loss"));
    graph_ = std::move(graph);
    milliseconds_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void CnnRoom::recompute() {
    compute();
    host().engine_time(milliseconds_);
    host().changed();
}

void CnnRoom::show(Drawing drawing) {
    pad_.set_strokes(std::move(drawing.strokes));
    picture_ = std::move(drawing.picture);
    recompute();
}

void CnnRoom::train(const Training& training) {
    if (!training.on) {
        if (training_) training_->stop();
        return;
    }
    if (!training_) training_ = std::make_shared<DigitsTraining>(network_, ++training_seed_);
    job_ = training_->run({training.steps, training.epochs});
    host().changed();
}

// Takes what the session published: its weights become the room's, so that every map follows.
void CnnRoom::update() {
    if (!job_) return;
    const bool ended = !training_->running();
    const auto now = training_->snapshot();
    if (now != progress_) {
        const size_t epochs = progress_ ? progress_->epochs.size() : 0;
        progress_ = now;
        const auto parameters = network_.parameters();
        for (size_t i = 0; i < parameters.size(); ++i) parameters[i]->value = now->weights[i];
        recompute();
        if (!now->steps.empty())
            host().emit("step", {{"step", now->step}, {"loss", now->steps.back().loss}, {"accuracy", now->steps.back().accuracy}});
        for (size_t i = epochs; i < now->epochs.size(); ++i) host().emit("epoch", metrics(*now, now->epochs[i]));
    }
    if (!ended) return;
    job_ = nullptr;
    host().emit("done", now->epochs.empty() ? nlohmann::json{{"step", now->step}} : metrics(*now, now->epochs.back()));
    host().changed();
}

void CnnRoom::forget_training() {
    if (training_) training_->stop();
    training_ = nullptr;
    job_ = nullptr;
    progress_ = nullptr;
}

void CnnRoom::start_anew() {
    forget_training();
    Random random(++training_seed_);
    const Sequential fresh = digits_network(random);
    const auto from = fresh.parameters(), to = network_.parameters();
    for (size_t i = 0; i < to.size(); ++i) to[i]->value = from[i]->value;
    recompute();
}

void CnnRoom::draw_pad(Stage& stage, Rect square) {
    const std::optional<Tensor> picture = picture_;
    const DrawingPad::Event event = pad_.draw(stage, "cnn.pad", square, {settings_.brush, settings_.erase});
    if (picture) draw_tensor(stage, "cnn.picture", *picture, square, {.map = ColorMap::grey, .scale_bar = false});
    if (event.changed) {
        picture_.reset();
        recompute();
    }
    if (!event.finished) return;
    host().record(
        {"stroke", [this, before = Drawing{event.before, picture}] { show(before); }, [this, after = drawing()] { show(after); }});
    host().changed();
}

void CnnRoom::draw_tools(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float gap = t.px(6), width = (area.w - 2 * gap) / 3;
    const auto place = [&](int i) { return Rect{area.x + static_cast<float>(i) * (width + gap), area.y, width, area.h}; };
    const auto use = [&](bool erase) {
        settings_.erase = erase;
        host().changed();
    };
    if (draw_button(stage, "cnn.pen", say(Text::cnn_pen), place(0), !settings_.erase)) use(false);
    if (draw_button(stage, "cnn.eraser", say(Text::cnn_eraser), place(1), settings_.erase)) use(true);
    if (draw_button(stage, "cnn.clear", say(Text::cnn_clear), place(2))) {
        host().record({"clear", [this, before = drawing()] { show(before); }, [this] { clear(); }});
        clear();
    }
}

// Three commands and one line of numbers; the height of the area is theirs.
void CnnRoom::draw_training(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float gap = t.px(6), width = (area.w - 2 * gap) / 3, height = t.px(stage.touch ? t.touch_target : t.control_height);
    const auto place = [&](int i) { return Rect{area.x + static_cast<float>(i) * (width + gap), area.y, width, height}; };
    const bool running = job_ != nullptr;
    if (draw_button(stage, "cnn.train", say(running ? Text::cnn_pause : Text::cnn_train), place(0), running)) train({.on = !running});
    if (draw_button(stage, "cnn.anew", say(Text::cnn_anew), place(1))) start_anew();
    if (draw_button(stage, "cnn.shipped", say(Text::cnn_shipped), place(2))) load(digits_weights(), "");
    std::string line = say(Text::cnn_train_hint);
    if (progress_ && !progress_->steps.empty()) {
        // The mean of the last batches: a single one jumps about.
        const size_t count = std::min<size_t>(progress_->steps.size(), 20);
        double loss = 0, accuracy = 0;
        for (const StepMetrics& step : std::span(progress_->steps).last(count)) {
            loss += static_cast<double>(step.loss) / static_cast<double>(count);
            accuracy += static_cast<double>(step.accuracy) / static_cast<double>(count);
        }
        line = say(Text::cnn_progress, {std::to_string(progress_->step), number(loss), number(accuracy * 100)});
    }
    draw_paragraph({area.x, area.y + height + t.px(6)}, line.c_str(), t.small_text, t.color.text_soft, area.w);
}

float CnnRoom::draw_pad_card(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float tools = t.px(stage.touch ? t.touch_target : t.control_height);
    if (stage.narrow) {
        const float inner = area.w - 2 * t.px(t.pad), side = std::floor(std::min(inner * 0.64f, t.px(280)));
        const float height = 2 * t.px(t.pad) + t.px(24) + side + t.px(8) + 2 * tools + t.px(8 + 40);
        Rect card = draw_card(stage, {area.x, area.y, area.w, height}, nullptr);
        draw_text(card.min(), say(Text::cnn_pad), t.text, t.color.text, side);
        const float right = card.x + side + t.px(12);
        draw_text({right, card.y}, say(Text::cnn_sees), t.small_text, t.color.text_soft, card.right() - right);
        card.cut_top(t.px(24));
        draw_pad(stage, {card.x, card.y, side, side});
        draw_tensor(stage, "cnn.input", {right, card.y, std::min(card.right() - right, side), side}, {.map = ColorMap::grey});
        draw_tools(stage, {card.x, card.y + side + t.px(8), card.w, tools});
        draw_training(stage, {card.x, card.y + side + t.px(16) + tools, card.w, 0});
        return height;
    }
    Rect card = draw_card(stage, area, nullptr);
    draw_text(card.min(), say(Text::cnn_pad), t.text, t.color.text, card.w);
    card.cut_top(t.px(26));
    draw_pad(stage, card.cut_top(card.w));
    card.cut_top(t.px(8));
    draw_tools(stage, card.cut_top(tools));
    card.cut_top(t.px(18));
    draw_text(card.min(), say(Text::cnn_sees), t.text, t.color.text, card.w);
    draw_text({card.x, card.y + t.px(19)}, "28 x 28", t.small_text, t.color.text_soft, card.w);
    card.cut_top(t.px(40));
    const float training = tools + t.px(44);
    draw_tensor(stage, "cnn.input", {card.x, card.y, card.w, card.h - training - t.px(8)}, {.map = ColorMap::grey});
    draw_training(stage, {card.x, card.bottom() - training, card.w, training});
    return area.h;
}

std::vector<LayerPicture> CnnRoom::layers() const {
    std::vector<LayerPicture> pictures;
    int convolutions = 0, denses = 0;
    const auto rows = network_.summary(Shape{1, 1, digit_side, digit_side});
    for (const Sequential::Row& row : rows) {
        if (&row == &rows.back()) break;  // the scores are drawn as the bars
        LayerPicture picture{"cnn." + row.name, row.name, shape_text(row.output), "", row.parameters > 0};
        if (row.kind == "conv2d") picture.title = say(Text::layer_conv, {std::to_string(++convolutions)});
        else if (row.kind == "dense") picture.title = say(Text::layer_dense, {std::to_string(++denses)});
        else if (row.kind == "relu") picture.title = say(Text::layer_relu);
        else if (row.kind == "max_pool2d") picture.title = say(Text::layer_max_pool);
        if (row.parameters > 0) picture.note = say(Text::layer_parameters, {std::to_string(row.parameters)});
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

float CnnRoom::draw(Stage& stage, Rect area) {
    const Theme& t = theme();
    static const std::vector<std::string> classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    const NetworkStyle style{settings_.map, settings_.diverging, settings_.shared_scale, settings_.show == Settings::Show::gradients};
    if (stage.narrow) {
        // Where there is room for it, the answer stands beside the drawing instead of below.
        const float pad_card = t.px(600);
        const bool beside = area.w > pad_card + t.px(240);
        const float height = draw_pad_card(stage, {area.x, area.y, beside ? pad_card : area.w, area.h});
        stage.graph = graph_;  // the pad may have changed it
        if (beside)
            draw_answer(stage, "cnn.probabilities", classes,
                        {area.x + pad_card + t.px(t.gap), area.y, area.w - pad_card - t.px(t.gap), height});
        area.cut_top(height + t.px(t.gap));
        return height + t.px(t.gap) + draw_network(stage, layers(), beside ? "" : "cnn.probabilities", classes, style, area);
    }
    const float height = std::max(area.h - t.px(4), t.px(590));
    draw_pad_card(stage, {area.x, area.y, t.px(pad_card_width), height});
    stage.graph = graph_;
    area.cut_left(t.px(pad_card_width) + t.px(t.gap));
    return draw_network(stage, layers(), "cnn.probabilities", classes, style, {area.x, area.y, area.w, height});
}

}  // namespace

std::unique_ptr<Room> make_cnn_room() { return std::make_unique<CnnRoom>(); }

}  // namespace trilens

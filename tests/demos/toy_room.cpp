// Its operations are its own, so that what they explain is known by hand.
#include "tests/demos/toy_room.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "demos/widgets/bars.h"
#include "demos/widgets/tensor_grid.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int64_t size = 12, maps = 4, kernel = 3, classes = 10;

struct Settings {
    bool relu = true;
    int brush = 2;
    float gain = 0.5f;
    ColorMap map = ColorMap::viridis;
    std::string note = "hello";
};

// Counts to `goal`, one for each piece of work.
class Count : public Job {
public:
    explicit Count(int64_t goal) : goal_(goal) {}
    bool step(const Budget& budget) override {
        do {
            if (goal_ < 0) throw ValueError("the toy cannot count to a negative number");
            published.publish(std::make_shared<const int64_t>(++count_));
        } while (count_ < goal_ && budget());
        return count_ < goal_;
    }
    Published<int64_t> published;

private:
    int64_t goal_, count_ = 0;
};

Value convolution(Graph& graph, Value picture, Parameter& weight, Parameter& bias) {
    const Value w = graph.parameter(weight), b = graph.parameter(bias);
    Node node;
    node.operation = "conv2d";
    node.inputs = {picture.node, w.node, b.node};
    node.reach = Reach::window;
    node.window = {.kernel_height = kernel, .kernel_width = kernel, .padding_height = 1, .padding_width = 1};
    node.explain = [picture = picture.node, w = w.node, b = b.node](const Graph& g, int64_t index) {
        const int64_t map = index / (size * size), y = index / size % size, x = index % size;
        Explanation e{.formula = "sum(x * w) + b", .terms = {}};
        for (int64_t m = 0; m < kernel; ++m)
            for (int64_t n = 0; n < kernel; ++n) {
                const int64_t v = y + m - 1, u = x + n - 1, k = (map * kernel + m) * kernel + n;
                if (v < 0 || u < 0 || v >= size || u >= size) continue;
                e.terms.push_back({picture, v * size + u, g.node(picture).value.data()[v * size + u], g.node(w).value.data()[k], w, k});
            }
        e.terms.push_back({b, map, g.node(b).value.data()[map]});
        for (const Term& term : e.terms) e.value += term.value * term.factor;
        return e;
    };
    node.value = Tensor({1, maps, size, size});
    Value out = graph.record(std::move(node));
    const Node& recorded = graph.node(out.node);
    Tensor values = recorded.value;  // shares storage
    for (int64_t i = 0; i < values.elements(); ++i) values.data()[i] = recorded.explain(graph, i).value;
    return graph.tap(out, "conv1");
}

Value relu(Graph& graph, Value input, bool on) {
    Node node;
    node.operation = "relu";
    node.inputs = {input.node};
    node.reach = Reach::element;
    node.value = input.tensor().clone();
    for (float& value : node.value.values()) value = on ? std::max(value, 0.0f) : value;
    node.explain = [input = input.node](const Graph& g, int64_t index) {
        const float x = g.node(input).value.data()[index];
        return Explanation{Explanation::Kind::function, std::max(x, 0.0f), "max(0, x)", {{input, index, x, x > 0 ? 1.0f : 0.0f}}};
    };
    return graph.tap(graph.record(std::move(node)), "relu1");
}

// Class c is the mean of every tenth activation from the c-th on, squashed into [0, 1).
Value scores(Graph& graph, Value input, float gain) {
    Node node;
    node.operation = "score";
    node.inputs = {input.node};
    node.value = Tensor({1, classes});
    node.explain = [input = input.node, gain](const Graph& g, int64_t index) {
        Explanation e{.formula = "sum(x * gain)", .terms = {}};
        const Tensor& x = g.node(input).value;
        for (int64_t i = index; i < x.elements(); i += classes) {
            e.terms.push_back({input, i, x.data()[i], gain / 60});
            e.value += x.data()[i] * (gain / 60);
        }
        return e;
    };
    Tensor values = node.value;
    Value out = graph.record(std::move(node));
    for (int64_t i = 0; i < classes; ++i) values.data()[i] = graph.node(out.node).explain(graph, i).value;
    return graph.tap(out, "probabilities");
}

class ToyRoom : public Room {
public:
    explicit ToyRoom(std::string_view id) : id_(id), picture_({1, 1, size, size}) {
        fields_.section(Text::inspector_title);
        const std::string prefix = std::string(id) + ".";
        fields_.effect(Field::Effect::computes);
        fields_.flag(prefix + "relu", Text::inspector_value, Text::inspector_hint, settings_.relu);
        fields_.integer(prefix + "brush", Text::inspector_kernel, Text::inspector_hint, settings_.brush, {1, 5, 1});
        fields_.real(prefix + "gain", Text::inspector_value, Text::inspector_hint, settings_.gain, {0.1, 10, 0.1});
        fields_.choice(prefix + "colormap", Text::inspector_patch, Text::inspector_hint, settings_.map,
                       {{"viridis", Text::map_viridis}, {"magma", Text::map_magma}, {"grey", Text::map_grey}});
        fields_.text(prefix + "note", Text::inspector_product, Text::inspector_hint, settings_.note, 40);
        for (int64_t i = 0; i < weight_.value.elements(); ++i) weight_.value.data()[i] = static_cast<float>((i * 7) % 11 - 5) / 8;
        for (int64_t i = 0; i < maps; ++i) bias_.value.data()[i] = static_cast<float>(i) / 16;
        clear();
        stroke(std::vector<Point>{{0.2f, 0.3f}, {0.8f, 0.5f}, {0.4f, 0.9f}});
    }

    std::string_view id() const override { return id_; }
    Text title() const override { return Text::room_cnn; }
    void field_changed(const Field&) override { compute(); }
    std::shared_ptr<const Graph> graph() const override { return graph_; }
    std::vector<const Parameter*> parameters() const override { return {&weight_, &bias_}; }
    void clear() override {
        std::fill(picture_.values().begin(), picture_.values().end(), 0.0f);
        compute();
    }
    void stroke(std::span<const Point> points) override {
        for (const Point& point : points) {
            const auto y = std::min<int64_t>(static_cast<int64_t>(point.y * size), size - 1),
                       x = std::min<int64_t>(static_cast<int64_t>(point.x * size), size - 1);
            picture_.data()[y * size + x] = static_cast<float>(settings_.brush) / 2;
        }
        compute();
    }
    nlohmann::json state() const override { return std::vector<float>(picture_.values().begin(), picture_.values().end()); }
    void restore(const nlohmann::json& state) override {
        if (!state.is_array() || state.size() != static_cast<size_t>(size * size)) throw FormatError("a toy picture has 144 numbers");
        const auto values = state.get<std::vector<float>>();
        std::copy(values.begin(), values.end(), picture_.data());
        compute();
    }
    void train(const Training& training) override { job_ = training.on ? std::make_shared<Count>(training.steps) : nullptr; }
    std::shared_ptr<Job> job() override { return job_; }
    void update() override {
        const auto count = job_ ? job_->published.take() : nullptr;
        if (!count) return;
        host().emit("step", {{"count", *count}});
        host().changed();
    }

    float draw(Stage& stage, Rect area) override {
        const Theme& t = theme();
        const float top = area.y;
        Rect inner = draw_card(stage, {area.x, area.y, area.w, stage.narrow ? t.px(1080) : t.px(560)}, say(title()));
        const std::string prefix = std::string(id_) + ".";
        const auto place = [&](const char* name, float width, float height, GridStyle style) {
            style.title = name;
            Rect at{inner.x, inner.y, width, height};
            if (stage.narrow) inner.cut_top(height);
            else inner.cut_left(width + t.px(16));
            draw_tensor(stage, prefix + name, at, style);
        };
        const float width = stage.narrow ? inner.w : (inner.w - t.px(64)) / 4, height = t.px(stage.narrow ? 240 : 300);
        place("input", width, height, {.map = ColorMap::grey});
        place("conv1", width, height, {.map = ColorMap::diverging});
        place("relu1", width, height, {.map = settings_.map});
        std::vector<std::string> labels;
        for (int64_t i = 0; i < classes; ++i) labels.push_back(std::to_string(i));
        draw_bars(stage, prefix + "probabilities", graph_->find(prefix + "probabilities").tensor().values(), labels,
                  {inner.x, inner.y, width, 0});
        return (stage.narrow ? t.px(1080) : t.px(560)) + area.y - top;
    }

private:
    void compute() {
        auto graph = std::make_shared<Graph>(std::string(id_) + ".");
        const Value picture = graph->input(picture_.clone(), "input");
        scores(*graph, relu(*graph, convolution(*graph, picture, weight_, bias_), settings_.relu), settings_.gain);
        graph_ = std::move(graph);
    }

    std::string_view id_;
    Settings settings_;
    Tensor picture_;
    Parameter weight_{"conv1.weight", Tensor({maps, 1, kernel, kernel}), Tensor()};
    Parameter bias_{"conv1.bias", Tensor(Shape{maps}), Tensor()};
    std::shared_ptr<const Graph> graph_;
    std::shared_ptr<Count> job_;
};

constexpr RoomEntry table[] = {
    {"toy", Text::room_cnn, [] { return std::unique_ptr<Room>(std::make_unique<ToyRoom>("toy")); }},
    {"other", Text::room_rnn, [] { return std::unique_ptr<Room>(std::make_unique<ToyRoom>("other")); }},
};

}  // namespace

std::span<const RoomEntry> toy_rooms() { return table; }

}  // namespace trilens

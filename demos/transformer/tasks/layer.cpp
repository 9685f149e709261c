// One encoder layer on random vectors (curriculum TA): nothing is asked of it, so that what it does to vectors can be looked at.
#include "demos/transformer/tasks/task.h"
#include "engine/autograd/loss.h"
#include "engine/random.h"

namespace trilens {

namespace {

constexpr int64_t width = 16, longest = 256;
constexpr uint64_t vectors_stream = 1000;

class LayerTask : public TransformerTask {
public:
    const char* id() const override { return "layer"; }
    Text label() const override { return Text::transformer_task_layer; }
    TransformerAnswer answers() const override { return TransformerAnswer::none; }
    bool has_field(std::string_view name, const Context&) const override { return name == "length"; }

    Text read_title() const override { return Text::transformer_read_layer; }
    Text read_hint() const override { return Text::transformer_hint_layer; }
    void read(const Context& at, TransformerReading& into) const override {
        const int length = at.settings.length;
        Random random(static_cast<uint64_t>(at.settings.seed), vectors_stream);
        into.vectors = Tensor(Shape{length, width});
        for (float& value : into.vectors.values()) value = random.uniform();
        for (int i = 1; i <= length; ++i) into.source.labels.push_back(std::to_string(i));
        into.source.known.assign(into.source.labels.size(), true);
    }

    bool trainable() const override { return false; }
    bool keeps_width() const override { return true; }  // curriculum TA has its own key size
    TransformerPlan plan(const Context&) const override {
        TransformerPlan plan;
        plan.layer = {width, 2, 16, 64};
        plan.layer.norm_epsilon = 1e-6f;
        plan.layers = 1;
        plan.positions = Positions::none;
        plan.head = TransformerPlan::Head::none;
        plan.max_length = longest;
        return plan;
    }

    // How far the layer moves its vectors. Not how large they become: a last layer norm makes that the same whatever the weights.
    std::optional<Value> loss(const Context&, Graph& graph, const Value& scores, const TransformerReading& reading,
                              const TokenRow&) const override {
        return graph.tap(mean_squared_error(scores, reading.vectors), "loss");
    }
    Text no_answer() const override { return Text::transformer_answer_layer; }
};

}  // namespace

const TransformerTask& transformer_layer_task() {
    static const LayerTask task;
    return task;
}

}  // namespace trilens

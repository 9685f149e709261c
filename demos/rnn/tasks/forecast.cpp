// How does a curve go on?
#include "engine/data/forecast.h"

#include "demos/rnn/tasks/task.h"
#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/errors.h"
#include "engine/math.h"

namespace trilens {

namespace {

constexpr int64_t window = 32, fewest_windows = 8;
constexpr int example_steps = 128;

class ForecastTask : public RnnTask {
public:
    const char* id() const override { return "forecast"; }
    Text label() const override { return Text::rnn_task_forecast; }
    RnnReads reads() const override { return RnnReads::curve; }
    RnnAnswer answers() const override { return RnnAnswer::curve; }

    Text read_title() const override { return Text::rnn_read_curve; }
    void add_example(RnnInput& input) const override {
        for (int i = 0; i < example_steps; ++i) {
            const float x = static_cast<float>(i) / example_steps;
            input.curve.push_back(0.6f * math::sin(x * 25) + 0.25f * math::sin(x * 61));
        }
    }
    void clear(const Context&, RnnInput& input) const override { input.curve.clear(); }
    RnnReading read(const Context& at) const override { return read_numbers(at.input.curve); }

    void shape(const Context&, SequencePlan& plan) const override {
        plan.head = SequencePlan::Head::every;
        plan.outputs = 1;
        plan.regression = true;
    }
    std::vector<std::string> classes(const Context&) const override { return {}; }

    std::shared_ptr<const DataSet> data(const Context& at) const override {
        if (static_cast<int64_t>(at.input.curve.size()) < window + fewest_windows) throw ValueError(say(Text::rnn_curve_too_short));
        return std::make_shared<Forecast>(at.input.curve, window);
    }
    std::string data_key(const Context& at) const override {
        std::string key;
        for (const float value : at.input.curve) key += number(static_cast<double>(value)) + " ";
        return key;
    }
    bool is_other_data(const RnnInput& now, const RnnInput& wanted) const override { return now.curve != wanted.curve; }

    // Each value is asked for the one after it.
    std::optional<Value> loss(Graph& graph, const Value& scores, const RnnReading& reading, int32_t) const override {
        const int64_t steps = reading.steps();
        if (steps < 2) return std::nullopt;
        return graph.tap(mean_squared_error(slice(scores, 0, 0, steps - 1), reading.inputs.rows(1, steps - 1)), "loss");
    }
    Text offer() const override { return Text::rnn_offer_forecast; }
};

}  // namespace

const RnnTask& rnn_forecast_task() {
    static const ForecastTask task;
    return task;
}

}  // namespace trilens

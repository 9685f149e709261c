// Remember one value over a long distance.
#include "engine/data/needle.h"

#include "demos/rnn/tasks/task.h"

namespace trilens {

namespace {

constexpr int64_t margin = 4;  // steps before the earliest needle
constexpr int64_t screen_samples = 999;

class NeedleTask : public RnnTask {
public:
    const char* id() const override { return "needle"; }
    Text label() const override { return Text::rnn_task_needle; }
    RnnReads reads() const override { return RnnReads::sample; }
    RnnAnswer answers() const override { return RnnAnswer::classes; }
    bool has_field(std::string_view name) const override { return name == "distance" || name == "sample"; }

    Text read_title() const override { return Text::rnn_read_needle; }
    RnnReading read(const Context& at) const override {
        const int32_t sample[] = {at.settings.sample - 1};
        const Batch one = sequences(screen_samples, at.settings.distance, screen_seed)->batch(sample);
        const int64_t steps = one.inputs.extent(1);
        RnnReading reading;
        reading.inputs = one.inputs.reshaped(Shape{steps, needle_features});
        reading.target = one.labels[0];
        for (int64_t t = 0; t < steps; ++t) {
            const float* step = reading.inputs.data() + t * needle_features;
            reading.labels.push_back(number_label(step[0]));
            if (step[1] != 0) reading.marked = t;
        }
        return reading;
    }

    void shape(const Context&, SequencePlan& plan) const override { plan.features = needle_features; }
    std::vector<std::string> classes(const Context&) const override { return {say(Text::rnn_needle_low), say(Text::rnn_needle_high)}; }

    std::shared_ptr<const DataSet> data(const Context& at) const override {
        return sequences(at.settings.samples, at.settings.distance, static_cast<uint64_t>(at.settings.seed));
    }
    std::string data_key(const Context& at) const override { return std::to_string(at.settings.distance); }
    std::string data_sentence(const Context& at, const std::string& all, const std::string& trained,
                              const std::string& kept) const override {
        return say(Text::rnn_experiment_needle, {all, std::to_string(at.settings.distance), trained, kept});
    }
    bool is_judged() const override { return true; }
    std::vector<std::string> short_classes(const Context&) const override { return {say(Text::rnn_first_low), say(Text::rnn_first_high)}; }
    Text decisive_title() const override { return Text::rnn_first_marked; }

private:
    static std::shared_ptr<const DataSet> sequences(int64_t count, int64_t distance, uint64_t seed) {
        return std::make_shared<Needle>(count, distance + margin, distance, seed);
    }
};

}  // namespace

const RnnTask& rnn_needle_task() {
    static const NeedleTask task;
    return task;
}

}  // namespace trilens

// Is the sum of some numbers above a threshold? (curriculum RA)
#include "demos/rnn/tasks/task.h"
#include "engine/data/number_sums.h"
#include "engine/random.h"

namespace trilens {

namespace {

class SumTask : public RnnTask {
public:
    const char* id() const override { return "sum"; }
    Text label() const override { return Text::rnn_task_sum; }
    RnnReads reads() const override { return RnnReads::numbers; }
    RnnAnswer answers() const override { return RnnAnswer::classes; }
    bool has_field(std::string_view name) const override { return name == "length" || name == "threshold"; }

    Text read_title() const override { return Text::rnn_read_numbers; }
    void add_example(RnnInput& input) const override { complete(RnnSettings{}, input); }
    // Those that are there stay; new ones are drawn, each the same whatever the length.
    void complete(const RnnSettings& settings, RnnInput& input) const override {
        Random random(1, screen_seed);
        for (size_t i = 0; i < static_cast<size_t>(settings.length); ++i)
            if (const float drawn = random.uniform(); i >= input.numbers.size()) input.numbers.push_back(drawn);
    }
    RnnReading read(const Context& at) const override {
        RnnReading reading = read_numbers(std::span(at.input.numbers).first(static_cast<size_t>(at.settings.length)));
        float sum = 0;
        for (const float number : reading.inputs.values()) sum += number;
        reading.target = sum > at.settings.threshold ? 1 : 0;
        return reading;
    }

    bool likes_relu() const override { return true; }  // curriculum RA
    std::vector<std::string> classes(const Context& at) const override {
        const std::string threshold = number(static_cast<double>(at.settings.threshold));
        return {say(Text::rnn_sum_below, {threshold}), say(Text::rnn_sum_above, {threshold})};
    }

    std::shared_ptr<const DataSet> data(const Context& at) const override {
        const RnnSettings& s = at.settings;
        return std::make_shared<NumberSums>(s.samples, s.length, s.threshold, static_cast<uint64_t>(s.seed));
    }
    std::string data_key(const Context& at) const override {
        return std::to_string(at.settings.length) + " " + number(static_cast<double>(at.settings.threshold));
    }
    std::string data_sentence(const Context& at, const std::string& all, const std::string& trained,
                              const std::string& kept) const override {
        const RnnSettings& s = at.settings;
        return say(Text::rnn_experiment_sum, {all, std::to_string(s.length), number(static_cast<double>(s.threshold)), trained, kept});
    }
    bool is_judged() const override { return true; }
    std::vector<std::string> short_classes(const Context& at) const override {
        const std::string threshold = number(static_cast<double>(at.settings.threshold));
        return {"≤ " + threshold, "> " + threshold};
    }
};

}  // namespace

const RnnTask& rnn_sum_task() {
    static const SumTask task;
    return task;
}

}  // namespace trilens

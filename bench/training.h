// One training step of the digits network as a learner's page does it: data, graph, loss, backward, Adam, metrics.
#pragma once

#include <cstdint>
#include <memory>

namespace trilens::bench {

class TrainingStep {
public:
    enum class Data { in_memory, drawn_anew };   // by the stroke generator
    TrainingStep(int64_t batch, Data data);
    ~TrainingStep();
    void run();

private:
    struct Run;
    std::unique_ptr<Run> run_;
};

}  // namespace trilens::bench

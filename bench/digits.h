// One training step of the digits network on kernels alone (no graph): conv 3x3 1->8, ReLU, max-pool 2, conv 3x3 8->16, ReLU,
// max-pool 2, dense 784->64, ReLU, dense 10, cross entropy, back, Adam. What an autograd on top can at best take.
#pragma once

#include <cstdint>
#include <memory>

namespace trilens::bench {

class DigitsStep {
public:
    explicit DigitsStep(int64_t batch);
    ~DigitsStep();
    void run();
    void print_parts();   // microseconds of each kernel, in order

private:
    struct Network;
    std::unique_ptr<Network> network_;
};

}  // namespace trilens::bench

// From the learner's choices to a session.
#include "demos/cnn/training.h"

#include "engine/autograd/loss.h"
#include "engine/models/architecture.h"

namespace trilens {

namespace {

Contender contender(std::shared_ptr<Sequential> network) {
    const auto build = [network](Graph& graph, const Batch& batch) {
        const Value scores = network->forward(graph.input(batch.inputs, "input"));
        return Outcome{cross_entropy(scores, batch.labels), scores};
    };
    return {network, network->parameters(), network->buffers(), build};
}

}  // namespace

SessionSetup training_setup(const Workbench& bench) {
    SessionSetup setup;
    setup.data = bench.data();
    setup.split = bench.split();
    setup.classes = static_cast<int32_t>(bench.classes().size());
    setup.trainer = trainer_settings(bench.training, bench.seed);
    const auto network = bench.copy_of_network();
    setup.contenders.push_back(contender(network));
    if (bench.rival) {
        Random random(static_cast<uint64_t>(bench.seed));
        const Shape input = bench.input_shape();
        const auto plans = dense_of_equal_size(input, setup.classes, parameter_count(*network));
        setup.contenders.push_back(contender(std::make_shared<Sequential>(make_classifier(plans, input, setup.classes, random))));
    }
    return setup;
}

}  // namespace trilens

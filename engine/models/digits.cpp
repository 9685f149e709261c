// The digits network, layer by layer as the picture in the room reads.
#include "engine/models/digits.h"

#include "engine/autograd/loss.h"
#include "engine/nn/conv2d.h"
#include "engine/nn/dense.h"
#include "engine/nn/plain_layers.h"

namespace trilens {

Sequential digits_network(Random& random) {
    Conv2dOptions same;
    same.padding_height = same.padding_width = 1;
    Sequential network;
    network.add<Conv2d>("conv1", Conv2dSettings{1, 8, 3, 3, same}, random);
    network.add<Activation>("relu1", Activation::Function::relu);
    network.add<Pool2d>("pool1", Pool2d::Function::max);
    network.add<Conv2d>("conv2", Conv2dSettings{8, 16, 3, 3, same}, random);
    network.add<Activation>("relu2", Activation::Function::relu);
    network.add<Pool2d>("pool2", Pool2d::Function::max);
    network.add<Dense>("dense1", 16 * 7 * 7, 64, random);
    network.add<Activation>("relu3", Activation::Function::relu);
    network.add<Dense>("logits", 64, 10, random);
    return network;
}

Value classify(const Sequential& network, Value x) {
    const Value scores = network.forward(x);
    x.graph->tap(softmax(scores), "probabilities");
    return scores;
}

}  // namespace trilens

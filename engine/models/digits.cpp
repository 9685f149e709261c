// The digits network, and what makes any network a classifier.
#include "engine/models/digits.h"

#include "engine/autograd/loss.h"
#include "engine/models/architecture.h"

namespace trilens {

Sequential digits_network(Random& random) { return make_classifier(parse_architecture(digits_architecture), Shape{1, 28, 28}, 10, random); }

Value classify(const Sequential& network, Value x) {
    const Value scores = network.forward(x);
    x.graph->tap(softmax(scores), "probabilities");
    return scores;
}

}  // namespace trilens

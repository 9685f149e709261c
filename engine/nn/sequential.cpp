// Sequential, and what is counted of a layer.
#include "engine/nn/sequential.h"

namespace trilens {

int64_t parameter_count(Layer& layer) {
    int64_t count = 0;
    for (const Parameter* parameter : layer.parameters()) count += parameter->value.elements();
    return count;
}

Value Sequential::forward(Value x) const {
    for (const auto& layer : layers_) {
        const Value y = layer->forward(x);
        // Dropout that does nothing hands its input on, which has its own name already.
        if (y.node != x.node) y.graph->tap(y, layer->name());
        x = y;
    }
    return x;
}

std::vector<Parameter*> Sequential::parameters() const {
    std::vector<Parameter*> all;
    for (const auto& layer : layers_)
        for (Parameter* parameter : layer->parameters()) all.push_back(parameter);
    return all;
}

std::vector<Buffer> Sequential::buffers() const {
    std::vector<Buffer> all;
    for (const auto& layer : layers_)
        for (const Buffer& buffer : layer->buffers()) all.push_back(buffer);
    return all;
}

std::vector<Sequential::Row> Sequential::summary(const Shape& input) const {
    std::vector<Row> rows;
    Shape shape = input;
    for (const auto& layer : layers_) {
        const Shape next = layer->output_shape(shape);
        rows.push_back({layer->name(), std::string(layer->kind()), shape, next, parameter_count(*layer), layer->multiply_adds(shape)});
        shape = next;
    }
    return rows;
}

}  // namespace trilens

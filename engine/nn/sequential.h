// Sequential: layers one after the other, each tapped under its own name.
#pragma once

#include <memory>
#include <vector>

#include "engine/nn/layer.h"

namespace trilens {

class Sequential {
public:
    // The layer made from the arguments, at the end.
    template <typename LayerType, typename... Arguments>
    LayerType& add(Arguments&&... arguments) {
        layers_.push_back(std::make_unique<LayerType>(std::forward<Arguments>(arguments)...));
        return static_cast<LayerType&>(*layers_.back());
    }

    Value forward(Value x) const;                      // taps every layer's output under the layer's name
    std::vector<Parameter*> parameters() const;
    std::vector<Buffer> buffers() const;
    const std::vector<std::unique_ptr<Layer>>& layers() const { return layers_; }

    // One row a layer: what goes in and comes out, and what it costs. Throws ShapeError naming the first layer that does not fit.
    struct Row {
        std::string name, kind;
        Shape input, output;
        int64_t parameters = 0, multiply_adds = 0;
    };
    std::vector<Row> summary(const Shape& input) const;

private:
    std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace trilens

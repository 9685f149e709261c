// The value reads four pixels with four weights; the gradient goes back to the same four with the same weights.
#include "engine/autograd/warp.h"

#include <cmath>

#include "engine/autograd/operation.h"

namespace trilens {
namespace {

// The pixel that element `index` of the moved tensor was, between its four neighbours; and where that picture begins.
struct Source {
    Between between;
    int64_t picture;
};

Source source_of(const InverseMap& map, const Shape& shape, int64_t index) {
    const int64_t height = shape[-2], width = shape[-1], size = height * width, pixel = index % size;
    return {Between(map.source(static_cast<float>(pixel / width), static_cast<float>(pixel % width))), index - pixel};
}

// A pure shift is a window of one pixel (two between pixels) that looks aside, which is what its padding says.
Window window_of(const Motion& motion) {
    Window window;
    const float down = std::ceil(motion.down), right = std::ceil(motion.right);
    window.padding_height = static_cast<int64_t>(down);
    window.padding_width = static_cast<int64_t>(right);
    window.kernel_height = down == motion.down ? 1 : 2;
    window.kernel_width = right == motion.right ? 1 : 2;
    return window;
}

}  // namespace

Value warp(Value x, const Motion& motion, std::optional<Place> center) {
    Tensor y = warp(x.tensor(), motion, center);
    const InverseMap map(motion, center.value_or(middle_of(x.shape())));
    const int64_t height = x.shape()[-2], width = x.shape()[-1];
    const bool shift = motion.degrees == 0 && motion.scale == 1;
    return record(
        "warp", shift ? Reach::window : Reach::everything, {x}, y,
        [=](Graph& graph, const Tensor& dy) {
            Tensor dx(x.shape());
            for (int64_t i = 0; i < dy.elements(); ++i) {
                const Source source = source_of(map, x.shape(), i);
                source.between.each(height, width,
                                    [&](int64_t pixel, float weight) { dx.data()[source.picture + pixel] += weight * dy.data()[i]; });
            }
            graph.add_gradient(x.node, dx);
        },
        [=](const Graph&, int64_t index) {
            Explanation out{Explanation::Kind::sum, y.data()[index], "x", {}};
            const Source source = source_of(map, x.shape(), index);
            source.between.each(height, width,
                                [&](int64_t pixel, float weight) { out.terms.push_back(term(x, source.picture + pixel, weight)); });
            // Between pixels the value is not computed as one plain sum (see Between::read), so it may differ from that in its last bit.
            if (out.terms.size() > 1 || (out.terms.size() == 1 && out.terms[0].factor != 1)) {
                out.kind = Explanation::Kind::function;
                out.formula = "bilinear(x)";
            }
            if (out.terms.empty()) out.formula = "0";
            return out;
        },
        shift ? window_of(motion) : Window{});
}

}  // namespace trilens

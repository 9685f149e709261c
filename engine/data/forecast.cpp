// Windows overlap: they are cut out of the curve when asked for.
#include "engine/data/forecast.h"

#include <string>

namespace trilens {

Forecast::Forecast(std::vector<float> curve, int64_t length) : curve_(std::move(curve)), length_(length) {
    if (length < 1 || size() < 1)
        throw ValueError("forecast: a curve of " + std::to_string(curve_.size()) + " values and windows of " + std::to_string(length) +
                         ", expected at least 1 and a longer curve");
}

Batch Forecast::batch(std::span<const int32_t> samples) const {
    const auto count = static_cast<int64_t>(samples.size());
    Batch out;
    out.inputs = Tensor::uninitialized(Shape{count, length_, 1});
    out.targets = Tensor::uninitialized(Shape{length_, count, 1});
    for (int64_t n = 0; n < count; ++n) {
        const int32_t first = samples[static_cast<size_t>(n)];
        if (first < 0 || first >= size())
            throw ValueError("forecast: window " + std::to_string(first) + ", expected 0 to " + std::to_string(size() - 1));
        for (int64_t t = 0; t < length_; ++t) {
            out.inputs.data()[n * length_ + t] = curve_[static_cast<size_t>(first + t)];
            out.targets.data()[t * count + n] = curve_[static_cast<size_t>(first + t + 1)];
        }
    }
    return out;
}

}  // namespace trilens

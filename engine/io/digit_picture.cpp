// From any grey picture to a picture like MNIST's.
#include "engine/io/digit_picture.h"

#include <algorithm>

#include "engine/io/resample.h"

namespace trilens {
namespace {

constexpr float paper = 0.25f;   // of the strongest ink

double border_mean(const Tensor& picture) {
    const int64_t height = picture.extent(2), width = picture.extent(3);
    double sum = 0;
    int64_t count = 0;
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x) {
            if (y != 0 && y != height - 1 && x != 0 && x != width - 1) continue;
            sum += static_cast<double>(picture.data()[y * width + x]);
            ++count;
        }
    return sum / static_cast<double>(count);
}

// Ink from 0 to 1, the paper 0.
Tensor ink_of(const Tensor& picture, Polarity polarity) {
    if (polarity == Polarity::light_on_dark) return picture;
    const auto [low, high] = std::ranges::minmax(picture.values());
    const auto ground = static_cast<float>(border_mean(picture));
    const bool dark_ink = polarity == Polarity::dark_on_light || ground > (low + high) / 2;
    const float strongest = dark_ink ? ground - low : high - ground;
    Tensor ink(picture.shape());
    if (strongest <= 0) return ink;
    for (int64_t i = 0; i < ink.elements(); ++i) {
        const float strength = (dark_ink ? ground - picture.data()[i] : picture.data()[i] - ground) / strongest;
        ink.data()[i] = strength < paper ? 0.0f : (strength - paper) / (1.0f - paper);
    }
    return ink;
}

struct Extent {
    int64_t left, top, right, bottom;   // right and bottom are outside
    double centre_x, centre_y;          // of mass
};

Extent extent_of(const Tensor& ink, float threshold) {
    const int64_t height = ink.extent(2), width = ink.extent(3);
    Extent extent{width, height, 0, 0, 0, 0};
    double mass = 0, moment_x = 0, moment_y = 0;
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x) {
            const float value = ink.data()[y * width + x];
            if (!(value > threshold)) continue;
            extent.left = std::min(extent.left, x), extent.right = std::max(extent.right, x + 1);
            extent.top = std::min(extent.top, y), extent.bottom = std::max(extent.bottom, y + 1);
            mass += static_cast<double>(value);
            moment_x += static_cast<double>(value) * (static_cast<double>(x) + 0.5);
            moment_y += static_cast<double>(value) * (static_cast<double>(y) + 0.5);
        }
    if (mass > 0) extent.centre_x = moment_x / mass, extent.centre_y = moment_y / mass;
    return extent;
}

}  // namespace

Tensor digit_picture(const Tensor& picture, Polarity polarity) {
    if (picture.rank() != 4 || picture.extent(0) != 1 || picture.extent(1) != 1 || picture.empty())
        throw ShapeError("digit picture: " + picture.shape().text() + ", expected [1, 1, H, W]");
    const Tensor ink = ink_of(picture, polarity);
    const float strongest = std::ranges::max(ink.values());
    const Shape shape{1, 1, digit_side, digit_side};
    if (!(strongest > 0)) return Tensor(shape);
    const Extent extent = extent_of(ink, strongest * (polarity == Polarity::light_on_dark ? paper : 0.0f));

    const auto longer = static_cast<double>(std::max(extent.right - extent.left, extent.bottom - extent.top));
    const double side = longer * static_cast<double>(digit_side) / static_cast<double>(digit_box);
    // The whole box stays inside, even of a digit whose mass is all at one end.
    const auto begin = [side](double centre, int64_t low, int64_t high) {
        return std::clamp(centre - side / 2, static_cast<double>(high) - side, static_cast<double>(low));
    };
    Tensor digit = resample(
        ink, Region{begin(extent.centre_x, extent.left, extent.right), begin(extent.centre_y, extent.top, extent.bottom), side, side},
        digit_side, digit_side);
    for (float& value : digit.values()) value = std::clamp(value, 0.0f, 1.0f);
    return digit;
}

}  // namespace trilens

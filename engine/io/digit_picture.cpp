// From any grey picture to a picture like MNIST's.
#include "engine/io/digit_picture.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

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

// The largest value of each row.
std::vector<float> row_maxima(const Tensor& ink) {
    constexpr int64_t lanes = 16;   // so that the compiler can take many at once: the largest does not depend on the order
    const int64_t height = ink.extent(2), width = ink.extent(3);
    std::vector<float> maxima(static_cast<size_t>(height));
    for (int64_t y = 0; y < height; ++y) {
        const float* row = ink.data() + y * width;
        std::array<float, lanes> largest;
        largest.fill(row[0]);
        int64_t x = 0;
        for (; x + lanes <= width; x += lanes)
            for (int64_t lane = 0; lane < lanes; ++lane) {
                float& most = largest[static_cast<size_t>(lane)];
                most = most < row[x + lane] ? row[x + lane] : most;
            }
        for (; x < width; ++x) largest[0] = std::max(largest[0], row[x]);
        maxima[static_cast<size_t>(y)] = std::ranges::max(largest);
    }
    return maxima;
}

Extent extent_of(const Tensor& ink, std::span<const float> maxima, float threshold) {
    const int64_t height = ink.extent(2), width = ink.extent(3);
    Extent extent{width, height, 0, 0, 0, 0};
    double mass = 0, moment_x = 0, moment_y = 0;
    for (int64_t y = 0; y < height; ++y) {
        if (!(maxima[static_cast<size_t>(y)] > threshold)) continue;
        const float* row = ink.data() + y * width;
        int64_t left = 0, right = width;
        while (!(row[left] > threshold)) ++left;
        while (!(row[right - 1] > threshold)) --right;
        extent.left = std::min(extent.left, left), extent.right = std::max(extent.right, right);
        extent.top = std::min(extent.top, y), extent.bottom = y + 1;
        for (int64_t x = left; x < right; ++x) {
            const double value = row[x] > threshold ? static_cast<double>(row[x]) : 0.0;   // + 0 changes no sum, and needs no guess
            mass += value;
            moment_x += value * (static_cast<double>(x) + 0.5);
            moment_y += value * (static_cast<double>(y) + 0.5);
        }
    }
    if (mass > 0) extent.centre_x = moment_x / mass, extent.centre_y = moment_y / mass;
    return extent;
}

}  // namespace

Tensor digit_picture(const Tensor& picture, Polarity polarity) {
    if (picture.rank() != 4 || picture.extent(0) != 1 || picture.extent(1) != 1 || picture.empty())
        throw ShapeError("digit picture: " + picture.shape().text() + ", expected [1, 1, H, W]");
    const Tensor ink = ink_of(picture, polarity);
    const std::vector<float> maxima = row_maxima(ink);
    const float strongest = std::ranges::max(maxima);
    const Shape shape{1, 1, digit_side, digit_side};
    if (!(strongest > 0)) return Tensor(shape);
    const Extent extent = extent_of(ink, maxima, strongest * (polarity == Polarity::light_on_dark ? paper : 0.0f));

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

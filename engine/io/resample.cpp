// The area filter, first along rows, then down columns. Sums run in the order of the source, so bits never depend on who calls.
#include "engine/io/resample.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace trilens {
namespace {

// Which source pixels [first, first + weights.size()) a target pixel covers, and with what share of it each.
struct Cover {
    int64_t first = 0;
    std::vector<float> weights;
};

std::vector<Cover> covers(double begin, double length, int64_t source, int64_t target) {
    std::vector<Cover> out(static_cast<size_t>(target));
    const double step = length / static_cast<double>(target);
    for (int64_t i = 0; i < target; ++i) {
        const double low = begin + step * static_cast<double>(i), high = low + step;
        const double inside_low = std::clamp(low, 0.0, static_cast<double>(source)),
                     inside_high = std::clamp(high, 0.0, static_cast<double>(source));
        Cover& cover = out[static_cast<size_t>(i)];
        cover.first = static_cast<int64_t>(std::floor(inside_low));
        for (int64_t pixel = cover.first; pixel < source && static_cast<double>(pixel) < inside_high; ++pixel) {
            const double covered = std::min(inside_high, static_cast<double>(pixel + 1)) - std::max(inside_low, static_cast<double>(pixel));
            cover.weights.push_back(static_cast<float>(covered / step));
        }
    }
    return out;
}

// Fills row [channels][width] with row y of the source.
using RowReader = std::function<void(int64_t y, float* row)>;

Tensor filter(int64_t channels, PictureSize source, const Region& region, int64_t height, int64_t width, const RowReader& read) {
    if (height < 1 || width < 1)
        throw ValueError("resample: to " + std::to_string(width) + " x " + std::to_string(height) + ", expected at least 1 x 1");
    if (!(region.width > 0 && region.height > 0) || !std::isfinite(region.left + region.top + region.width + region.height))
        throw ValueError("resample: the region is " + std::to_string(region.width) + " x " + std::to_string(region.height) +
                         ", expected an area");
    const std::vector<Cover> columns = covers(region.left, region.width, source.width, width);
    const std::vector<Cover> rows = covers(region.top, region.height, source.height, height);
    Tensor out(Shape{1, channels, height, width});
    std::vector<float> line(static_cast<size_t>(channels * source.width)), narrow(static_cast<size_t>(channels * width));
    int64_t in_narrow = -1;
    for (int64_t i = 0; i < height; ++i) {
        const Cover& down = rows[static_cast<size_t>(i)];
        for (size_t k = 0; k < down.weights.size(); ++k) {
            const int64_t y = down.first + static_cast<int64_t>(k);
            if (y != in_narrow) {
                read(y, line.data());
                for (int64_t channel = 0; channel < channels; ++channel) {
                    const float* from = line.data() + channel * source.width;
                    for (int64_t j = 0; j < width; ++j) {
                        const Cover& across = columns[static_cast<size_t>(j)];
                        float sum = 0;
                        for (size_t m = 0; m < across.weights.size(); ++m)
                            sum += across.weights[m] * from[across.first + static_cast<int64_t>(m)];
                        narrow[static_cast<size_t>(channel * width + j)] = sum;
                    }
                }
                in_narrow = y;
            }
            for (int64_t channel = 0; channel < channels; ++channel) {
                float* to = out.data() + (channel * height + i) * width;
                for (int64_t j = 0; j < width; ++j) to[j] += down.weights[k] * narrow[static_cast<size_t>(channel * width + j)];
            }
        }
    }
    return out;
}

}  // namespace

PictureSize fit_within(PictureSize picture, int64_t longest) {
    const int64_t side = std::max(picture.width, picture.height);
    if (side <= longest) return picture;
    const auto scaled = [&](int64_t extent) { return std::max<int64_t>(1, (extent * longest + side / 2) / side); };
    return {scaled(picture.width), scaled(picture.height)};
}

Tensor resample(const Tensor& picture, int64_t height, int64_t width) {
    if (picture.rank() != 4) throw ShapeError("resample: a picture of " + picture.shape().text() + ", expected [1, C, H, W]");
    return resample(picture, {0, 0, static_cast<double>(picture.extent(3)), static_cast<double>(picture.extent(2))}, height, width);
}

Tensor resample(const Tensor& picture, const Region& region, int64_t height, int64_t width) {
    if (picture.rank() != 4 || picture.extent(0) != 1 || picture.empty())
        throw ShapeError("resample: a picture of " + picture.shape().text() + ", expected [1, C, H, W]");
    const int64_t channels = picture.extent(1), source_height = picture.extent(2), source_width = picture.extent(3);
    return filter(channels, {source_width, source_height}, region, height, width, [&](int64_t y, float* row) {
        for (int64_t channel = 0; channel < channels; ++channel)
            std::copy_n(picture.data() + (channel * source_height + y) * source_width, source_width, row + channel * source_width);
    });
}

Tensor resample_rgba(std::span<const uint8_t> rgba, PictureSize size, Channels channels, int64_t height, int64_t width) {
    if (size.width < 1 || size.height < 1 || size.width > most_pixels || size.height > most_pixels / size.width)
        throw ValueError("picture: " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                         " pixels, expected 1 to 24 million");
    if (rgba.size() != static_cast<size_t>(size.width * size.height) * 4)
        throw ValueError("picture: " + std::to_string(rgba.size()) + " bytes for " + std::to_string(size.width) + " x " +
                         std::to_string(size.height) + " pixels, expected 4 for each");
    const Region whole{0, 0, static_cast<double>(size.width), static_cast<double>(size.height)};
    return filter(channels == Channels::rgb ? 3 : 1, size, whole, height, width, [&](int64_t y, float* row) {
        const uint8_t* pixel = rgba.data() + static_cast<size_t>(y * size.width) * 4;
        for (int64_t x = 0; x < size.width; ++x, pixel += 4) {
            const float alpha = static_cast<float>(pixel[3]) / 255.0f;
            const auto over_white = [&](int channel) { return static_cast<float>(pixel[channel]) / 255.0f * alpha + (1.0f - alpha); };
            if (channels == Channels::grey) {
                row[x] = 0.299f * over_white(0) + 0.587f * over_white(1) + 0.114f * over_white(2);
            } else {
                for (int channel = 0; channel < 3; ++channel) row[channel * size.width + x] = over_white(channel);
            }
        }
    });
}

}  // namespace trilens

// The area filter, first along rows, then down columns. Sums run in the order of the source, so bits never depend on who calls.
#include "engine/io/resample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace trilens {
namespace {

// Which source pixels each target pixel covers, and with what share of it each: target i those from first[i] on. All have as many weights,
// the last ones perhaps 0 (a sum that runs equally long everywhere runs faster): a line needs `taps` values behind its end.
struct Covers {
    double begin = 0, step = 0;   // target i covers the source from begin + i step on
    int64_t taps = 0;
    std::vector<int64_t> first, count;
    std::vector<float> weights;   // [target][taps]

    const float* of(int64_t target) const { return weights.data() + target * taps; }
};

Covers covers(double begin, double length, int64_t source, int64_t target) {
    Covers out{begin, length / static_cast<double>(target), 0, {}, {}, {}};
    out.taps = std::min(source, static_cast<int64_t>(std::min(out.step, static_cast<double>(source))) + 2);
    out.first.reserve(static_cast<size_t>(target));
    out.count.reserve(static_cast<size_t>(target));
    out.weights.resize(static_cast<size_t>(target * out.taps));
    const auto limit = static_cast<double>(source);
    for (int64_t i = 0; i < target; ++i) {
        const double low = begin + out.step * static_cast<double>(i), high = low + out.step;
        const double inside_low = std::clamp(low, 0.0, limit), inside_high = std::clamp(high, 0.0, limit);
        const auto first = static_cast<int64_t>(inside_low);
        int64_t pixel = first;
        for (; pixel < source && static_cast<double>(pixel) < inside_high; ++pixel) {
            const double covered = std::min(inside_high, static_cast<double>(pixel + 1)) - std::max(inside_low, static_cast<double>(pixel));
            out.weights[static_cast<size_t>(i * out.taps + pixel - first)] = static_cast<float>(covered / out.step);
        }
        out.first.push_back(first);
        out.count.push_back(pixel - first);
    }
    return out;
}

// Targets [first, last).
struct Part {
    int64_t first = 0, last = 0;
};

// Whether eight values hold anything but +0.
bool has_ink(const float* values) {
    std::array<uint64_t, 4> words;
    std::memcpy(words.data(), values, sizeof words);
    return (words[0] | words[1] | words[2] | words[3]) != 0;
}

// All that cover anything but zeros of a line, and perhaps a few more.
Part part_with_ink(const Covers& columns, const float* line, int64_t source, int64_t target) {
    int64_t left = 0, right = source;
    while (left + 8 <= source && !has_ink(line + left)) left += 8;
    while (right - 8 >= left && !has_ink(line + right - 8)) right -= 8;
    if (left == right) return {};
    const auto target_at = [&](int64_t pixel, double margin) {
        const double at = (static_cast<double>(pixel) - columns.begin) / columns.step + margin;
        return static_cast<int64_t>(std::clamp(at, 0.0, static_cast<double>(target)));
    };
    return {target_at(left, -1), target_at(right, 2)};
}

// Each target pixel's mean over its part of the line. What lies outside the part returned is 0 and not written.
Part narrow_line(const Covers& columns, const float* line, int64_t source, int64_t target, float* narrow) {
    const Part part = part_with_ink(columns, line, source, target);
    for (int64_t j = part.first; j < part.last; ++j) {
        const float* from = line + columns.first[static_cast<size_t>(j)];
        const float* weights = columns.of(j);
        float sum = 0;
        for (int64_t m = 0; m < columns.taps; ++m) sum += weights[m] * from[m];
        narrow[j] = sum;
    }
    return part;
}

// Fills row [channels][width] with row y of the source.
using RowReader = std::function<void(int64_t y, float* row)>;

Tensor filter(int64_t channels, PictureSize source, const Region& region, int64_t height, int64_t width, const RowReader& read) {
    if (height < 1 || width < 1)
        throw ValueError("resample: to " + std::to_string(width) + " x " + std::to_string(height) + ", expected at least 1 x 1");
    if (!(region.width > 0 && region.height > 0) || !std::isfinite(region.left + region.top + region.width + region.height))
        throw ValueError("resample: the region is " + std::to_string(region.width) + " x " + std::to_string(region.height) +
                         ", expected an area");
    const Covers columns = covers(region.left, region.width, source.width, width);
    const Covers rows = covers(region.top, region.height, source.height, height);
    Tensor out(Shape{1, channels, height, width});
    std::vector<float> line(static_cast<size_t>(channels * source.width + columns.taps)), narrow(static_cast<size_t>(channels * width));
    std::vector<Part> parts(static_cast<size_t>(channels));
    int64_t in_narrow = -1;
    for (int64_t i = 0; i < height; ++i)
        for (int64_t k = 0; k < rows.count[static_cast<size_t>(i)]; ++k) {
            const int64_t y = rows.first[static_cast<size_t>(i)] + k;
            const float share = rows.of(i)[k];
            if (y != in_narrow) read(y, line.data());
            for (int64_t channel = 0; channel < channels; ++channel) {
                Part& part = parts[static_cast<size_t>(channel)];
                float* across = narrow.data() + channel * width;
                if (y != in_narrow) part = narrow_line(columns, line.data() + channel * source.width, source.width, width, across);
                float* to = out.data() + (channel * height + i) * width;
                for (int64_t j = part.first; j < part.last; ++j) to[j] += share * across[j];
            }
            in_narrow = y;
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
        throw ValueError("picture: " + std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels, expected 1 to " +
                         std::to_string(most_pixels / 1'000'000) + " million");
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

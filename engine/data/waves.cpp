// A wave is a shape over its phase; the hand that draws it is an uneven clock, a blunt pen and a slow drift.
#include "engine/data/waves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "engine/errors.h"
#include "engine/math.h"

namespace trilens {

namespace {

enum class Wave { sine, square, triangle, sawtooth, heartbeat, noise, count };
constexpr std::array<std::string_view, static_cast<size_t>(Wave::count)> names = {"sine",     "square",    "triangle",
                                                                                  "sawtooth", "heartbeat", "noise"};
constexpr float two_pi = 2 * std::numbers::pi_v<float>;
constexpr auto length = static_cast<size_t>(wave_length);
using Curve = std::array<float, length>;

// What one hand does to every curve that it draws.
struct Hand {
    float duty;            // share of a period that is up; where the spike of a heartbeat stands
    bool falling;          // sawtooth: down slowly, up at once
    float spike;           // width of a heartbeat's spike, a share of the period
};

float sine(float phase) { return math::sin(two_pi * phase); }

float triangle(float phase) { return phase < 0.5f ? 4 * phase - 1 : 3 - 4 * phase; }

float heartbeat(float phase, const Hand& hand) {
    const auto bump = [&](float at, float width) {
        const float away = std::fabs(phase - at) / width;
        return away < 1 ? 1 - away : 0.0f;
    };
    return 2 * bump(0.5f, hand.spike) - 0.5f * bump(0.5f + 1.6f * hand.spike, hand.spike) + 0.3f * hand.duty * bump(0.82f, 0.1f) - 0.4f;
}

float shape(Wave wave, float phase, const Hand& hand) {
    switch (wave) {
    case Wave::sine: return sine(phase);
    case Wave::square: return phase < hand.duty ? 1.0f : -1.0f;
    case Wave::triangle: return triangle(phase);
    case Wave::sawtooth: return hand.falling ? 1 - 2 * phase : 2 * phase - 1;
    case Wave::heartbeat: return heartbeat(phase, hand);
    case Wave::noise:
    case Wave::count: break;
    }
    return 0;
}

// The mean over `radius` values to each side.
void smooth(Curve& curve, int radius) {
    if (radius < 1) return;
    const Curve from = curve;
    for (int i = 0; i < static_cast<int>(length); ++i) {
        float sum = 0;
        int count = 0;
        for (int j = std::max(i - radius, 0); j <= std::min(i + radius, static_cast<int>(length) - 1); ++j, ++count)
            sum += from[static_cast<size_t>(j)];
        curve[static_cast<size_t>(i)] = sum / static_cast<float>(count);
    }
}

Curve periodic(Wave wave, Random& random) {
    const float periods = random.uniform(1.6f, 6.5f), unevenness = random.uniform(0, 0.22f);
    const Hand hand{random.uniform(0.38f, 0.62f), random.uniform() < 0.5f, random.uniform(0.06f, 0.13f)};
    Curve curve;
    // Every period has a speed and a size of its own.
    float phase = random.uniform(), speed = 1, size = 1;
    for (float& value : curve) {
        value = shape(wave, phase, hand) * size;
        phase += speed * periods / static_cast<float>(length);
        if (phase < 1) continue;
        phase -= 1;
        speed = 1 + random.uniform(-unevenness, unevenness);
        size = 1 + random.uniform(-unevenness, unevenness);
    }
    smooth(curve, static_cast<int>(random.uniform(0, wave == Wave::heartbeat ? 1.5f : 2.5f)));
    return curve;
}

Curve noise(Random& random) {
    Curve curve;
    for (float& value : curve) value = random.uniform(-1, 1);
    smooth(curve, static_cast<int>(random.uniform(0, 2.5f)));
    float largest = 0;
    for (const float value : curve) largest = std::max(largest, std::fabs(value));
    for (float& value : curve) value /= largest;
    return curve;
}

Tensor tensor_of(const Curve& curve) {
    Tensor wave = Tensor::uninitialized(Shape{1, 1, 1, wave_length});
    std::ranges::copy(curve, wave.data());
    return wave;
}

}  // namespace

std::span<const std::string_view> wave_names() { return names; }

Tensor make_wave(int32_t label, Random& random) {
    if (label < 0 || label >= static_cast<int32_t>(Wave::count))
        throw ValueError("waves: class " + std::to_string(label) + ", expected 0 to " + std::to_string(static_cast<int>(Wave::count) - 1));
    const auto wave = static_cast<Wave>(label);
    Curve curve = wave == Wave::noise ? noise(random) : periodic(wave, random);
    const float size = random.uniform(0.3f, 0.85f), height = random.uniform(-0.2f, 0.2f), drift = random.uniform(-0.15f, 0.15f);
    const float grain = random.uniform() < 0.5f ? 0 : random.uniform(0, 0.06f);
    for (size_t i = 0; i < length; ++i) {
        const float along = static_cast<float>(i) / static_cast<float>(length - 1) * 2 - 1;
        curve[i] = std::clamp(curve[i] * size + height + drift * along + grain * random.uniform(-1, 1), -1.0f, 1.0f);
    }
    return tensor_of(curve);
}

Tensor wave_from_strokes(std::span<const Stroke> strokes) {
    Curve curve{};
    std::array<bool, length> inked{};
    const float last = static_cast<float>(length - 1);
    const auto ink = [&](Point from, Point to) {
        if (from.x > to.x) std::swap(from, to);
        const auto first = static_cast<int>(std::ceil(std::clamp(from.x, 0.0f, 1.0f) * last)),
                   end = static_cast<int>(std::clamp(to.x, 0.0f, 1.0f) * last);
        for (int column = first; column <= end; ++column) {
            const float x = static_cast<float>(column) / last, width = to.x - from.x, share = width > 0 ? (x - from.x) / width : 1;
            curve[static_cast<size_t>(column)] = std::clamp(1 - 2 * (from.y + (to.y - from.y) * share), -1.0f, 1.0f);
            inked[static_cast<size_t>(column)] = true;
        }
    };
    for (const Stroke& stroke : strokes)
        for (size_t i = 0; i < stroke.size(); ++i) {
            // A point alone inks the nearest column.
            const float column = std::round(std::clamp(stroke[i].x, 0.0f, 1.0f) * last) / last;
            if (stroke.size() == 1) ink({column, stroke[i].y}, {column, stroke[i].y});
            if (i > 0) ink(stroke[i - 1], stroke[i]);
        }
    int before = -1;
    for (int i = 0; i < static_cast<int>(length); ++i) {
        if (!inked[static_cast<size_t>(i)]) continue;
        const float value = curve[static_cast<size_t>(i)], start = before < 0 ? value : curve[static_cast<size_t>(before)];
        for (int j = before + 1; j < i; ++j)
            curve[static_cast<size_t>(j)] = start + (value - start) * static_cast<float>(j - before) / static_cast<float>(i - before);
        before = i;
    }
    if (before >= 0) std::fill(curve.begin() + before + 1, curve.end(), curve[static_cast<size_t>(before)]);
    return tensor_of(curve);
}

Tensor wave_from_samples(std::span<const float> samples) {
    const size_t count = samples.size();
    if (count < 2) throw ValueError("a recorded curve has " + std::to_string(count) + " samples, expected at least 2");
    double sum = 0;
    for (const float value : samples) {
        if (!std::isfinite(value)) throw ValueError("a sample of a recorded curve is not finite");
        sum += static_cast<double>(value);
    }
    const auto mean = static_cast<float>(sum / static_cast<double>(count));
    Curve curve;
    for (size_t i = 0; i < length; ++i) {
        if (count >= length) {
            const size_t from = i * count / length, to = std::max((i + 1) * count / length, from + 1);
            double part = 0;
            for (size_t j = from; j < to; ++j) part += static_cast<double>(samples[j]);
            curve[i] = static_cast<float>(part / static_cast<double>(to - from)) - mean;
        } else {
            const float at = static_cast<float>(i) * static_cast<float>(count - 1) / static_cast<float>(length - 1);
            const size_t below = std::min(static_cast<size_t>(at), count - 2);
            const float share = at - static_cast<float>(below);
            curve[i] = samples[below] + (samples[below + 1] - samples[below]) * share - mean;
        }
    }
    float largest = 0;
    for (const float value : curve) largest = std::max(largest, std::fabs(value));
    if (largest > 0)
        for (float& value : curve) value *= 0.9f / largest;
    return tensor_of(curve);
}

Waves::Waves(int64_t size, uint64_t seed) : size_(size), seed_(seed) {
    if (size < 0) throw ValueError("waves: " + std::to_string(size) + " samples, expected at least 0");
}

Batch Waves::training_batch(std::span<const int32_t> samples, int64_t epoch) const {
    Batch batch;
    batch.inputs = Tensor::uninitialized(Shape{static_cast<int64_t>(samples.size()), 1, 1, wave_length});
    float* to = batch.inputs.data();
    for (const int32_t sample : samples) {
        if (sample < 0 || sample >= size_) throw ValueError("waves: sample " + std::to_string(sample) + " of " + std::to_string(size_));
        Random random(seed_, static_cast<uint64_t>(epoch * size_ + sample));
        const auto label = static_cast<int32_t>(sample % static_cast<int32_t>(Wave::count));
        to = std::ranges::copy(make_wave(label, random).values(), to).out;
        batch.labels.push_back(label);
    }
    return batch;
}

}  // namespace trilens

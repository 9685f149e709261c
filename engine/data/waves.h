// Waves: curves to tell apart, as a sensor, a microphone or a hand gives them. The one-dimensional problem of the CNN room (curriculum
// C10).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/data/data_set.h"
#include "engine/data/strokes.h"

namespace trilens {

inline constexpr int64_t wave_length = 128;

// The classes, by number.
std::span<const std::string_view> wave_names();  // sine, square, triangle, sawtooth, heartbeat, noise

// A curve [1, 1, 1, 128] in [-1, 1] of a class: some frequency, phase, size, height and drift, as uneven as a hand draws it, with some
// noise.
// Throws ValueError for a class that does not exist.
Tensor make_wave(int32_t label, Random& random);

// A curve drawn on a pad (points in [0, 1]^2, y down) as [1, 1, 1, 128] with 1 at the top and -1 at the bottom. Later ink wins where
// strokes overlap; columns without ink are joined by straight lines, the ends are held. Without ink: zeros.
Tensor wave_from_strokes(std::span<const Stroke> strokes);

// Samples of a sound or a sensor, of any length from 2: their mean taken away, the largest magnitude brought to 0.9, resampled to 128
// values by the mean of each stretch (or linearly where there are fewer). Throws ValueError for fewer than 2 samples or one that is not
// finite.
Tensor wave_from_samples(std::span<const float> samples);

// `size` curves: sample i is of class i mod 6, made by a stream of its own; every pass of training sees new ones, batch() gives those of
// pass 0.
class Waves : public DataSet {
public:
    Waves(int64_t size, uint64_t seed);  // throws ValueError for a negative size
    int64_t size() const override { return size_; }
    Batch batch(std::span<const int32_t> samples) const override { return training_batch(samples, 0); }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override;

private:
    int64_t size_;
    uint64_t seed_;
};

}  // namespace trilens

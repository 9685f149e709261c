// Augmentation of digit pictures: what another hand, pen or scanner would have made of the same digit. Simard, Steinkraus, Platt 2003.
// Everything is drawn from the Random given, so a sample's variant depends on nothing but its own stream.
#pragma once

#include "engine/random.h"
#include "engine/tensor.h"

namespace trilens {

// Each quantity is drawn uniformly in [-v, v].
struct Augmentation {
    float shift = 1.5f;       // pixels, in x and y
    float scale = 0.12f;      // of the size, in x and y apart
    float rotation = 0.2f;    // radians
    float slant = 0.2f;       // x moves by this share of y
    float thickness = 0.5f;   // pixels by which a line's edge moves out or in
    float kept = 0.2f;        // the share of pictures left as they are
};

// from and to [H, W], different memory. With `kept` 1 a copy.
void augment(const float* from, int64_t height, int64_t width, const Augmentation& settings, Random& random, float* to);

}  // namespace trilens

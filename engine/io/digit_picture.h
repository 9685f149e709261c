// A drawn or photographed digit as MNIST's pictures are: light on dark, its box fitted into 20 x 20 keeping the aspect, its centre of mass
// in the centre of 28 x 28 (LeCun, Bottou, Bengio, Haffner 1998, section III.A). One resampling does it all, so nothing is blurred twice.
#pragma once

#include "engine/tensor.h"

namespace trilens {

inline constexpr int64_t digit_side = 28, digit_box = 20;

enum class Polarity {
    light_on_dark,  // values are ink as they are: the drawing pad
    dark_on_light,  // pen on paper
    automatic,  // for uploads: dark on light if the mean of the border is lighter than the middle between darkest and lightest pixel
};

// picture [1, 1, H, W] in [0, 1] -> [1, 1, 28, 28] in [0, 1]; all zero if there is no ink. With any polarity but light_on_dark the paper is
// subtracted (the mean of the border) and ink scaled to full strength. Ink below a quarter of the strongest is paper. Throws ShapeError.
Tensor digit_picture(const Tensor& picture, Polarity polarity = Polarity::light_on_dark);

}  // namespace trilens

// One bilinear reading through an inverse affine map, then thicker or thinner lines.
#include "engine/data/augment.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/math.h"
#include "engine/motion.h"

namespace trilens {
namespace {

// Moves every edge out (amount > 0) or in by |amount| <= 1 pixels: a step towards the largest or smallest of the four neighbours.
void thicken(const float* from, int64_t height, int64_t width, float amount, float* to) {
    const float share = std::min(std::fabs(amount), 1.0f);
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x) {
            const float own = from[y * width + x];
            float extreme = own;
            const auto meet = [&](int64_t row, int64_t column) {
                const float other = row >= 0 && row < height && column >= 0 && column < width ? from[row * width + column] : 0.0f;
                extreme = amount > 0 ? std::max(extreme, other) : std::min(extreme, other);
            };
            meet(y - 1, x), meet(y + 1, x), meet(y, x - 1), meet(y, x + 1);
            to[y * width + x] = own + share * (extreme - own);
        }
}

}  // namespace

void augment(const float* from, int64_t height, int64_t width, const Augmentation& settings, Random& random, float* to) {
    if (random.uniform() < settings.kept) {
        std::copy_n(from, height * width, to);
        return;
    }
    const auto draw = [&](float extreme) { return random.uniform(-extreme, extreme); };
    const float angle = draw(settings.rotation), slant = draw(settings.slant);
    const float scale_x = 1.0f + draw(settings.scale), scale_y = 1.0f + draw(settings.scale);
    const float shift_x = draw(settings.shift), shift_y = draw(settings.shift), amount = draw(settings.thickness);
    const float cosine = math::cos(angle), sine = math::sin(angle);
    const float middle_x = static_cast<float>(width - 1) / 2, middle_y = static_cast<float>(height - 1) / 2;

    std::vector<float> moved(static_cast<size_t>(height * width));
    for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x) {
            const float right = static_cast<float>(x) - middle_x - shift_x, down = static_cast<float>(y) - middle_y - shift_y;
            const float turned_x = cosine * right + sine * down, turned_y = cosine * down - sine * right;
            const float source_x = (turned_x + slant * turned_y) / scale_x, source_y = turned_y / scale_y;
            moved[static_cast<size_t>(y * width + x)] = Between({source_y + middle_y, source_x + middle_x}).read(from, height, width);
        }
    thicken(moved.data(), height, width, amount, to);
}

}  // namespace trilens

// Rows of pixels are copied whole: a patch's row is one piece of the picture's.
#include "engine/data/picture_patches.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/errors.h"

namespace trilens {

Tensor picture_patches(const Tensor& picture, int64_t patch) {
    const Shape& shape = picture.shape();
    const bool batched = shape.rank() == 4;
    if ((!batched && shape.rank() != 3) || shape[-3] != 1 || patch < 1 || shape[-2] % patch != 0 || shape[-1] % patch != 0)
        throw ShapeError("picture_patches: " + shape.text() + " in patches of " + std::to_string(patch) +
                         ", expected [1, H, W] or [N, 1, H, W] with sides that it divides");
    const int64_t pictures = batched ? shape[0] : 1, height = shape[-2], width = shape[-1];
    const int64_t rows = height / patch, columns = width / patch, features = patch * patch;
    Tensor out = Tensor::uninitialized(batched ? Shape{pictures, rows * columns, features} : Shape{rows * columns, features});
    for (int64_t n = 0; n < pictures; ++n)
        for (int64_t y = 0; y < height; ++y)
            for (int64_t column = 0; column < columns; ++column) {
                const int64_t token = y / patch * columns + column;
                std::copy_n(picture.data() + (n * height + y) * width + column * patch, patch,
                            out.data() + (n * rows * columns + token) * features + y % patch * patch);
            }
    return out;
}

Batch PatchedPictures::cut(Batch batch) const { return {picture_patches(batch.inputs, patch_), std::move(batch.labels), {}}; }

}  // namespace trilens

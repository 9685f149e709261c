// Pictures as sequences of patches (engine/data/picture_patches.h).
#include "engine/data/picture_patches.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "engine/data/strokes.h"
#include "engine/errors.h"

using namespace trilens;

TEST_CASE("patches come row by row, and so do the pixels of each") {
    Tensor picture(Shape{1, 4, 6});
    for (int64_t i = 0; i < 24; ++i) picture.data()[i] = static_cast<float>(i);
    const Tensor patches = picture_patches(picture, 2);
    CHECK(patches.shape() == Shape{6, 4});
    const std::vector<float> expected{0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, 12, 13, 18, 19, 14, 15, 20, 21, 16, 17, 22, 23};
    CHECK(std::ranges::equal(patches.values(), expected));
    const Tensor whole = picture_patches(picture.reshaped(Shape{1, 4, 6}), 1);
    CHECK(whole.shape() == Shape{24, 1});
    CHECK(std::ranges::equal(whole.values(), picture.values()));
}

TEST_CASE("a batch of pictures is cut picture by picture") {
    Tensor pictures(Shape{3, 1, 4, 4});
    for (int64_t i = 0; i < 48; ++i) pictures.data()[i] = static_cast<float>(i);
    const Tensor patches = picture_patches(pictures, 2);
    CHECK(patches.shape() == Shape{3, 4, 4});
    for (int64_t n = 0; n < 3; ++n) {
        Tensor one(Shape{1, 4, 4});
        std::copy_n(pictures.data() + n * 16, 16, one.data());
        CHECK(std::ranges::equal(picture_patches(one, 2).values(), std::span(patches.data() + n * 16, 16)));
    }
}

TEST_CASE("pictures that cannot be cut are told") {
    CHECK_THROWS_WITH_AS(picture_patches(Tensor(Shape{1, 4, 6}), 4), doctest::Contains("[1, 4, 6] in patches of 4"), ShapeError);
    CHECK_THROWS_AS(picture_patches(Tensor(Shape{3, 4, 4}), 2), ShapeError);
    CHECK_THROWS_AS(picture_patches(Tensor(Shape{4, 4}), 2), ShapeError);
    CHECK_THROWS_AS(picture_patches(Tensor(Shape{1, 4, 4}), 0), ShapeError);
}

TEST_CASE("a data set of pictures keeps its labels and what training does to them") {
    const StrokeDigits digits(20, 3);
    const PatchedPictures patched(digits, 7);
    CHECK(patched.size() == 20);
    const std::array<int32_t, 3> samples{4, 0, 19};
    for (const int64_t epoch : {0, 5}) {
        const Batch plain = digits.training_batch(samples, epoch), cut = patched.training_batch(samples, epoch);
        CHECK(cut.inputs.shape() == Shape{3, 16, 49});
        CHECK(cut.labels == plain.labels);
        CHECK(std::ranges::equal(cut.inputs.values(), picture_patches(plain.inputs, 7).values()));
    }
    CHECK(std::ranges::equal(patched.batch(samples).inputs.values(), picture_patches(digits.batch(samples).inputs, 7).values()));
}

// Tensor and Shape: storage, views, index arithmetic and what they refuse.
#include "engine/tensor.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace trilens;

TEST_CASE("a shape counts elements, reads axes from either end and prints itself") {
    const Shape shape{2, 3, 4};
    CHECK(shape.elements() == 24);
    CHECK(shape[0] == 2);
    CHECK(shape[-1] == 4);
    CHECK(shape.text() == "[2, 3, 4]");
    CHECK(Shape{}.elements() == 1);
    CHECK(Shape{5, 0}.elements() == 0);
}

TEST_CASE("a shape refuses negative extents, too many axes, too many elements and axes it lacks") {
    CHECK_THROWS_AS(Shape({2, -1}), ShapeError);
    CHECK_THROWS_AS(Shape({1, 1, 1, 1, 1, 1, 1}), ShapeError);
    CHECK_THROWS_AS(Shape({int64_t{1} << 20, int64_t{1} << 20}), ShapeError);
    CHECK_THROWS_WITH_AS(Shape({2, 3})[2], "shape: axis 2 of [2, 3]", ShapeError);
    CHECK_THROWS_AS(Shape({2, 3})[-3], ShapeError);
}

TEST_CASE("a tensor starts as zeros even in a buffer that was used before") {
    for (int round = 0; round < 2; ++round) {
        Tensor tensor(Shape{1000});
        for (const float value : tensor.values()) REQUIRE(value == 0.0f);
        for (float& value : tensor.values()) value = 7.0f;
    }
}

TEST_CASE("views share storage and keep it alive after the tensor is gone") {
    Tensor view;
    {
        Tensor tensor(Shape{3, 2}, {1, 2, 3, 4, 5, 6});
        view = tensor.rows(1, 2).reshaped(Shape{4});
        tensor.data()[2] = 30;
    }
    CHECK(view.shape() == Shape{4});
    CHECK(std::vector<float>(view.values().begin(), view.values().end()) == std::vector<float>{30, 4, 5, 6});
}

TEST_CASE("a clone is independent of what it was made from") {
    Tensor tensor(Shape{2}, {1, 2});
    const Tensor copy = tensor.clone();
    tensor.data()[0] = 9;
    CHECK(copy.data()[0] == 1);
    CHECK_FALSE(copy.shares_storage());
}

TEST_CASE("a tensor refuses counts that do not fit and names both") {
    CHECK_THROWS_WITH_AS(Tensor(Shape{2, 2}, {1, 2, 3}), "tensor: 3 values for shape [2, 2]", ShapeError);
    CHECK_THROWS_WITH_AS(Tensor(Shape{2, 3}).reshaped(Shape{4}), "reshape: [2, 3] to [4]", ShapeError);
    CHECK_THROWS_AS(Tensor(Shape{2}).item(), ShapeError);
    CHECK_THROWS_AS(Tensor(Shape{3, 2}).rows(2, 2), ShapeError);
    CHECK_THROWS_AS(Tensor(Shape{}).rows(0, 1), ShapeError);
}

TEST_CASE("empty and one-element tensors work like any other") {
    CHECK(Tensor().empty());
    CHECK(Tensor(Shape{0, 5}).rows(0, 0).elements() == 0);
    CHECK(Tensor(Shape{}, {4.0f}).item() == 4.0f);
    CHECK(Tensor(Shape{0}).clone().elements() == 0);
}

TEST_CASE("flat and unravelled indices are inverse for every element") {
    const Shape shape{2, 3, 4};
    for (int64_t flat = 0; flat < shape.elements(); ++flat) {
        std::array<int64_t, 3> index{};
        unravel_index(shape, flat, index);
        CHECK(flat_index(shape, index) == flat);
    }
    CHECK(flat_index(shape, std::array<int64_t, 3>{1, 2, 3}) == 23);
}

TEST_CASE("an index outside is refused with the index and the shape") {
    const Shape shape{2, 3};
    CHECK_THROWS_WITH_AS(flat_index(shape, std::array<int64_t, 2>{1, 3}), "index: [1, 3] in shape [2, 3]", ValueError);
    CHECK_THROWS_AS(flat_index(shape, std::array<int64_t, 2>{-1, 0}), ValueError);
    CHECK_THROWS_AS(flat_index(shape, std::array<int64_t, 1>{0}), ValueError);
    std::array<int64_t, 2> index{};
    CHECK_THROWS_AS(unravel_index(shape, 6, index), ValueError);
}

TEST_CASE("the checksum is FNV-1a and tells bits apart that compare equal") {
    // One zero extent only: shape [0] gives four zero bytes; FNV-1a of 00 00 00 00.
    CHECK(checksum(Tensor(Shape{0})) == 0x4d25767f9dce13f5ull);
    CHECK(checksum(Tensor(Shape{1}, {0.0f})) != checksum(Tensor(Shape{1}, {-0.0f})));
    CHECK(checksum(Tensor(Shape{1, 2}, {1, 2})) != checksum(Tensor(Shape{2, 1}, {1, 2})));
}

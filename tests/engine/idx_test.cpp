// idx files made byte by byte, and what the reader refuses.
#include "engine/data/idx.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/data/digit_pictures.h"
#include "engine/errors.h"

using namespace trilens;

namespace {

std::string refusal(const std::vector<uint8_t>& bytes) {
    try {
        read_idx(bytes);
    } catch (const FormatError& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("an idx file gives its shape, big-endian, and its bytes where they are") {
    const std::vector<uint8_t> bytes = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 11, 12, 13, 14, 255};
    const IdxArray array = read_idx(bytes);
    CHECK(array.shape == Shape{2, 3});
    CHECK(array.values.data() == bytes.data() + 12);
    CHECK(array.values[5] == 255);
    CHECK(read_idx(std::vector<uint8_t>{0, 0, 8, 1, 0, 0, 0, 0}).shape == Shape{0});
    CHECK(read_idx(std::vector<uint8_t>{0, 0, 8, 2, 1, 2, 3, 4, 0, 0, 0, 0}).shape == Shape{0x01020304, 0});
}

TEST_CASE("idx files of another type, size or kind are refused with what was found") {
    CHECK(refusal({0x1f, 0x8b, 8, 0}) == "idx: the file is still compressed (gzip)");
    CHECK(refusal({0, 1, 8, 1, 0, 0, 0, 0}) == "idx: the file does not begin with two zero bytes, a type and a number of axes");
    CHECK(refusal({0, 0, 13, 1, 0, 0, 0, 0}) == "idx: values of type 13, expected 8 (unsigned bytes)");
    CHECK(refusal({0, 0, 8, 0}) == "idx: 0 axes, expected 1 to 6");
    CHECK(refusal({0, 0, 8, 7}) == "idx: 7 axes, expected 1 to 6");
    CHECK(refusal({0, 0, 8, 2, 0, 0, 0, 1}) == "idx: the file ends in its header, after 8 bytes of 12");
    CHECK(refusal({0, 0, 8, 1, 0, 0, 0, 2, 5}) == "idx: shape [2] needs 2 values, the file has 1");
    CHECK(refusal({0, 0, 8, 1, 0, 0, 0, 1, 5, 6}) == "idx: shape [1] needs 1 values, the file has 2");
    CHECK(refusal({0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255}).find("more than 2^31") != std::string::npos);
    CHECK(refusal({}) != "accepted");
}

TEST_CASE("digit pictures come as [N, 1, 28, 28] in [0, 1] with their labels, and refuse what does not fit") {
    std::vector<uint8_t> pixels(2 * 784);
    pixels[784 + 5] = 255, pixels[784 + 6] = 51;
    const std::vector<uint8_t> labels = {3, 9};
    const IdxArray pictures{Shape{2, 28, 28}, pixels}, truth{Shape{2}, labels};
    const DigitPictures set(pictures, truth);
    const Batch batch = set.batch(std::vector<int32_t>{1, 0});
    CHECK(batch.inputs.shape() == Shape{2, 1, 28, 28});
    CHECK(batch.labels == std::vector<int32_t>{9, 3});
    CHECK(batch.inputs.data()[5] == 1.0f);
    CHECK(batch.inputs.data()[6] == 0.2f);
    CHECK(batch.inputs.data()[784 + 5] == 0.0f);
    CHECK_THROWS_AS(set.batch(std::vector<int32_t>{2}), ValueError);
    const std::vector<uint8_t> wrong = {3, 10}, few = {3};
    CHECK_THROWS_WITH_AS(DigitPictures(pictures, {Shape{2}, wrong}), "digit pictures: label 1 is 10, expected 0 to 9", FormatError);
    CHECK_THROWS_WITH_AS(DigitPictures(pictures, {Shape{1}, few}), "digit pictures: 2 pictures and 1 labels, expected one for each",
                         FormatError);
    CHECK_THROWS_WITH_AS(DigitPictures({Shape{2, 14, 56}, pixels}, truth), "digit pictures: pictures [2, 14, 56], expected [N, 28, 28]",
                         FormatError);
    CHECK_THROWS_WITH_AS(DigitPictures(truth, pictures), "digit pictures: the files of pictures and labels are swapped", FormatError);
    CHECK_THROWS_WITH_AS(DigitPictures(pictures, pictures), "digit pictures: labels [2, 28, 28], expected [2]", FormatError);
    CHECK_THROWS_WITH_AS(DigitPictures({Shape{0, 28, 28}, {}}, {Shape{0}, {}}), "digit pictures: 0 pictures, expected at least 1",
                         FormatError);
}

TEST_CASE("the classes of labelled pictures go up to the largest label, and are at least two") {
    const std::vector<uint8_t> pixels(2 * 784), labels = {3, 1}, zeros = {0, 0};
    CHECK(DigitPictures({Shape{2, 28, 28}, pixels}, {Shape{2}, labels}).classes() == 4);
    CHECK(DigitPictures({Shape{2, 28, 28}, pixels}, {Shape{2}, zeros}).classes() == 2);
}

// Weights by name into a model and out of it.
#include "engine/train/weights.h"

#include <doctest/doctest.h>

#include "engine/errors.h"

using namespace trilens;

namespace {

struct Model {
    Parameter weight{"conv1.weight", Tensor(Shape{2, 1}), Tensor()}, bias{"conv1.bias", Tensor(Shape{2}), Tensor()};
    Tensor mean{Shape{2}};
    std::vector<Parameter*> parameters() { return {&weight, &bias}; }
    std::vector<Buffer> buffers() { return {{"norm.mean", &mean}}; }
};

WeightFile full() {
    WeightFile file;
    file.tensors.emplace("conv1.weight", Tensor(Shape{2, 1}, {1, 2}));
    file.tensors.emplace("conv1.bias", Tensor(Shape{2}, {3, 4}));
    file.tensors.emplace("norm.mean", Tensor(Shape{2}, {5, 6}));
    return file;
}

}  // namespace

TEST_CASE("weights go into a model by name and come out the same, and are its own") {
    Model model;
    const WeightFile file = full();
    CHECK(apply_weights(file, model.parameters(), model.buffers()).empty());
    CHECK(model.weight.value.data()[1] == 2);
    CHECK(model.mean.data()[0] == 5);
    model.weight.value.data()[1] = 9;
    CHECK(file.tensors.at("conv1.weight").data()[1] == 2);
    const WeightFile out = collect_weights(model.parameters(), model.buffers());
    REQUIRE(out.tensors.size() == 3);
    CHECK(out.tensors.at("conv1.weight").data()[1] == 9);
    CHECK(out.tensors.at("norm.mean").data()[1] == 6);
}

TEST_CASE("names of another framework are mapped, and what the model has no place for is told") {
    WeightFile file = full();
    file.tensors.emplace("0.weight", Tensor(Shape{2, 1}, {7, 8}));
    Model model;
    CHECK(apply_weights(file, model.parameters(), {}, {{"conv1.weight", "0.weight"}}) ==
          std::vector<std::string>{"conv1.weight", "norm.mean"});
    CHECK(model.weight.value.data()[0] == 7);
}

TEST_CASE("a file that does not fit changes nothing and says both shapes or what is missing") {
    Model model;
    WeightFile file = full();
    file.tensors.at("norm.mean") = Tensor(Shape{3});
    CHECK_THROWS_WITH_AS(apply_weights(file, model.parameters(), model.buffers()),
                         "weights: norm.mean is [3] in the file, [2] in the model", ShapeError);
    file = full();
    file.tensors.erase("norm.mean");
    file.tensors.erase("conv1.bias");
    file.unread["norm.mean"] = "I64";
    CHECK_THROWS_WITH_AS(apply_weights(file, model.parameters(), model.buffers()),
                         "weights: the file lacks conv1.bias, norm.mean (its type I64 is not read)", FormatError);
    file.tensors.emplace("0.bias", Tensor(Shape{2}));
    file.unread.clear();
    CHECK_THROWS_WITH_AS(apply_weights(file, model.parameters(), model.buffers()),
                         "weights: the file lacks conv1.bias, norm.mean; the model has no place for its 0.bias", FormatError);
    CHECK(model.weight.value.data()[0] == 0);
}

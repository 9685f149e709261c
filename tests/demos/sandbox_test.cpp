// The Sandbox as a learner uses it: named kernels, numbers that are dragged and typed, what does not fit, and what it costs.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "demos/cnn/kernel_editor.h"
#include "demos/cnn/kernels.h"
#include "demos/cnn/layer_cost.h"
#include "demos/cnn/sandbox.h"
#include "engine/errors.h"
#include "engine/nn/conv2d.h"
#include "engine/nn/dense.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::unique_ptr<TestScreen> sandbox(float width = 1280, float height = 720) {
    auto screen = std::make_unique<TestScreen>(width, height, 1.0f, false, rooms());
    screen->api->set("cnn.view", "\"sandbox\"");
    screen->settle();
    return screen;
}

void put(TestScreen& screen, const char* field, const nlohmann::json& value) {
    screen.api->set(std::string("cnn.sandbox.") + field, value.dump());
    screen.settle();
}

nlohmann::json get(TestScreen& screen, const char* field) { return screen.json(screen.api->get(std::string("cnn.sandbox.") + field)); }

std::vector<float> values(const Tensor& x) { return {x.values().begin(), x.values().end()}; }

std::vector<float> kernel_of(TestScreen& screen) { return values(screen.api->tensor("cnn.sandbox.kernel")); }

void drag(TestScreen& screen, ImVec2 from, float up) {
    screen.move(from);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    screen.app->wake();
    screen.settle();
    for (const float way : {0.3f, 0.7f, 1.0f}) screen.move({from.x, from.y - up * way});
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    screen.app->wake();
    screen.settle();
}

void type(TestScreen& screen, const char* text) {
    ImGui::GetIO().AddInputCharactersUTF8(text);
    screen.app->wake();
    screen.settle();
}

}  // namespace

TEST_CASE("the named kernels of size 3 are the textbook's") {
    const auto kernel = [](KernelKind kind) { return values(named_kernel(kind, 3, false)); };
    CHECK(kernel(KernelKind::identity) == std::vector<float>{0, 0, 0, 0, 1, 0, 0, 0, 0});
    CHECK(kernel(KernelKind::edge) == std::vector<float>{-1, -1, -1, -1, 8, -1, -1, -1, -1});
    CHECK(kernel(KernelKind::sobel_x) == std::vector<float>{-1, 0, 1, -2, 0, 2, -1, 0, 1});
    CHECK(kernel(KernelKind::sobel_y) == std::vector<float>{-1, -2, -1, 0, 0, 0, 1, 2, 1});
    CHECK(kernel(KernelKind::blur) ==
          std::vector<float>{1 / 16.0f, 2 / 16.0f, 1 / 16.0f, 2 / 16.0f, 4 / 16.0f, 2 / 16.0f, 1 / 16.0f, 2 / 16.0f, 1 / 16.0f});
    CHECK(kernel(KernelKind::sharpen) == std::vector<float>{0, -1, 0, -1, 5, -1, 0, -1, 0});
    CHECK(kernel(KernelKind::emboss) == std::vector<float>{-2, -1, 0, -1, 1, 1, 0, 1, 2});
    CHECK(values(named_kernel(KernelKind::sobel_x, 5, true)) == std::vector<float>{-1, -2, 0, 2, 1});
}

TEST_CASE("of any size, differences sum to 0, and what keeps the brightness sums to 1") {
    for (int64_t size = 1; size <= largest_kernel; ++size)
        for (const bool curve : {false, true}) {
            const auto sum = [&](KernelKind kind) {
                const Tensor kernel = named_kernel(kind, size, curve);
                CHECK(kernel.shape() == Shape{1, 1, curve ? 1 : size, size});
                double total = 0;
                for (const float value : kernel.values()) total += static_cast<double>(value);
                return total;
            };
            for (const KernelKind kind : {KernelKind::edge, KernelKind::sobel_x, KernelKind::sobel_y}) CHECK(sum(kind) == 0);
            for (const KernelKind kind : {KernelKind::identity, KernelKind::sharpen}) CHECK(sum(kind) == 1);
            CHECK(sum(KernelKind::blur) == doctest::Approx(1).epsilon(1e-6));
            if (curve) continue;
            const Tensor x = named_kernel(KernelKind::sobel_x, size, false), y = named_kernel(KernelKind::sobel_y, size, false);
            for (int64_t i = 0; i < size * size; ++i) CHECK(x.data()[i] == y.data()[i % size * size + i / size]);
        }
    CHECK_THROWS_AS(named_kernel(KernelKind::blur, 0, false), ValueError);
    CHECK_THROWS_AS(named_kernel(KernelKind::typed, 3, false), ValueError);
}

TEST_CASE("typed numbers are read row by row, kept to the bit, and refused with what is wrong") {
    const Tensor kernel = parse_kernel(" 0 -1,0;\n-1 5.25 -1; 1e-3 -1 .5;");
    CHECK(kernel.shape() == Shape{3, 3});
    CHECK(values(kernel) == std::vector<float>{0, -1, 0, -1, 5.25f, -1, 1e-3f, -1, 0.5f});
    Tensor odd(Shape{1, 1, 2, 2}, {0.1f, 1.0f / 3, -7.0f / 9, 999.9999f});
    CHECK(values(parse_kernel(kernel_text(odd))) == values(odd));
    const auto refusal = [](const char* text) -> std::string {
        try {
            parse_kernel(text);
        } catch (const ValueError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(refusal("1 x 2") == "\"x\" is no number.");
    CHECK(refusal("1 inf 2") == "\"inf\" is no number.");
    CHECK(refusal("1 1e9") == "1e9 is too large: weights go from -1000 to 1000.");
    CHECK(refusal(" ; ") == say(Text::kernel_empty));
    CHECK(refusal("1 2; 3") == "Row 2 has 1 numbers, the first row has 2.");
    CHECK(refusal("1 2; 3 4; 5 6") == "A kernel has as many rows as columns, or one row; this one is 3 x 2.");
    CHECK(refusal("1 2 3 4 5 6 7 8") == "A kernel of 1 x 8 is too large: at most 7 x 7.");
}

TEST_CASE("a typed kernel is cut around its middle, or gets zeros around it") {
    const Tensor kernel = parse_kernel("1 2 3; 4 5 6; 7 8 9");
    CHECK(values(fitted_kernel(kernel, 1, false)) == std::vector<float>{5});
    CHECK(values(fitted_kernel(kernel, 2, false)) == std::vector<float>{5, 6, 8, 9});
    CHECK(values(fitted_kernel(kernel, 3, false)) == values(kernel));
    CHECK(values(fitted_kernel(kernel, 4, false)) == std::vector<float>{1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0});
    CHECK(values(fitted_kernel(kernel, 5, true)) == std::vector<float>{0, 4, 5, 6, 0});
    CHECK(values(fitted_kernel(parse_kernel("1 2 3"), 3, false)) == std::vector<float>{0, 0, 0, 1, 2, 3, 0, 0, 0});
}

TEST_CASE("what a layer costs is what the network's own layers say") {
    Random random(1);
    Conv2dSettings settings{3, 5, 3, 3, {}};
    settings.options.stride_height = settings.options.stride_width = 2;
    Conv2d conv("conv", settings, random);
    const Shape in{1, 3, 9, 8}, out = conv.output_shape(in);
    const LayerCost ours = convolution_cost(Shape{5, 3, 3, 3}, out);
    CHECK(ours.parameters() == parameter_count(conv));
    CHECK(ours.multiply_adds == conv.multiply_adds(in));
    Dense dense("dense", in.elements(), out.elements(), random);
    CHECK(dense_cost(in, out).parameters() == parameter_count(dense));
    CHECK(dense_cost(in, out).multiply_adds == dense.multiply_adds(Shape{1, in.elements()}));
    // The digits' picture, one kernel of 3 x 3, the size kept.
    const LayerCost kept = convolution_cost(Shape{1, 1, 3, 3}, Shape{1, 1, 28, 28}),
                    full = dense_cost(Shape{1, 1, 28, 28}, Shape{1, 1, 28, 28});
    CHECK(kept.parameters() == 10);
    CHECK(kept.multiply_adds == 7056);
    CHECK(full.parameters() == 615440);
    CHECK(full.multiply_adds == 614656);
}

TEST_CASE("windows are counted as they lie, one by one") {
    for (int64_t in = 1; in < 12; ++in)
        for (int64_t kernel = 1; kernel < 5; ++kernel)
            for (int64_t stride = 1; stride < 5; ++stride)
                for (int64_t padding = 0; padding < 4; ++padding)
                    for (int64_t dilation = 1; dilation < 4; ++dilation) {
                        const WindowCount window{in, kernel, stride, padding, dilation};
                        int64_t count = 0, end = -padding;
                        for (int64_t at = -padding; at + dilation * (kernel - 1) < in + padding; at += stride) {
                            ++count;
                            end = at + dilation * (kernel - 1) + 1;
                        }
                        REQUIRE(window.out() == count);
                        if (count > 0) REQUIRE(window.unreached() == in + padding - end);
                    }
}

TEST_CASE("the first layer's own settings give the first layer's own map") {
    auto screen = sandbox();
    put(*screen, "kernel", "learned");
    put(*screen, "learned", 5);
    const Tensor weight = screen->api->tensor("cnn.conv1.weight"), kernel = screen->api->tensor("cnn.sandbox.kernel");
    for (int64_t i = 0; i < 9; ++i) CHECK(kernel.data()[i] == weight.data()[5 * 9 + i]);
    const Tensor own = screen->api->tensor("cnn.conv1"), ours = screen->api->tensor("cnn.sandbox.conv");
    const float bias = screen->api->tensor("cnn.conv1.bias").data()[5];
    REQUIRE(ours.elements() == 28 * 28);
    for (int64_t i = 0; i < ours.elements(); ++i)
        CHECK(ours.data()[i] + bias == doctest::Approx(own.data()[5 * 28 * 28 + i]).epsilon(1e-5));
    put(*screen, "learned", 1000);   // the last one
    CHECK(kernel_of(*screen)[0] == weight.data()[7 * 9]);
    screen->click(screen->middle("cnn.sandbox.learned.less"));
    CHECK(get(*screen, "learned") == 6);
}

TEST_CASE("without activation both maps are equal, and ReLU takes what is negative") {
    auto screen = sandbox();
    const Tensor before = screen->api->tensor("cnn.sandbox.conv"), after = screen->api->tensor("cnn.sandbox.activation");
    int negative = 0;
    for (int64_t i = 0; i < before.elements(); ++i) {
        CHECK(after.data()[i] == std::max(before.data()[i], 0.0f));
        negative += before.data()[i] < 0;
    }
    CHECK(negative > 20);
    put(*screen, "activation", "none");
    CHECK(values(screen->api->tensor("cnn.sandbox.activation")) == values(screen->api->tensor("cnn.sandbox.conv")));
    CHECK(screen->rect("cnn.sandbox.conv").y == screen->rect("cnn.sandbox.activation").y);   // side by side
}

TEST_CASE("a dragged cell makes a typed kernel, the maps follow, and one undo takes it back") {
    auto screen = sandbox();
    const std::vector<float> before = kernel_of(*screen);
    const Tensor map = screen->api->tensor("cnn.sandbox.conv");
    drag(*screen, screen->middle("cnn.sandbox.kernel.4"), 50);   // ten steps of a twentieth of the largest weight, 2
    std::vector<float> expected = before;
    expected[4] = 1;
    CHECK(kernel_of(*screen) == expected);
    CHECK(get(*screen, "kernel") == "typed");
    CHECK(get(*screen, "weights") == "-1 0 1; -2 1 2; -1 0 1");
    const Tensor input = screen->api->tensor("cnn.input"), changed = screen->api->tensor("cnn.sandbox.conv");
    for (int64_t i = 0; i < map.elements(); ++i) CHECK(changed.data()[i] == doctest::Approx(map.data()[i] + input.data()[i]).epsilon(1e-5));
    screen->press(ImGuiKey_Z, true);
    CHECK(kernel_of(*screen) == before);
    CHECK(get(*screen, "kernel") == "sobel_x");
    CHECK(get(*screen, "weights") == "0 -1 0; -1 5 -1; 0 -1 0");
    screen->press(ImGuiKey_Z, true, true);
    CHECK(kernel_of(*screen) == expected);
}

TEST_CASE("a clicked cell is typed into, arrows change it, Tab goes on, and what is no number is refused") {
    auto screen = sandbox();
    const std::vector<float> sobel = kernel_of(*screen);
    std::vector<float> expected = sobel;
    screen->click(screen->middle("cnn.sandbox.kernel.0"));
    type(*screen, "0.75");
    expected[0] = 0.75f;
    CHECK(kernel_of(*screen) == expected);   // already while it is typed
    screen->press(ImGuiKey_Tab);
    type(*screen, "-3");
    screen->press(ImGuiKey_UpArrow);
    screen->press(ImGuiKey_Enter);
    expected[1] = -2.9f;                     // by 0.1, the round number below a twentieth of 3
    CHECK(kernel_of(*screen) == expected);
    screen->click(screen->middle("cnn.sandbox.kernel.8"));
    type(*screen, "+-");
    screen->press(ImGuiKey_Enter);
    CHECK(kernel_of(*screen) == expected);
    screen->press(ImGuiKey_Z, true);
    expected[1] = 0;
    CHECK(kernel_of(*screen) == expected);
    screen->press(ImGuiKey_Z, true);
    CHECK(kernel_of(*screen) == sobel);
}

TEST_CASE("Escape leaves the kernel that was there, by its name") {
    auto screen = sandbox();
    const std::vector<float> sobel = kernel_of(*screen);
    put(*screen, "stride", 2);
    screen->click(screen->middle("cnn.sandbox.kernel.2"));
    type(*screen, "9");
    CHECK(kernel_of(*screen)[2] == 9);
    CHECK(get(*screen, "kernel") == "typed");
    screen->press(ImGuiKey_Escape);
    CHECK(kernel_of(*screen) == sobel);
    CHECK(get(*screen, "kernel") == "sobel_x");
    CHECK(get(*screen, "weights") == "0 -1 0; -1 5 -1; 0 -1 0");
    screen->app->undo();   // takes back the stride: Escape left nothing to undo
    CHECK(get(*screen, "stride") == 1);
}

TEST_CASE("refused numbers name the field and change nothing") {
    auto screen = sandbox();
    put(*screen, "kernel", "typed");
    const std::string state = screen->api->state();
    for (const char* text : {"\"1 2; 3\"", "\"one\"", "\"\"", "4"}) {
        std::string message;
        try {
            screen->api->set("cnn.sandbox.weights", text);
        } catch (const ValueError& error) {
            message = error.what();
        }
        CHECK(message.find("cnn.sandbox.weights") != std::string::npos);
    }
    for (const auto& [field, text] :
         {std::pair("size", "8"), {"stride", "0"}, {"padding", "7"}, {"dilation", "4"}, {"pool_size", "1"}, {"activation", "\"gelu\""}})
        CHECK_THROWS_AS(screen->api->set(std::string("cnn.sandbox.") + field, text), ValueError);
    CHECK(screen->api->state() == state);
}

TEST_CASE("a pooling window larger than the map is said, and comes back as soon as it fits") {
    auto screen = sandbox();
    put(*screen, "size", 7);
    put(*screen, "dilation", 3);
    put(*screen, "padding", 0);
    put(*screen, "stride", 4);
    CHECK(screen->api->tensor("cnn.sandbox.conv").shape() == Shape{1, 1, 3, 3});
    CHECK(screen->api->tensor("cnn.sandbox.pool").shape() == Shape{1, 1, 1, 1});
    put(*screen, "pool_size", 4);
    CHECK_THROWS_AS(screen->api->tensor("cnn.sandbox.pool"), ValueError);
    CHECK(get(*screen, "pool") == "max");
    put(*screen, "stride", 3);
    CHECK(screen->api->tensor("cnn.sandbox.pool").shape() == Shape{1, 1, 1, 1});
}

TEST_CASE("a learned kernel too large for the picture is said, and the sandbox stays whole") {
    auto screen = sandbox();
    screen->api->set("cnn.architecture", "\"conv 2 15 padding 2, relu, max 2\"");
    put(*screen, "kernel", "learned");
    CHECK(screen->api->tensor("cnn.sandbox.kernel").shape() == Shape{1, 1, 15, 15});
    CHECK(screen->api->tensor("cnn.sandbox.conv").shape() == Shape{1, 1, 16, 16});
    put(*screen, "dilation", 3);
    CHECK_FALSE(screen->app->room().graph()->contains("cnn.sandbox.conv"));
    const std::vector<float> before = kernel_of(*screen);
    drag(*screen, screen->middle("cnn.sandbox.kernel.0"), 20);   // too large to be typed
    CHECK(kernel_of(*screen) == before);
    CHECK(get(*screen, "kernel") == "learned");
    screen->api->set("cnn.architecture", "\"dense 8, relu\"");
    screen->settle();
    CHECK(kernel_of(*screen) == values(named_kernel(KernelKind::identity, 3, false)));
}

TEST_CASE("every cell is followed to its patch and its kernel, and the patch is marked") {
    auto screen = sandbox();
    put(*screen, "stride", 2);
    put(*screen, "bias", 0.5);
    const Tensor map = screen->api->tensor("cnn.sandbox.conv");
    const nlohmann::json found = screen->json(screen->api->explain("cnn.sandbox.conv", "[0, 0, 3, 4]"));
    CHECK(found["terms"].size() == 10);
    float sum = 0;
    for (const auto& term : found["terms"]) sum += term["value"].get<float>() * term["factor"].get<float>();
    CHECK(sum == map.data()[3 * 14 + 4]);
    CHECK(found["terms"][0]["name"] == "cnn.input");
    CHECK(found["terms"][0]["index"] == nlohmann::json::array({0, 0, 5, 7}));
    const Rect maps = screen->rect("cnn.sandbox.conv");
    screen->move({maps.x + maps.w * 4.5f / 14, maps.y + maps.h * 3.5f / 14});
    const Inspector& inspector = screen->app->inspector();
    REQUIRE(inspector.subject());
    CHECK(inspector.subject()->node == "cnn.sandbox.conv");
    CHECK(inspector.subject()->index == 3 * 14 + 4);
    for (const Mark& mark : inspector.marks("cnn.input")) {
        CHECK(mark.y == 5);
        CHECK(mark.x == 7);
        CHECK(mark.height == 3);
        CHECK(mark.width == 3);
    }
    CHECK(inspector.marks("cnn.input").size() == 2);
    for (const Mark& mark : inspector.marks("cnn.sandbox.kernel")) CHECK(mark.kind == Mark::Kind::patch);   // no receptive field
}

TEST_CASE("the sandbox shows values, also where the other views show gradients") {
    auto screen = sandbox();
    const Rect before = screen->rect("cnn.sandbox.pool");
    screen->api->set("cnn.show", "\"gradients\"");
    screen->settle();
    CHECK(screen->rect("cnn.sandbox.pool").w == before.w);
    screen->move(screen->middle("cnn.sandbox.conv"));
    REQUIRE(screen->app->inspector().subject());
    CHECK_FALSE(screen->app->inspector().subject()->gradient);
}

TEST_CASE("activation and pooling are switched beside their maps") {
    auto screen = sandbox();
    screen->click(screen->middle("cnn.sandbox.activation:none"));
    CHECK(get(*screen, "activation") == "none");
    screen->click(screen->middle("cnn.sandbox.pool:average"));
    CHECK(get(*screen, "pool") == "average");
    const Tensor from = screen->api->tensor("cnn.sandbox.conv"), to = screen->api->tensor("cnn.sandbox.pool");
    for (int64_t i = 0; i < to.elements(); ++i) {
        const float* at = from.data() + i / 14 * 2 * 28 + i % 14 * 2;
        CHECK(to.data()[i] == doctest::Approx((at[0] + at[1] + at[28] + at[29]) / 4).epsilon(1e-5));
    }
    screen->click(screen->middle("cnn.sandbox.pool:none"));
    CHECK_FALSE(screen->app->room().graph()->contains("cnn.sandbox.pool"));
    screen->click(screen->middle("cnn.sandbox.padding.less"));
    CHECK(screen->api->tensor("cnn.sandbox.conv").shape() == Shape{1, 1, 26, 26});
}

TEST_CASE("while nothing is looked at, the cell that the kernel answers to most is") {
    auto screen = sandbox();
    screen->move({3, 3});
    screen->settle();
    const Element* subject = screen->app->inspector().subject();
    REQUIRE(subject);
    CHECK(subject->node == "cnn.sandbox.conv");
    const Tensor map = screen->api->tensor("cnn.sandbox.conv");
    for (const float value : map.values()) CHECK(std::fabs(value) <= std::fabs(map.data()[subject->index]));
}

TEST_CASE("state and link bring the whole sandbox back, also a typed kernel that is cut") {
    auto screen = sandbox();
    put(*screen, "kernel", "typed");
    put(*screen, "weights", "1 2 3 4 5; 6 7 8 9 1; 2 3 4 5 6; 7 8 9 1 2; 3 4 5 6 7");
    CHECK(get(*screen, "size") == 5);
    put(*screen, "size", 3);
    put(*screen, "activation", "tanh");
    const std::string state = screen->api->state();
    const std::vector<float> kernel = kernel_of(*screen);
    CHECK(kernel == std::vector<float>{7, 8, 9, 3, 4, 5, 8, 9, 1});
    screen.reset();   // one screen at a time
    auto other = sandbox();
    other->api->restore(state);
    other->settle();
    CHECK(kernel_of(*other) == kernel);
    CHECK(other->api->state() == state);
}

TEST_CASE("the sandbox follows the drawing, and stands whole on a phone and on curves") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), {390.0f, 844.0f}}) {
        auto screen = sandbox(width, height);
        const Tensor before = screen->api->tensor("cnn.sandbox.conv");
        screen->api->clear();
        screen->api->stroke("[[0.2, 0.5], [0.8, 0.5]]");
        screen->settle();
        CHECK(checksum(screen->api->tensor("cnn.sandbox.conv")) != checksum(before));
        for (const char* name : {"cnn.input", "cnn.sandbox.kernel", "cnn.sandbox.conv", "cnn.sandbox.activation", "cnn.sandbox.pool",
                                 "cnn.sandbox.cost", "cnn.sandbox.shape", "cnn.sandbox.pool_shape"}) {
            const Rect place = screen->rect(name);
            CHECK(place.x >= 0);
            CHECK(place.right() <= width);
        }
        screen->api->set("cnn.data", "\"waves\"");
        screen->settle();
        CHECK(screen->api->tensor("cnn.sandbox.kernel").shape() == Shape{1, 1, 1, 3});
        CHECK(screen->api->tensor("cnn.sandbox.pool").shape() == Shape{1, 1, 1, 64});
        for (const char* name : {"cnn.input", "cnn.sandbox.kernel", "cnn.sandbox.conv", "cnn.sandbox.activation", "cnn.sandbox.pool"})
            CHECK(screen->rect(name).right() <= width);
    }
}

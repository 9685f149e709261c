// The Sandbox as a learner uses it: named kernels, numbers that are dragged and typed, what does not fit, and what it costs.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "demos/cnn/kernels.h"
#include "engine/errors.h"
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

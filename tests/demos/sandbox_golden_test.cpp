// The Sandbox's numbers against PyTorch 1.13's (tests/golden/make_sandbox.py), set through the page API as a course page would.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "demos/cnn/kernels.h"
#include "engine/io/safetensors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

WeightFile read_golden() {
    std::ifstream file(TRILENS_GOLDEN_DIR "/sandbox.safetensors", std::ios::binary);
    REQUIRE(file.good());
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return read_safetensors(bytes);
}

// The picture and the curve in place of the drawings.
void put_inputs(TestScreen& screen, const WeightFile& golden) {
    nlohmann::json picture = nlohmann::json::array(), samples = nlohmann::json::array();
    for (const float value : golden.tensors.at("picture").values()) picture.push_back(std::lround(value * 255));
    for (const float value : golden.tensors.at("curve").values()) samples.push_back(std::lround(value * 1000));
    nlohmann::json state = screen.json(screen.api->state());
    state["state"] = {{"picture", picture}, {"curve", {{"samples", samples}}}};
    screen.api->restore(state.dump());
}

void check_close(const Tensor& actual, const Tensor& expected, const std::string& what) {
    REQUIRE_MESSAGE(actual.shape() == expected.shape(), what << ": " << actual.shape().text() << " for " << expected.shape().text());
    float largest = 1;
    for (const float value : expected.values()) largest = std::max(largest, std::fabs(value));
    for (int64_t at = 0; at < actual.elements(); ++at) {
        const float a = actual.data()[at], e = expected.data()[at];
        CHECK_MESSAGE(std::fabs(a - e) <= 1e-5f * largest, what << " element " << at << ": " << a << " for " << e);
    }
}

}  // namespace

TEST_CASE("every combination of settings gives PyTorch's shapes and values, on pictures and on curves") {
    const WeightFile golden = read_golden();
    REQUIRE(golden.metadata.size() == 14);
    TestScreen screen(1280, 720, 1, false, rooms());
    screen.api->set("cnn.view", "\"sandbox\"");
    put_inputs(screen, golden);
    for (const auto& [name, line] : golden.metadata) {
        const nlohmann::json settings = screen.json(line);
        const bool curve = settings["input"] == "curve";
        screen.api->set("cnn.data", curve ? "\"waves\"" : "\"digits\"");
        screen.api->set("cnn.sandbox.kernel", "\"typed\"");
        screen.api->set("cnn.sandbox.weights", nlohmann::json(kernel_text(golden.tensors.at("case_" + name + ".kernel"))).dump());
        CHECK(screen.json(screen.api->get("cnn.sandbox.size")) == settings["size"]);   // the numbers bring their size along
        for (const char* field : {"stride", "padding", "dilation", "bias", "activation", "pool", "pool_size"})
            screen.api->set(std::string("cnn.sandbox.") + field, settings[field].dump());
        screen.settle();
        CHECK(checksum(screen.api->tensor("cnn.input")) == checksum(golden.tensors.at(curve ? "curve" : "picture")));
        for (const char* part : {"kernel", "conv", "activation"})
            check_close(screen.api->tensor(std::string("cnn.sandbox.") + part), golden.tensors.at("case_" + name + "." + part),
                        name + "." + part);
        const bool pooled = settings["pool"] != "none";
        CHECK(screen.app->room().graph()->contains("cnn.sandbox.pool") == pooled);
        if (pooled) check_close(screen.api->tensor("cnn.sandbox.pool"), golden.tensors.at("case_" + name + ".pool"), name + ".pool");
    }
}

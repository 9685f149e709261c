// The Transformer room as a learner meets it, on the screen without a screen.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demos/text/text.h"
#include "demos/transformer/workbench.h"
#include "tests/demos/screen.h"

namespace trilens {

inline constexpr const char* tasks[] = {"layer", "sequences", "generate", "mask", "translate", "vision"};
inline constexpr const char* text_tasks[] = {"sequences", "generate", "mask", "translate"};

// A bench that has this task on it, and a text of the learner's where one is given.
struct Bench : TransformerWorkbench {
    explicit Bench(std::string_view task, const char* text = nullptr) {
        settings.task = transformer_task_number(task);
        if (text) text_of(input) = text;
        compute();
    }
};

struct TransformerScreen : TestScreen {
    explicit TransformerScreen(const char* task, float width = 1280, float height = 1600) : TestScreen(width, height, 1, false, rooms()) {
        api->open("transformer");
        settle();
        choose("transformer.task", task);
    }

    void put(const std::string& field, const std::string& json) {
        api->set(field, json);
        settle();
    }
    void choose(const std::string& field, const std::string& name) { put(field, "\"" + name + "\""); }
    void type(const std::string& text) {
        api->text(text);
        settle();
    }
    void train(const std::string& how) {
        api->train(how);
        settle(50000);
    }
    Tensor tensor(const char* name) const { return api->tensor(std::string("transformer.") + name).clone(); }
    bool computed() const { return app->room().graph() != nullptr; }
    // The last event of this name since they were asked for; null without one.
    nlohmann::json last(const char* name) {
        nlohmann::json found;
        for (const auto& event : json(api->take_events()))
            if (event["event"] == name) found = event["detail"];
        return found;
    }
};

inline bool same_bits(std::span<const float> a, std::span<const float> b) {
    return std::ranges::equal(a, b, [](float x, float y) { return std::bit_cast<uint32_t>(x) == std::bit_cast<uint32_t>(y); });
}

// Row `at` of the tensor seen as rows of its last axis.
inline std::span<const float> row_of(const Tensor& tensor, int64_t at) {
    const int64_t width = tensor.extent(-1);
    return {tensor.data() + at * width, static_cast<size_t>(width)};
}

}  // namespace trilens

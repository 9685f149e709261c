// Strokes are rasterised larger than 28 x 28 and brought down once, by the same function that MNIST-like training digits went through.
#include "demos/drawing.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "demos/text/text.h"
#include "demos/widgets/drawing_pad.h"
#include "engine/data/stroke_limit.h"
#include "engine/data/waves.h"
#include "engine/errors.h"
#include "engine/io/digit_picture.h"
#include "engine/io/resample.h"
#include "engine/math.h"

namespace trilens {

namespace {

constexpr int64_t raster_side = 112;

std::vector<int> whole_numbers(const nlohmann::json& list, int low, int high, size_t most) {
    if (!list.is_array() || list.size() > most) throw FormatError("a drawing is a list of at most " + std::to_string(most) + " numbers");
    for (const auto& value : list)
        if (!value.is_number_integer() || value < low || value > high)
            throw FormatError("a drawing holds " + value.dump().substr(0, 40) + ", allowed are whole numbers from " + std::to_string(low) +
                              " to " + std::to_string(high));
    return list.get<std::vector<int>>();
}

}  // namespace

Drawing example_drawing() {
    return {{{{0.331f, 0.268f},
              {0.392f, 0.214f},
              {0.478f, 0.192f},
              {0.566f, 0.209f},
              {0.618f, 0.273f},
              {0.609f, 0.352f},
              {0.553f, 0.418f},
              {0.467f, 0.462f},
              {0.562f, 0.481f},
              {0.644f, 0.541f},
              {0.667f, 0.633f},
              {0.626f, 0.728f},
              {0.538f, 0.788f},
              {0.431f, 0.797f},
              {0.338f, 0.752f}}},
            std::nullopt};
}

Drawing example_curve() {
    Stroke wave;
    for (int i = 0; i <= 24; ++i) {
        const float x = 0.03f + 0.94f * static_cast<float>(i) / 24;
        wave.push_back(on_grid({x, 0.5f - 0.32f * math::sin(19.0f * x)}));
    }
    return {{wave}, std::nullopt};
}

Drawing recording_of(std::span<const float> samples) {
    Tensor curve = wave_from_samples(samples);
    for (float& value : curve.values()) value = std::round(value * 1000) / 1000;
    return {{}, curve};
}

Tensor curve_input(const Drawing& drawing) { return drawing.picture ? *drawing.picture : wave_from_strokes(drawing.strokes); }

Drawing drawing_of(const Picture& picture) {
    const PictureSize size{picture.width, picture.height}, small = fit_within(size, 4 * raster_side);
    const Tensor grey = resample_rgba(picture.rgba, size, Channels::grey, small.height, small.width);
    Tensor digit = digit_picture(grey, Polarity::automatic);
    if (std::ranges::all_of(digit.values(), [](float value) { return value == 0; })) throw ValueError(say(Text::cnn_picture_empty));
    for (float& value : digit.values()) value = std::round(value * 255) / 255;
    return {{}, digit};
}

Tensor network_input(const Drawing& drawing, float brush_radius) {
    return drawing.picture ? *drawing.picture : digit_picture(rasterize(smoothed(drawing.strokes), brush_radius, raster_side));
}

nlohmann::json drawing_state(const Drawing& drawing) {
    if (drawing.picture && drawing.picture->shape()[2] == 1) {
        std::vector<int> values;
        for (const float value : drawing.picture->values()) values.push_back(static_cast<int>(std::lround(value * 1000)));
        return {{"samples", values}};
    }
    if (drawing.picture) {
        std::vector<int> values;
        for (const float value : drawing.picture->values()) values.push_back(static_cast<int>(std::lround(value * 255)));
        return {{"picture", values}};
    }
    nlohmann::json strokes = nlohmann::json::array();
    for (const Stroke& stroke : drawing.strokes) {
        std::vector<int> flat;
        for (const Point& point : stroke) {
            flat.push_back(static_cast<int>(std::lround(point.x * 1000)));
            flat.push_back(static_cast<int>(std::lround(point.y * 1000)));
        }
        strokes.push_back(flat);
    }
    return {{"strokes", strokes}};
}

Drawing drawing_from(const nlohmann::json& state) {
    Drawing drawing;
    if (state.is_object() && state.contains("picture")) {
        const std::vector<int> values = whole_numbers(state["picture"], 0, 255, digit_side * digit_side);
        if (values.size() != digit_side * digit_side) throw FormatError("a picture has 784 values, not " + std::to_string(values.size()));
        drawing.picture = Tensor(Shape{1, 1, digit_side, digit_side});
        std::ranges::transform(values, drawing.picture->data(), [](int value) { return static_cast<float>(value) / 255; });
        return drawing;
    }
    if (state.is_object() && state.contains("samples")) {
        const std::vector<int> values = whole_numbers(state["samples"], -1000, 1000, wave_length);
        if (values.size() != wave_length) throw FormatError("a curve has 128 values, not " + std::to_string(values.size()));
        drawing.picture = Tensor(Shape{1, 1, 1, wave_length});
        std::ranges::transform(values, drawing.picture->data(), [](int value) { return static_cast<float>(value) / 1000; });
        return drawing;
    }
    if (!state.is_object() || !state.contains("strokes") || !state["strokes"].is_array() || state["strokes"].size() > 1000)
        throw FormatError("a drawing is {\"strokes\": [...]} or {\"picture\": [...]}, not " + state.dump().substr(0, 80));
    for (const auto& list : state["strokes"]) {
        const std::vector<int> flat = whole_numbers(list, -200, 1200, 20000);
        if (flat.size() % 2 != 0) throw FormatError("a stroke has an x without a y");
        Stroke stroke;
        for (size_t i = 0; i < flat.size(); i += 2)
            stroke.push_back(on_grid({static_cast<float>(flat[i]) / 1000, static_cast<float>(flat[i + 1]) / 1000}));
        drawing.strokes.push_back(std::move(stroke));
    }
    drawing.strokes = limited(std::move(drawing.strokes));
    return drawing;
}

bool operator==(const Drawing& a, const Drawing& b) { return drawing_state(a) == drawing_state(b); }

}  // namespace trilens

// The whole network as one picture: every layer's maps from the input to the ten class bars, in the order in which they are computed.
#pragma once

#include <string>
#include <vector>

#include "demos/stage.h"
#include "demos/widgets/color_map.h"

namespace trilens {

// One layer as it is drawn.
struct LayerPicture {
    std::string node;              // "cnn.conv1"
    std::string title;             // "Convolution 1"
    std::string shape;             // "8 x 28 x 28"
    std::string note;              // "80 parameters"; empty where there are none
    bool is_signed = false;        // values of both signs: drawn with the diverging map
};

struct NetworkStyle {
    ColorMap map = ColorMap::viridis;
    bool diverging = true;         // signed layers in blue and red
    bool shared_scale = false;     // one scale for all layers of a kind instead of one each
    bool gradients = false;        // the loss's gradient of every cell instead of its value
};

// The class probabilities on a card of their own; the height is that of `area`, or what the bars need if that is 0. Returns the height
// used.
float draw_answer(Stage& stage, std::string_view probabilities, const std::vector<std::string>& classes, Rect area);

// Draws the layers into `area` (wide: two rows of three, then the vector layers; narrow: one below the other) and the class
// probabilities of the node `probabilities` (none if that is empty); returns the height used.
float draw_network(Stage& stage, const std::vector<LayerPicture>& layers, std::string_view probabilities,
                   const std::vector<std::string>& classes, const NetworkStyle& style, Rect area);

// "8 x 28 x 28" of [1, 8, 28, 28].
std::string shape_text(const Shape& shape);

}  // namespace trilens

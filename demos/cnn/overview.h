// The first zoom: the whole network, every layer's maps from the input to the class bars. A click on a map goes closer (layer_view.h).
#pragma once

#include "demos/cnn/network_view.h"
#include "demos/cnn/view.h"

namespace trilens {

class Overview : public View {
public:
    using View::View;
    float draw(Stage& stage, Rect area) override;
};

// Every layer of the workbench's network but the last, which is drawn as the bars.
std::vector<LayerPicture> layer_pictures(const Workbench& bench);
// "Convolution 2", "ReLU", in the language on screen.
std::string layer_title(const Sequential::Row& row);

}  // namespace trilens

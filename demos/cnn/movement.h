// The Move view: the learner's picture shifted, turned and scaled, without being centred again. What the network answers along one of the
// quantities, and whether the maps of a layer move as the picture does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "demos/cnn/equivariance.h"
#include "demos/cnn/movement_curve.h"
#include "demos/cnn/movement_handles.h"
#include "demos/cnn/view.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class Movement : public View {
public:
    using View::View;
    void list_fields(Fields& fields) override;
    // "cnn.moved.input", the layers' names and "cnn.moved.probabilities"; of the chosen layer "cnn.moved.expected", the unmoved picture's
    // maps moved as the picture was, and "cnn.moved.difference".
    void record(Graph& graph) override;
    void update() override;  // computes a piece of the curve
    bool animating() const override { return curve_grows_; }
    float draw(Stage& stage, Rect area) override;

private:
    struct MapLayer {
        std::string name, title;
        bool is_signed = false;
    };
    std::vector<MapLayer> map_layers() const;  // those whose maps can be compared
    std::optional<MapLayer> chosen() const;
    Motion motion() const;  // of pictures as of curves, which can only be shifted and stretched
    Along along() const;

    void put(const Motion& motion);
    void drag(const Motion& wanted);
    void finish_drag();
    void reset();

    void draw_picture(Stage& stage, Rect area);
    void draw_curve_input(Stage& stage, Rect area);
    float draw_along(Stage& stage, Rect area);
    void draw_curve(Stage& stage, Rect area);
    float draw_answers(Stage& stage, Rect area);
    float draw_answer_card(Stage& stage, Rect area, float side);
    float draw_layers(Stage& stage, Rect area);

    Motion motion_;
    Along along_ = Along::shift_x;
    std::string layer_ = "conv1";
    MovementHandles handles_;
    MovementCurve curve_;
    bool curve_grows_ = false;  // more of it is to be computed
    std::optional<Motion> dragged_from_;  // while a hand drags
    bool held_ = false;  // by a hand, in this frame
    MeasuredCards cards_;
};

}  // namespace trilens

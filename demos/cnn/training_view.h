// Train it here: the data, the architecture, the optimizer; play, pause, step, slow motion; the run's curves, and the way back through it.
#pragma once

#include <memory>

#include "demos/cnn/architecture_editor.h"
#include "demos/cnn/slow_motion.h"
#include "demos/cnn/view.h"
#include "demos/training/panel.h"
#include "demos/training/results.h"
#include "demos/widgets/measured_cards.h"

namespace trilens {

class TrainingView : public View {
public:
    using View::View;

    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    float draw(Stage& stage, Rect area) override;
    bool animating() const override { return motion_.on(); }
    bool advance(int64_t steps) override;        // so many steps of training; negative: back to the kept step at least as far

private:
    OtherMotion slow_motion(Stage& stage);
    float draw_run(Stage& stage, Rect area);
    float draw_own(Stage& stage, Rect area);
    float draw_files(Stage& stage, Rect area);
    float draw_architecture(Stage& stage, Rect area);
    void rescue(const Divergence& divergence);

    SlowMotion motion_;
    ArchitectureEditor editor_;
    ResultsView results_;
    TrainingPanel panel_;
    MeasuredCards cards_;
};

}  // namespace trilens

// The controls of a list of fields, made from the list alone: check box, slider, choice, text, with labels and help.
#pragma once

#include <functional>
#include <string_view>

#include "demos/fields.h"
#include "demos/stage.h"

namespace trilens {

// `set` is told the field and the new value; `dragging` is true while a slider moves, so that one drag is one undo step.
using SetField = std::function<void(const Field&, const FieldValue&, bool dragging)>;

// Registers 'field:NAME' for each control. Returns the height used.
float draw_fields(Stage& stage, const Fields& fields, Rect area, const SetField& set);

}  // namespace trilens

// TransformerInput: what the learner gave the Transformer room to read. All tasks' at once, so that each keeps its own.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "demos/drawing.h"

namespace trilens {

struct TransformerInput {
    std::map<std::string, std::string, std::less<>> texts;  // by the names that the tasks give them (TransformerTask::texts)
    std::string corpus;  // the text to learn from, of a task that has one; empty: the example of the language
    Drawing drawing;
    bool operator==(const TransformerInput&) const = default;
};

inline constexpr float transformer_brush_radius = 0.05f;  // of the drawing's strokes, on a pad of side 1

}  // namespace trilens

// The tasks of the Transformer room, in the order of their tabs.
#pragma once

#include <span>
#include <string_view>

#include "demos/transformer/tasks/task.h"

namespace trilens {

std::span<const TransformerTask* const> transformer_tasks();
// transformer_task_number(id), the place in this table, is declared in settings.h.

TransformerInput example_transformer_input();  // what the room opens with

}  // namespace trilens

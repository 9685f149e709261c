// The tasks of the RNN room, in the order of their tabs.
#pragma once

#include <span>
#include <vector>

#include "demos/fields.h"
#include "demos/rnn/tasks/task.h"

namespace trilens {

std::span<const RnnTask* const> rnn_tasks();
// rnn_task_number(id), the place in this table, is declared in settings.h.
std::vector<Choice> rnn_task_choices();
const RnnTask& rnn_task_that_reads(RnnReads what);  // the first one

RnnInput example_rnn_input();  // what the room opens with

}  // namespace trilens

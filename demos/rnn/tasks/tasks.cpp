// The one table of tasks: a task is a file of this folder and two lines here.
#include "demos/rnn/tasks/tasks.h"

#include "engine/errors.h"

namespace trilens {

const RnnTask& rnn_sum_task();
const RnnTask& rnn_sentiment_task();
const RnnTask& rnn_needle_task();
const RnnTask& rnn_generate_task();
const RnnTask& rnn_forecast_task();

std::span<const RnnTask* const> rnn_tasks() {
    static const RnnTask* const tasks[] = {&rnn_sum_task(), &rnn_sentiment_task(), &rnn_needle_task(), &rnn_generate_task(),
                                           &rnn_forecast_task()};
    return tasks;
}

std::vector<Choice> rnn_task_choices() {
    std::vector<Choice> choices;
    for (const RnnTask* task : rnn_tasks()) choices.push_back({task->id(), task->label()});
    return choices;
}

int rnn_task_number(std::string_view id) {
    std::string known;
    for (int number = 0; const RnnTask* task : rnn_tasks()) {
        if (task->id() == id) return number;
        known += (number++ > 0 ? ", " : "") + std::string(task->id());
    }
    throw ValueError("no task \"" + std::string(id) + "\", expected one of " + known);
}

const RnnTask& rnn_task_that_reads(RnnReads what) {
    for (const RnnTask* task : rnn_tasks())
        if (task->reads() == what) return *task;
    throw ValueError("no task reads that");
}

RnnInput example_rnn_input() {
    RnnInput input;
    for (const RnnTask* task : rnn_tasks()) task->add_example(input);
    return input;
}

}  // namespace trilens

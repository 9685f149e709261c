// The one table of tasks: a task is a file of this folder and two lines here.
#include "demos/transformer/tasks/tasks.h"

#include <iterator>

#include "engine/errors.h"

namespace trilens {

const TransformerTask& transformer_layer_task();
const TransformerTask& transformer_sequences_task();
const TransformerTask& transformer_generate_task();
const TransformerTask& transformer_mask_task();
const TransformerTask& transformer_translate_task();
const TransformerTask& transformer_vision_task();

std::span<const TransformerTask* const> transformer_tasks() {
    static const TransformerTask* const tasks[] = {
        &transformer_layer_task(), &transformer_sequences_task(), &transformer_generate_task(),
        &transformer_mask_task(),  &transformer_translate_task(), &transformer_vision_task(),
    };
    return tasks;
}

int transformer_task_number(std::string_view id) {
    std::string names;
    for (int number = 0; const TransformerTask* task : transformer_tasks()) {
        if (task->id() == id) return number;
        names += (number++ > 0 ? ", " : "") + std::string(task->id());
    }
    throw ValueError("no task \"" + std::string(id) + "\", expected one of " + names);
}

TransformerInput example_transformer_input() {
    TransformerInput input;
    for (const TransformerTask* task : transformer_tasks())
        for (const TransformerText& text : task->texts()) input.texts[text.name] = text.example;
    input.drawing = example_drawing();
    return input;
}

}  // namespace trilens

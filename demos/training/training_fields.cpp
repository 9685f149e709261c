// One line a field.
#include "demos/training/training_fields.h"

namespace trilens {

std::vector<Choice> optimizer_choices() {
    return {{"sgd", Text::optimizer_sgd},         {"momentum", Text::optimizer_momentum}, {"nesterov", Text::optimizer_nesterov},
            {"rmsprop", Text::optimizer_rmsprop}, {"adam", Text::optimizer_adam},         {"adamw", Text::optimizer_adamw}};
}

void list_training_fields(Fields& fields, const std::string& room, OptimizerKind& optimizer, float& rate, int& batch) {
    fields.choice(room + ".optimizer", Text::field_optimizer, Text::help_optimizer, optimizer, optimizer_choices());
    fields.real(room + ".rate", Text::field_rate, Text::help_rate, rate, {1e-5, 10, 1e-4, true});
    fields.integer(room + ".batch", Text::field_batch, Text::help_batch, batch, {1, 256, 1, true});
}

}  // namespace trilens

// What a view answers that keeps nothing of its own.
#include "demos/cnn/view.h"

#include <nlohmann/json.hpp>

namespace trilens {

nlohmann::json View::state() const { return nullptr; }

}  // namespace trilens

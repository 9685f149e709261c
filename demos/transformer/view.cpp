// What a view answers that keeps nothing of its own.
#include "demos/transformer/view.h"

#include <nlohmann/json.hpp>

namespace trilens {

nlohmann::json TransformerView::state() const { return nullptr; }

}  // namespace trilens

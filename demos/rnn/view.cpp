// What a view answers that keeps nothing of its own.
#include "demos/rnn/view.h"

#include <nlohmann/json.hpp>

namespace trilens {

nlohmann::json RnnView::state() const { return nullptr; }

}  // namespace trilens

// What a view answers that keeps nothing of its own.
#include "demos/room_view.h"

#include <nlohmann/json.hpp>

namespace trilens {

nlohmann::json RoomView::state() const { return nullptr; }

}  // namespace trilens

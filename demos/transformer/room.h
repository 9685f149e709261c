// The Transformer room: a sentence, a random sequence or a drawing goes through attention, every head in sight. Curriculum T1 to T9 and TA.
#pragma once

#include <memory>

#include "demos/room.h"

namespace trilens {

std::unique_ptr<Room> make_transformer_room();

}  // namespace trilens

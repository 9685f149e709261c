// The RNN room: numbers, a sentence or a curve go through a recurrent network one time step at a time, every state in sight. Curriculum R1
// to R8 and RA.
#pragma once

#include <memory>

#include "demos/room.h"

namespace trilens {

std::unique_ptr<Room> make_rnn_room();

}  // namespace trilens

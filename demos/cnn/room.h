// The CNN room: the learner's drawing goes through a trained convolutional network, every value in sight. Curriculum C1 to C6.
#pragma once

#include <memory>

#include "demos/room.h"

namespace trilens {

std::unique_ptr<Room> make_cnn_room();

}  // namespace trilens

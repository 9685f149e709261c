// A small room for the tests: a 12 x 12 picture, a 3 x 3 convolution to four maps, ReLU, a sum to ten numbers, and every kind of field.
// Its operations explain themselves, so that what the page and the inspector say can be followed to the picture by hand.
#pragma once

#include <span>

#include "demos/rooms.h"

namespace trilens {

// "toy" and "other", both made as the toy room is.
std::span<const RoomEntry> toy_rooms();

}  // namespace trilens

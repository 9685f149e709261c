// The one table of rooms: a room is a folder and a line here.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "demos/room.h"

namespace trilens {

struct RoomEntry {
    std::string_view id;
    Text title;
    std::unique_ptr<Room> (*make)();
};

std::span<const RoomEntry> rooms();

}  // namespace trilens

// The table: id, title, how it is made. Only rooms that exist stand here.
#include "demos/rooms.h"

#include "demos/cnn/room.h"
#include "demos/rnn/room.h"
#include "demos/transformer/room.h"

namespace trilens {

std::span<const RoomEntry> rooms() {
    static constexpr RoomEntry table[] = {
        {"cnn", Text::room_cnn, make_cnn_room},
        {"rnn", Text::room_rnn, make_rnn_room},
        {"transformer", Text::room_transformer, make_transformer_room},
    };
    return table;
}

}  // namespace trilens

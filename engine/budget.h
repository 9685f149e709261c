// Budget: whether there is time for one more piece of a long computation. The engine knows no clock; the host says.
// A resumable computation does at least one piece a call, asks before each further one, and returns whether more is left.
#pragma once

#include <functional>

namespace trilens {

using Budget = std::function<bool()>;

}  // namespace trilens

// What was given comes first; native programs have a table made by CMake.
#include "demos/weights.h"

#include <map>

#include "demos/text/text.h"
#include "engine/errors.h"

namespace trilens {

#if defined(__EMSCRIPTEN__)
static std::span<const uint8_t> built_in_weights(std::string_view) { return {}; }
#else
std::span<const uint8_t> built_in_weights(std::string_view name);   // made by CMake: empty for a name that it has not
#endif

namespace {

std::map<std::string, std::vector<uint8_t>, std::less<>>& given() {
    static std::map<std::string, std::vector<uint8_t>, std::less<>> all;
    return all;
}

std::span<const uint8_t> find(std::string_view name) {
    const auto found = given().find(name);
    return found != given().end() ? std::span<const uint8_t>(found->second) : built_in_weights(name);
}

}  // namespace

std::span<const uint8_t> weights(std::string_view name) {
    const std::span<const uint8_t> bytes = find(name);
    if (bytes.empty()) throw FormatError(say(Text::weights_missing, {name}));
    return bytes;
}

bool has_weights(std::string_view name) { return !find(name).empty(); }

void give_weights(std::string name, std::vector<uint8_t> bytes) { given().emplace(std::move(name), std::move(bytes)); }

}  // namespace trilens

// The learner's own classes: their names, and the drawings or pictures that show what belongs to each.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "demos/drawing.h"

namespace trilens {

struct OwnExample {
    Drawing drawing;
    int32_t label = 0;   // of the names; examples of a class that was taken off the list wait until it comes back
};

struct OwnClasses {
    std::vector<std::string> names{"A", "B"};
    std::vector<OwnExample> examples;

    // The class of that name; a new name takes the place of a class that still has its first name and no example, or is added.
    // Throws ValueError for an empty name or an eleventh class.
    int32_t class_of(std::string_view name);
    int64_t count(int32_t label) const;   // examples of a class
};

// "cat, dog" as names: 2 to 10, none twice. Throws ValueError naming what is wrong.
std::vector<std::string> parse_names(std::string_view text);
std::string names_text(const std::vector<std::string>& names);

// [{"label": 0, "strokes": [...]}, ...] and back; throws FormatError.
nlohmann::json examples_state(const std::vector<OwnExample>& examples);
std::vector<OwnExample> examples_from(const nlohmann::json& state);

}  // namespace trilens

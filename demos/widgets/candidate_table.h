// What could come next: a row for each of the most probable tokens, with two bars: what the network says, and what is drawn from once
// temperature, top-k and top-p were applied. Where these change nothing there is one bar.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "demos/stage.h"

namespace trilens {

struct Candidate {
    std::string label;
    float before = 0, after = 0;  // probabilities
};

struct CandidateTableEvent {
    float height = 0;  // used
    int64_t hovered = -1;  // the row under the pointer
};

// `drawn`: the row of the token that was chosen. Registers `name`.
CandidateTableEvent draw_candidate_table(Stage& stage, std::string_view name, std::span<const Candidate> candidates,
                                         std::optional<size_t> drawn, Rect area);

std::string percent_text(float share);  // "12.3 %"

}  // namespace trilens

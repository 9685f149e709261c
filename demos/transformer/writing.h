// What the network writes after what it is given: greedily, by beam search or by drawing, one token after the other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "demos/transformer/settings.h"
#include "engine/models/decoding.h"

namespace trilens {

struct Written {
    Hypothesis text;
    std::vector<Hypothesis> beams;  // beam search: the best first; else empty
};

Written write_text(const Decoder& decoder, std::span<const int32_t> prompt, const DecodingSettings& until,
                   TransformerSettings::Decoding decoding, const TransformerSettings& settings);

}  // namespace trilens

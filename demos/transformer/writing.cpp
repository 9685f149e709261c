// The three ways to choose the next token.
#include "demos/transformer/writing.h"

#include "engine/random.h"

namespace trilens {

namespace {

constexpr float length_penalty = 0.6f;  // Wu et al. 2016, section 7

}  // namespace

Written write_text(const Decoder& decoder, std::span<const int32_t> prompt, const DecodingSettings& until,
                   TransformerSettings::Decoding decoding, const TransformerSettings& settings) {
    using Decoding = TransformerSettings::Decoding;
    if (decoding == Decoding::greedy) return {generate_greedily(decoder, prompt, until), {}};
    if (decoding == Decoding::beam) {
        BeamSearch search(decoder, prompt, settings.beams, length_penalty, until);
        while (search.step()) {
        }
        return {search.beams().front(), search.beams()};
    }
    Random random(static_cast<uint64_t>(settings.draw));
    return {generate(decoder, prompt, until, settings.sampling(), random), {}};
}

}  // namespace trilens

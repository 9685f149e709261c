// What the network writes after what it is given: greedily, by beam search or by drawing, one token after the other.
#include <algorithm>

#include "demos/text/text.h"
#include "demos/transformer/workbench.h"

namespace trilens {

namespace {

constexpr float length_penalty = 0.6f;  // Wu et al. 2016, section 7

}  // namespace

TransformerSettings::Decoding TransformerWorkbench::decoding() const {
    using Decoding = TransformerSettings::Decoding;
    if (settings.decoding != Decoding::by_task) return settings.decoding;
    return task() == TransformerTask::generate ? Decoding::sample : Decoding::greedy;
}

void TransformerWorkbench::write() {
    using Decoding = TransformerSettings::Decoding;
    written_ = {};
    beams_.clear();
    given_ = static_cast<int64_t>(prompt_.size());
    const bool nothing_to_read = plan().kind == TransformerPlan::Kind::encoder_decoder && source_.size() == 0;
    if (writes() && given_ > 0 && !nothing_to_read && most_steps() > 0) {
        const auto network = model();
        const Decoder decoder =
            plan().kind == TransformerPlan::Kind::decoder ? Decoder(*network, look()) : Decoder(*network, source_tensor(), look());
        const int64_t steps = settings.step == 0 ? most_steps() : std::min<int64_t>(settings.step, most_steps());
        const DecodingSettings until{ending(), steps};
        if (decoding() == Decoding::beam) {
            BeamSearch search(decoder, prompt_, settings.beams, length_penalty, until);
            while (search.step()) {
            }
            beams_ = search.beams();
            written_ = beams_.front();
        } else {
            Random random(static_cast<uint64_t>(settings.draw));
            written_ = decoding() == Decoding::greedy ? generate_greedily(decoder, prompt_, until)
                                                      : generate(decoder, prompt_, until, sampling(), random);
        }
    }
    show_target();
}

void TransformerWorkbench::show_target() {
    target_ = {};
    if (!writes()) return;
    std::vector<int32_t> numbers = prompt_;
    const auto count = static_cast<int64_t>(written_.tokens.size()) - (written_.finished ? 1 : 0);
    numbers.insert(numbers.end(), written_.tokens.begin(), written_.tokens.begin() + count);
    target_ = row_of(numbers, *target_vocabulary());
}

}  // namespace trilens

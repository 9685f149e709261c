// Texts grow by one token at a time; nothing is computed twice.
#include "engine/models/decoding.h"

#include <algorithm>
#include <string>

#include "engine/kernels/softmax.h"
#include "engine/math.h"

namespace trilens {
namespace {

void check(std::span<const int32_t> prompt, const DecodingSettings& settings) {
    if (prompt.empty()) throw ValueError("decoding: an empty prompt, expected at least the beginning's token");
    if (settings.max_tokens < 1) throw ValueError("decoding: max_tokens " + std::to_string(settings.max_tokens) + ", expected at least 1");
}

std::vector<float> log_softmax_of(const Tensor& scores) {
    std::vector<float> out(scores.values().begin(), scores.values().end());
    kernels::log_softmax_forward(1, static_cast<int64_t>(out.size()), out.data(), out.data());
    return out;
}

// ((5 + length) / 6)^alpha, with our own exp and log: scores decide which texts live, so they must be the same everywhere.
double length_penalty(size_t length, double alpha) {
    if (alpha == 0) return 1;
    return static_cast<double>(math::exp(static_cast<float>(alpha) * math::log(static_cast<float>(5 + length) / 6)));
}

}  // namespace

Decoder::Decoder(Transformer& model, const TransformerLook& look) : model_(&model), look_(look) {
    if (model.plan().kind != TransformerPlan::Kind::decoder)
        throw ValueError("decoding: a model with an encoder needs a source; expected a decoder");
}

Decoder::Decoder(Transformer& model, const Tensor& source, const TransformerLook& look) : model_(&model), look_(look) {
    if (model.plan().kind != TransformerPlan::Kind::encoder_decoder)
        throw ValueError("decoding: a source for a model that is no encoder and decoder");
    if (source.rank() != 1) throw ShapeError("decoding: source is " + source.shape().text() + ", expected [T]");
    Graph graph;
    const Memory memory = model.encode(graph, source, look);
    memory_ = memory.states.tensor();
    memory_lengths_ = memory.lengths;
}

Tensor Decoder::append(std::span<const int32_t> tokens) {
    Graph graph;
    return append(tokens, graph);
}

Tensor Decoder::append(std::span<const int32_t> tokens, Graph& graph) {
    if (tokens.empty()) throw ValueError("decoding: no tokens to append");
    const auto count = static_cast<int64_t>(tokens.size());
    Tensor inputs(Shape{count});
    for (int64_t i = 0; i < count; ++i) {
        // -1 is padding to the model, and no token here.
        if (tokens[static_cast<size_t>(i)] < 0)
            throw ValueError("decoding: token " + std::to_string(tokens[static_cast<size_t>(i)]) + ", expected at least 0");
        inputs.data()[i] = static_cast<float>(tokens[static_cast<size_t>(i)]);
    }
    Memory memory;
    if (!memory_.empty()) memory = {graph.input(memory_, "memory"), memory_lengths_, memory_.extent(0)};
    KeptLayers kept = kept_;   // a refused token leaves what is kept as it was
    const Tensor scores = model_->decode(graph, inputs, memory, look_, &kept).tensor();
    kept_ = std::move(kept);
    const int64_t vocabulary = scores.extent(-1);
    return scores.rows(count - 1, 1).reshaped(Shape{vocabulary});
}

Hypothesis generate(Decoder decoder, std::span<const int32_t> prompt, const DecodingSettings& settings, const Sampling& sampling,
                    Random& random) {
    check(prompt, settings);
    Hypothesis text;
    Tensor scores = decoder.append(prompt);
    for (int64_t i = 0; i < settings.max_tokens; ++i) {
        const std::vector<float> probabilities = next_token_distribution(scores.values(), sampling);
        const int32_t token = sample_token(probabilities, random);
        text.tokens.push_back(token);
        text.log_probability += static_cast<double>(log_softmax_of(scores)[static_cast<size_t>(token)]);
        text.finished = token == settings.end;
        if (text.finished) break;
        if (i + 1 < settings.max_tokens) scores = decoder.append({&token, 1});
    }
    text.score = text.log_probability;
    return text;
}

Hypothesis generate_greedily(Decoder decoder, std::span<const int32_t> prompt, const DecodingSettings& settings) {
    Random unused(0);
    return generate(std::move(decoder), prompt, settings, {0}, unused);
}

BeamSearch::BeamSearch(Decoder decoder, std::span<const int32_t> prompt, int64_t width, float alpha, const DecodingSettings& settings)
    : settings_(settings), width_(static_cast<size_t>(width)), alpha_(static_cast<double>(alpha)) {
    check(prompt, settings);
    if (width < 1) throw ValueError("decoding: a beam of width " + std::to_string(width) + ", expected at least 1");
    if (!(alpha >= 0)) throw ValueError("decoding: alpha " + std::to_string(alpha) + ", expected at least 0");
    log_probabilities_.push_back(log_softmax_of(decoder.append(prompt)));
    decoders_.push_back(std::move(decoder));
    beams_.emplace_back();
}

bool BeamSearch::done() const {
    return steps_ >= settings_.max_tokens || std::ranges::all_of(beams_, [](const Hypothesis& text) { return text.finished; });
}

bool BeamSearch::step() {
    if (done()) return false;
    // Every way to go on: a finished text stays as it is (token -1).
    struct Candidate {
        size_t beam;
        int32_t token;
        double log_probability, score;
    };
    std::vector<Candidate> candidates;
    for (size_t beam = 0; beam < beams_.size(); ++beam) {
        const Hypothesis& text = beams_[beam];
        if (text.finished) {
            candidates.push_back({beam, -1, text.log_probability, text.score});
            continue;
        }
        const double penalty = length_penalty(text.tokens.size() + 1, alpha_);
        for (size_t token = 0; token < log_probabilities_[beam].size(); ++token) {
            const double total = text.log_probability + static_cast<double>(log_probabilities_[beam][token]);
            candidates.push_back({beam, static_cast<int32_t>(token), total, total / penalty});
        }
    }
    // Candidates stand in the order of beams, then of tokens: what decides between equal scores.
    const size_t kept = std::min(width_, candidates.size());
    std::ranges::partial_sort(candidates, candidates.begin() + static_cast<std::ptrdiff_t>(kept),
                              [](const Candidate& a, const Candidate& b) {
                                  return a.score != b.score ? a.score > b.score : a.beam != b.beam ? a.beam < b.beam : a.token < b.token;
                              });
    ++steps_;
    std::vector<Hypothesis> beams;
    std::vector<Decoder> decoders;
    std::vector<std::vector<float>> log_probabilities;
    for (size_t i = 0; i < kept; ++i) {
        const Candidate& candidate = candidates[i];
        beams.push_back(beams_[candidate.beam]);
        decoders.push_back(decoders_[candidate.beam]);
        log_probabilities.emplace_back();
        if (candidate.token < 0) continue;
        Hypothesis& text = beams.back();
        text.tokens.push_back(candidate.token);
        text.log_probability = candidate.log_probability;
        text.score = candidate.score;
        text.finished = candidate.token == settings_.end;
        if (!text.finished && steps_ < settings_.max_tokens)
            log_probabilities.back() = log_softmax_of(decoders.back().append({&candidate.token, 1}));
    }
    beams_ = std::move(beams);
    decoders_ = std::move(decoders);
    log_probabilities_ = std::move(log_probabilities);
    return !done();
}

}  // namespace trilens

// Philox4x32-10 (Salmon et al. 2011, section 3.3) and the distributions on it.
// Number n of a stream is word n % 4 of the block with counter {n / 4, stream} and key seed. Nothing else is state.
#include "engine/random.h"

#include <string>
#include <utility>

#include "engine/errors.h"
#include "engine/math.h"

namespace trilens {

std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
    auto [x0, x1, x2, x3] = counter;
    auto [k0, k1] = key;
    for (int round = 0; round < 10; ++round) {
        const uint64_t p0 = uint64_t{0xD2511F53u} * x0;
        const uint64_t p1 = uint64_t{0xCD9E8D57u} * x2;
        x0 = static_cast<uint32_t>(p1 >> 32) ^ x1 ^ k0;
        x1 = static_cast<uint32_t>(p1);
        x2 = static_cast<uint32_t>(p0 >> 32) ^ x3 ^ k1;
        x3 = static_cast<uint32_t>(p0);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return {x0, x1, x2, x3};
}

Random::Random(uint64_t seed, uint64_t stream) : seed_(seed), stream_(stream) {}

uint32_t Random::bits() {
    const uint64_t word = position_ % 4;
    if (word == 0) seek(position_);
    ++position_;
    return block_[word];
}

void Random::seek(uint64_t position) {
    position_ = position;
    const uint64_t block = position / 4;
    block_ = philox4x32({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), static_cast<uint32_t>(stream_),
                         static_cast<uint32_t>(stream_ >> 32)},
                        {static_cast<uint32_t>(seed_), static_cast<uint32_t>(seed_ >> 32)});
}

float Random::uniform() { return static_cast<float>(bits() >> 8) * 0x1p-24f; }

float Random::uniform(float low, float high) {
    const float x = low + (high - low) * uniform();
    return x < high ? x : low;   // rounding may reach high: that one value goes to the other end
}

float Random::normal() {
    const float radius_uniform = static_cast<float>((bits() >> 8) + 1) * 0x1p-24f;   // (0, 1]: its logarithm is finite
    const float turn = uniform();
    return math::sqrt(-2.0f * math::log(radius_uniform)) * math::cos(6.2831853f * turn);
}

// Lemire, "Fast random integer generation in an interval", TOMACS 29, 2019: the high half of a product, the few biased lows refused.
uint32_t Random::below(uint32_t bound) {
    if (bound == 0) throw ValueError("Random::below: bound 0, expected at least 1");
    const uint32_t threshold = (0u - bound) % bound;
    while (true) {
        const uint64_t product = uint64_t{bits()} * bound;
        if (static_cast<uint32_t>(product) >= threshold) return static_cast<uint32_t>(product >> 32);
    }
}

void Random::shuffle(std::span<int32_t> items) {
    for (size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[below(static_cast<uint32_t>(left))]);
}

std::vector<int32_t> Random::permutation(int32_t count) {
    if (count < 0) throw ValueError("Random::permutation: count " + std::to_string(count) + ", expected at least 0");
    std::vector<int32_t> items(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) items[static_cast<size_t>(i)] = i;
    shuffle(items);
    return items;
}

}  // namespace trilens

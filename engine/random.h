// Philox4x32-10: a counter-based random generator. The n-th number of a stream is a pure function of (seed, stream, n),
// so any part of a computation can be redone, or done by another thread, with the same bits.
// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace trilens {

// One block of the generator: the paper's Philox4x32 with 10 rounds.
std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

// A stream of numbers. Copying copies the position. Streams of one seed with different numbers are independent.
class Random {
public:
    explicit Random(uint64_t seed, uint64_t stream = 0);

    uint32_t bits();                                  // 32 uniform bits
    float uniform();                                  // [0, 1), multiples of 2^-24
    float uniform(float low, float high);             // [low, high)
    float normal();                                   // mean 0, variance 1 (Box and Muller, with our own log, sqrt, cos, sin)
    uint32_t below(uint32_t bound);                   // [0, bound), unbiased; throws ValueError for 0
    void shuffle(std::span<int32_t> items);           // Fisher and Yates
    std::vector<int32_t> permutation(int32_t count);  // 0 .. count-1 shuffled

    uint64_t position() const { return position_; }   // numbers drawn so far, in units of 32 bits
    void seek(uint64_t position);                     // to continue a saved run

private:
    uint64_t seed_, stream_, position_ = 0;
    std::array<uint32_t, 4> block_{};
};

}  // namespace trilens

// The engine's signature: one number that two builds share only if they compute with the same bits. It is what "same seed, same result in
// every browser" means here; the tests compare it natively, in node and in browsers with tests/golden/signature.txt.
#pragma once

#include <cstdint>
#include <string>

namespace trilens {

// The checksum of the digits network's scores, first gradients, losses and final weights over 50 Adam steps on pictures made from a seed.
// Independent of the number of threads.
uint64_t same_bits_checksum();

// The same as 16 hexadecimal digits, for the page.
std::string signature();

}  // namespace trilens

// fuzz [COUNT]: COUNT (100,000) mutated safetensors files and as many idx files. Each must be refused with a FormatError or be
// read; what was read must come back the same from a file written of it. Nothing may crash, hang or (under ASan, which sees the very size
// of each file) read outside.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

#include "engine/data/idx.h"
#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "tests/fuzz/mutation.h"

using namespace trilens;
using fuzz::Bytes;

namespace {

Bytes raw_safetensors(const std::string& header, size_t data_bytes) {
    Bytes bytes(8);
    const uint64_t length = header.size();
    std::memcpy(bytes.data(), &length, 8);
    bytes.insert(bytes.end(), header.begin(), header.end());
    for (size_t i = 0; i < data_bytes; ++i) bytes.push_back(static_cast<uint8_t>(i * 37));
    return bytes;
}

std::vector<Bytes> safetensors_files() {
    WeightFile file;
    file.tensors.emplace("conv1.weight", Tensor(Shape{2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}));
    file.tensors.emplace("conv1.bias", Tensor(Shape{2}, {-1, 1}));
    file.tensors.emplace("卷积", Tensor(Shape{}, {3}));
    file.metadata = {{"command", "train \"digits\""}, {"seed", "1"}};
    WeightFile empty;
    empty.tensors.emplace("none", Tensor(Shape{0, 3}));
    return {
        write_safetensors(file),
        write_safetensors(empty),
        write_safetensors({}),
        raw_safetensors(
            R"({"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"b":{"dtype":"BF16","shape":[1,1],"data_offsets":[6,8]},)"
            R"("n":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"f":{"shape":[2,2],"dtype":"F32","data_offsets":[16,32]}}  )",
            32),
        raw_safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                        R"("c":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}})",
                        8),
    };
}

// Bytes in a block of exactly their size, at an odd address every second time.
class Block {
public:
    Block(const Bytes& bytes, bool odd) : memory_(new uint8_t[bytes.size() + odd]), bytes_(memory_.get() + odd, bytes.size()) {
        if (!bytes.empty()) std::memcpy(memory_.get() + odd, bytes.data(), bytes.size());
    }
    std::span<const uint8_t> bytes() const { return bytes_; }

private:
    std::unique_ptr<uint8_t[]> memory_;
    std::span<const uint8_t> bytes_;
};

bool same(const WeightFile& a, const WeightFile& b) {
    if (a.metadata != b.metadata || a.tensors.size() != b.tensors.size()) return false;
    for (const auto& [name, tensor] : a.tensors) {
        const auto other = b.tensors.find(name);
        if (other == b.tensors.end() || other->second.shape() != tensor.shape() || checksum(other->second) != checksum(tensor))
            return false;
    }
    return true;
}

// Whether it was read. Throws what must not be thrown.
bool try_safetensors(std::span<const uint8_t> bytes) {
    WeightFile file;
    try {
        file = read_safetensors(bytes);
    } catch (const FormatError&) {
        return false;
    }
    const Bytes written = write_safetensors(file);
    if (!same(file, read_safetensors(written)) || written != write_safetensors(read_safetensors(written)))
        throw std::runtime_error("a file that was read does not come back the same");
    return true;
}

bool try_idx(std::span<const uint8_t> bytes) {
    try {
        const IdxArray array = read_idx(bytes);
        if (array.values.data() < bytes.data() || array.values.data() + array.values.size() != bytes.data() + bytes.size() ||
            static_cast<int64_t>(array.values.size()) != array.shape.elements())
            throw std::runtime_error("an idx file gives values that are not its own");
        return true;
    } catch (const FormatError&) {
        return false;
    }
}

// Runs `count` mutations and adds those that were read to `accepted`; false if one was treated wrongly or all went one way, which would
// mean that nothing was tested.
template <typename Mutate, typename Try>
bool run(const char* format, uint64_t seed, uint64_t count, const std::vector<Bytes>& files, const Mutate& mutate, const Try& attempt,
         uint64_t& accepted) {
    uint64_t read = 0;
    for (uint64_t number = 0; number < count; ++number) {
        Random random(seed, number);
        const Bytes bytes = mutate(files[number % files.size()], random);
        try {
            read += attempt(Block(bytes, number % 2 != 0).bytes());
        } catch (const std::exception& error) {
            std::fprintf(stderr, "fuzz: %s file %llu: %s\n", format, static_cast<unsigned long long>(number), error.what());
            return false;
        }
    }
    std::printf("%s: %llu mutated files, %llu read and written again, the others refused\n", format, static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(read));
    accepted += read;
    if (read * 100 >= count && read * 2 <= count) return true;
    std::fprintf(stderr, "fuzz: between 1 and 50 of 100 should be read\n");
    return false;
}

}  // namespace

int main(int count, char** arguments) {
    const uint64_t files = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 100000;
    for (const Bytes& valid : safetensors_files()) {
        if (try_safetensors(valid)) continue;
        std::fprintf(stderr, "fuzz: a valid file is refused\n");
        return 1;
    }
    const std::vector<Bytes> idx = {{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4},
                                    {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9},
                                    {0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 9}};
    uint64_t accepted = 0;
    if (!run("safetensors", 1, files, safetensors_files(), fuzz::mutate_safetensors, try_safetensors, accepted) ||
        !run("idx", 2, files, idx, fuzz::mutate, try_idx, accepted))
        return 1;
    std::printf("fuzz: %llu files, %llu accepted, %llu refused\n", static_cast<unsigned long long>(2 * files),
                static_cast<unsigned long long>(accepted), static_cast<unsigned long long>(2 * files - accepted));
    return 0;
}

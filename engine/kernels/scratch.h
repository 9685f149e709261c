// Memory of a thread that kernels pack into: it grows to the largest need and is kept, aligned to a cache line.
// Each purpose has its own slot, so that a kernel never packs over what its caller packed.
#pragma once

#include <cstdint>
#include <memory>
#include <new>

namespace trilens::kernels {

class Scratch {
public:
    // At least `count` floats, uninitialised; valid until the next call on this object.
    float* floats(int64_t count) {
        if (count > capacity_) {
            memory_.reset();
            memory_.reset(static_cast<float*>(::operator new(static_cast<size_t>(count) * sizeof(float), alignment)));
            capacity_ = count;
        }
        return memory_.get();
    }

private:
    static constexpr std::align_val_t alignment{64};
    struct Free {
        void operator()(float* memory) const { ::operator delete(memory, alignment); }
    };
    std::unique_ptr<float, Free> memory_;
    int64_t capacity_ = 0;
};

}  // namespace trilens::kernels

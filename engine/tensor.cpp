// Tensor storage and index arithmetic.
// Freed buffers are kept by size and handed out again: a training step allocates the same sizes as the step
// before it, and in a browser a fresh buffer costs more than the arithmetic on it.
#include "engine/tensor.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <new>
#include <vector>

namespace trilens {
namespace {

constexpr std::align_val_t alignment{64};
#ifdef TRILENS_SANITIZED
constexpr size_t smallest_kept = SIZE_MAX;           // nothing is kept: the sanitizer sees every buffer at its true size
#else
constexpr size_t smallest_kept = 1024;               // bytes; the allocator is quick enough below
#endif
constexpr size_t most_kept = size_t{64} << 20;       // bytes kept for reuse in all

// Free lists by power-of-two size class.
class BufferPool {
public:
    float* take(size_t bytes) {
        if (bytes >= smallest_kept) {
            std::lock_guard lock(mutex_);
            auto& list = free_[class_of(bytes)];
            if (!list.empty()) {
                float* buffer = list.back();
                list.pop_back();
                kept_ -= size_of(class_of(bytes));
                return buffer;
            }
        }
        return static_cast<float*>(::operator new(bytes >= smallest_kept ? size_of(class_of(bytes)) : bytes, alignment));
    }

    void give_back(float* buffer, size_t bytes) {
        if (bytes >= smallest_kept) {
            std::lock_guard lock(mutex_);
            const size_t size = size_of(class_of(bytes));
            if (kept_ + size <= most_kept) {
                kept_ += size;
                free_[class_of(bytes)].push_back(buffer);
                return;
            }
        }
        ::operator delete(buffer, alignment);
    }

private:
    // Four classes per power of two, so that at most a quarter of a buffer is slack.
    static int class_of(size_t bytes) {
        const int exponent = static_cast<int>(std::bit_width(bytes - 1)) - 1;
        const int quarter = static_cast<int>((bytes - 1) >> (exponent - 2)) & 3;
        return exponent * 4 + quarter;
    }
    static size_t size_of(int size_class) { return (size_t{5} + static_cast<size_t>(size_class % 4)) << (size_class / 4 - 2); }

    std::mutex mutex_;
    std::vector<float*> free_[64 * 4];
    size_t kept_ = 0;
};

// Never destroyed: tensors of static lifetime may outlive any static object.
BufferPool& buffer_pool() {
    static BufferPool* const pool = new BufferPool;
    return *pool;
}

std::shared_ptr<float> allocate(int64_t elements) {
    const size_t bytes = static_cast<size_t>(elements) * sizeof(float);
    if (bytes == 0) return nullptr;
    return {buffer_pool().take(bytes), [bytes](float* buffer) { buffer_pool().give_back(buffer, bytes); }};
}

}  // namespace

Shape::Shape(std::initializer_list<int64_t> extents) : Shape(std::span(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const int64_t> extents) {
    if (extents.size() > max_rank)
        throw ShapeError("shape: rank " + std::to_string(extents.size()) + ", at most " + std::to_string(max_rank));
    int64_t product = 1;
    for (const int64_t extent : extents) {
        if (extent < 0) throw ShapeError("shape: extent " + std::to_string(extent) + " is negative");
        extents_[rank_++] = extent;
        if (extent != 0 && product > (int64_t{1} << 31) / extent) throw ShapeError("shape: " + text() + " holds more than 2^31 elements");
        product *= extent;
    }
}

int64_t Shape::operator[](int axis) const {
    const int from_start = axis < 0 ? axis + rank_ : axis;
    if (from_start < 0 || from_start >= rank_) throw ShapeError("shape: axis " + std::to_string(axis) + " of " + text());
    return extents_[from_start];
}

int64_t Shape::elements() const {
    int64_t product = 1;
    for (const int64_t extent : extents()) product *= extent;
    return product;
}

std::string Shape::text() const {
    std::string out = "[";
    for (int axis = 0; axis < rank_; ++axis) out += (axis ? ", " : "") + std::to_string(extents_[axis]);
    return out + "]";
}

bool Shape::operator==(const Shape& other) const { return std::ranges::equal(extents(), other.extents()); }

Tensor Tensor::uninitialized(const Shape& shape) {
    Tensor tensor;
    tensor.shape_ = shape;
    tensor.elements_ = shape.elements();
    tensor.storage_ = allocate(tensor.elements_);
    tensor.data_ = tensor.storage_.get();
    return tensor;
}

Tensor::Tensor(const Shape& shape) : shape_(shape), elements_(shape.elements()), storage_(allocate(elements_)), data_(storage_.get()) {
    std::fill_n(data_, elements_, 0.0f);
}

Tensor::Tensor(const Shape& shape, std::span<const float> values)
    : shape_(shape), elements_(shape.elements()), storage_(allocate(elements_)), data_(storage_.get()) {
    if (static_cast<int64_t>(values.size()) != elements_)
        throw ShapeError("tensor: " + std::to_string(values.size()) + " values for shape " + shape.text());
    std::copy(values.begin(), values.end(), data_);
}

Tensor::Tensor(const Shape& shape, std::initializer_list<float> values) : Tensor(shape, std::span(values.begin(), values.size())) {}

Tensor Tensor::full(const Shape& shape, float value) {
    Tensor tensor = uninitialized(shape);
    std::fill_n(tensor.data_, tensor.elements_, value);
    return tensor;
}

float Tensor::item() const {
    if (elements_ != 1) throw ShapeError("item: needs one element, shape is " + shape_.text());
    return data_[0];
}

Tensor Tensor::reshaped(const Shape& shape) const {
    if (shape.elements() != elements_) throw ShapeError("reshape: " + shape_.text() + " to " + shape.text());
    Tensor view = *this;
    view.shape_ = shape;
    return view;
}

Tensor Tensor::rows(int64_t begin, int64_t count) const {
    if (rank() == 0 || begin < 0 || count < 0 || begin + count > shape_[0])
        throw ShapeError("rows: [" + std::to_string(begin) + ", " + std::to_string(begin + count) + ") of " + shape_.text());
    int64_t extents[Shape::max_rank];
    std::ranges::copy(shape_.extents(), extents);
    const int64_t row = shape_[0] == 0 ? 0 : elements_ / shape_[0];
    extents[0] = count;
    Tensor view = *this;
    view.shape_ = Shape(std::span<const int64_t>(extents, static_cast<size_t>(rank())));
    view.elements_ = count * row;
    view.data_ = data_ + begin * row;
    return view;
}

Tensor Tensor::clone() const {
    Tensor copy = uninitialized(shape_);
    std::copy_n(data_, elements_, copy.data_);
    return copy;
}

uint64_t checksum(const Tensor& tensor, uint64_t seed) {
    uint64_t hash = seed;
    const auto mix = [&hash](uint32_t word) {
        for (int byte = 0; byte < 4; ++byte) hash = (hash ^ ((word >> (8 * byte)) & 0xff)) * 1099511628211ull;
    };
    for (const int64_t extent : tensor.shape().extents()) mix(static_cast<uint32_t>(extent));
    for (const float value : tensor.values()) mix(std::bit_cast<uint32_t>(value));
    return hash;
}

int64_t flat_index(const Shape& shape, std::span<const int64_t> index) {
    const auto text = [&] { return Shape(index).text() + " in shape " + shape.text(); };
    if (static_cast<int>(index.size()) != shape.rank())
        throw ValueError("index: " + std::to_string(index.size()) + " numbers for shape " + shape.text());
    int64_t flat = 0;
    for (int axis = 0; axis < shape.rank(); ++axis) {
        const int64_t position = index[static_cast<size_t>(axis)];
        if (position < 0) throw ValueError("index: " + std::to_string(position) + " is negative, shape is " + shape.text());
        if (position >= shape[axis]) throw ValueError("index: " + text());
        flat = flat * shape[axis] + position;
    }
    return flat;
}

void unravel_index(const Shape& shape, int64_t flat, std::span<int64_t> index) {
    if (flat < 0 || flat >= shape.elements() || static_cast<int>(index.size()) != shape.rank())
        throw ValueError("index: element " + std::to_string(flat) + " of shape " + shape.text());
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        index[static_cast<size_t>(axis)] = flat % shape[axis];
        flat /= shape[axis];
    }
}

}  // namespace trilens

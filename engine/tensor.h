// Tensor: a shape and contiguous float32 values in row-major order.
// Layouts by convention: pictures [N, C, H, W], sequences [T, N, F], attention [N, heads, Tq, Tk].
// Copies share storage (like a PyTorch tensor); reshaped() and rows() are views that keep the storage alive.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>

#include "engine/errors.h"

namespace trilens {

// The extents of a tensor, outermost first; rank 0 is a scalar (one element).
class Shape {
public:
    static constexpr int max_rank = 6;

    Shape() = default;
    Shape(std::initializer_list<int64_t> extents);      // throws ShapeError: negative extent, more than max_rank, over 2^31 elements
    explicit Shape(std::span<const int64_t> extents);

    int rank() const { return rank_; }
    int64_t operator[](int axis) const;                 // axis -1 is the last; throws ShapeError outside [-rank, rank)
    int64_t elements() const;                           // product of the extents
    std::span<const int64_t> extents() const { return {extents_, static_cast<size_t>(rank_)}; }
    std::string text() const;                           // "[1, 8, 28, 28]"
    bool operator==(const Shape& other) const;

private:
    int64_t extents_[max_rank] = {};
    int rank_ = 0;
};

class Tensor {
public:
    Tensor() : Tensor(Shape{0}) {}
    explicit Tensor(const Shape& shape);                         // zeros
    Tensor(const Shape& shape, std::span<const float> values);   // a copy; throws ShapeError if the counts differ
    Tensor(const Shape& shape, std::initializer_list<float> values);
    static Tensor uninitialized(const Shape& shape);             // for kernels that write every element
    static Tensor full(const Shape& shape, float value);

    const Shape& shape() const { return shape_; }
    int rank() const { return shape_.rank(); }
    int64_t extent(int axis) const { return shape_[axis]; }
    int64_t elements() const { return elements_; }
    bool empty() const { return elements_ == 0; }

    float* data() { return data_; }
    const float* data() const { return data_; }
    std::span<float> values() { return {data_, static_cast<size_t>(elements_)}; }
    std::span<const float> values() const { return {data_, static_cast<size_t>(elements_)}; }
    float item() const;                                 // the only element; throws ShapeError otherwise

    Tensor reshaped(const Shape& shape) const;          // a view; throws ShapeError if the counts differ
    Tensor rows(int64_t begin, int64_t count) const;    // a view of [begin, begin + count) along axis 0
    Tensor clone() const;
    bool shares_storage() const { return storage_.use_count() > 1; }

private:
    Shape shape_;
    int64_t elements_ = 0;
    std::shared_ptr<float> storage_;
    float* data_ = nullptr;
};

// 64-bit FNV-1a over the bytes of the values and of the shape: equal only for equal bits.
uint64_t checksum(const Tensor& tensor, uint64_t seed = 14695981039346656037ull);

// The row-major position of `index` in `shape`, and back. Throw ValueError outside.
int64_t flat_index(const Shape& shape, std::span<const int64_t> index);
void unravel_index(const Shape& shape, int64_t flat, std::span<int64_t> index);

}  // namespace trilens

// Kernels: the ones that have a name, of every size, and those that a learner types as rows of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.h"

namespace trilens {

enum class KernelKind { identity, edge, sobel_x, sobel_y, blur, sharpen, emboss, learned, typed };

constexpr int64_t largest_kernel = 7;

// A named kernel, [1, 1, size, size], or [1, 1, 1, size] for a curve. With k the size, m = (k - 1) / 2 rounded down the middle, and
// d = binomial(k - 1) * [-1, 1] the derivative and s = binomial(k) the smoothing of Sobel and Feldman 1968 (at size 3: -1 0 1 and 1 2 1):
//   identity  1 in the middle, else 0
//   edge      -1 everywhere, in the middle what makes the sum 0 (at size 3 the Laplacian with all eight neighbours)
//   sobel_x   s(row) d(column); sobel_y the same with rows and columns exchanged; nothing to compare at size 1: 0
//   blur      s(row) s(column) / sum
//   sharpen   -1 in the middle row and column, in the middle what makes the sum 1
//   emboss    row + column - (k - 1), and 1 more in the middle
// A curve has the same in one dimension; sobel_y is 0 there. Throws ValueError for a size below 1 or a kind without a formula.
Tensor named_kernel(KernelKind kind, int64_t size, bool curve);

// What a learner typed: "0 -1 0; -1 5 -1; 0 -1 0", rows by semicolons or line ends, numbers by spaces or commas. As many rows as columns or
// one row, at most 7 x 7, no number beyond 1000 -> [rows, columns]. Throws ValueError saying in the language on screen what is wrong.
Tensor parse_kernel(std::string_view text);
// The line that parse_kernel reads back to the same bits, of a kernel [.., rows, columns].
std::string kernel_text(const Tensor& kernel);

// The middle of a kernel [.., rows, columns] as [1, 1, size, size], with zeros around where it is smaller; [1, 1, 1, size] for a curve.
Tensor fitted_kernel(const Tensor& kernel, int64_t size, bool curve);

}  // namespace trilens

// matmul and dense on kernels/gemm. The gradient of a product is a product: dA = dC B^T, dB = A^T dC.
#include "engine/autograd/linear.h"

#include <algorithm>
#include <optional>

#include "engine/autograd/operation.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/reduction.h"

namespace trilens {
namespace {

// One or many products C = op(A) op(B), all of one size.
struct Product {
    int64_t count = 1, m = 0, n = 0, k = 0;
    bool transpose_a = false, transpose_b = false;
};

int64_t position_a(const Product& p, int64_t which, int64_t i, int64_t k) {
    return which * p.m * p.k + (p.transpose_a ? k * p.m + i : i * p.k + k);
}
int64_t position_b(const Product& p, int64_t which, int64_t k, int64_t j) {
    return which * p.k * p.n + (p.transpose_b ? j * p.k + k : k * p.n + j);
}

void multiply(const Product& p, const float* a, const float* b, float* c) {
    kernels::Gemm sizes;
    sizes.m = p.m;
    sizes.n = p.n;
    sizes.k = p.k;
    sizes.transpose_a = p.transpose_a;
    sizes.transpose_b = p.transpose_b;
    kernels::gemm(sizes, {p.count, p.m * p.k, p.k * p.n, p.m * p.n}, a, b, c);
}

// dA in the layout of A: op(A) is m x k, so A is dC op(B)^T, or its transpose.
void gradient_a(const Product& p, const float* dc, const float* b, float* da) {
    if (p.transpose_a) multiply({p.count, p.k, p.m, p.n, p.transpose_b, true}, b, dc, da);
    else multiply({p.count, p.m, p.k, p.n, false, !p.transpose_b}, dc, b, da);
}
void gradient_b(const Product& p, const float* a, const float* dc, float* db) {
    if (p.transpose_b) multiply({p.count, p.n, p.k, p.m, true, p.transpose_a}, dc, a, db);
    else multiply({p.count, p.k, p.n, p.m, !p.transpose_a, false}, a, dc, db);
}

Product checked_product(const Shape& a, const Shape& b, bool transpose_a, bool transpose_b) {
    const auto refuse = [&] { throw ShapeError(misfit("matmul", a, b, "[.., M, K] and [.., K, N]")); };
    if (a.rank() < 2 || a.rank() != b.rank()) refuse();
    Product product{1, a[transpose_a ? -1 : -2], b[transpose_b ? -2 : -1], a[transpose_a ? -2 : -1], transpose_a, transpose_b};
    if (b[transpose_b ? -1 : -2] != product.k) refuse();
    for (int axis = 0; axis < a.rank() - 2; ++axis) {
        if (a[axis] != b[axis]) refuse();
        product.count *= a[axis];
    }
    return product;
}

Shape with_last_axes(const Shape& shape, int dropped, std::initializer_list<int64_t> last) {
    std::vector<int64_t> extents(shape.extents().begin(), shape.extents().end() - dropped);
    extents.insert(extents.end(), last);
    return Shape(std::span<const int64_t>(extents));
}

Value fully_connected(Value x, Value weight, const Value* bias) {
    if (x.shape().rank() < 1 || weight.shape().rank() != 2 || weight.shape()[1] != x.shape()[-1])
        throw ShapeError(misfit("dense", x.shape(), weight.shape(), "x [.., F_in] and weight [F_out, F_in]"));
    const int64_t inputs = weight.shape()[1], outputs = weight.shape()[0];
    if (bias && bias->shape() != Shape{outputs})
        throw ShapeError(misfit("dense", weight.shape(), bias->shape(), "bias " + Shape{outputs}.text()));
    Tensor y = Tensor::uninitialized(with_last_axes(x.shape(), 1, {outputs}));
    const int64_t rows = inputs ? x.tensor().elements() / inputs : (outputs ? y.elements() / outputs : 0);
    kernels::Gemm sizes;
    sizes.m = rows;
    sizes.n = outputs;
    sizes.k = inputs;
    sizes.transpose_b = true;
    sizes.column_bias = bias ? bias->tensor().data() : nullptr;
    kernels::gemm(sizes, x.tensor().data(), weight.tensor().data(), y.data());

    const Product product{1, rows, outputs, inputs, false, true};
    const std::optional<Value> saved_bias = bias ? std::optional(*bias) : std::nullopt;
    const auto backward = [product, x, weight, saved_bias](Graph& graph, const Tensor& dy) {
        send_back(graph, x, [&](float* dx) { gradient_a(product, dy.data(), weight.tensor().data(), dx); });
        send_back(graph, weight, [&](float* dw) { gradient_b(product, x.tensor().data(), dy.data(), dw); });
        if (saved_bias) send_back(graph, *saved_bias, [&](float* db) { kernels::sum_axis(1, product.m, product.n, dy.data(), db); });
    };
    const auto explain = [inputs, outputs, x, weight, saved_bias, y](const Graph&, int64_t index) {
        Explanation explanation{Explanation::Kind::sum, y.data()[index], saved_bias ? "sum(x * w) + b" : "sum(x * w)", {}};
        const int64_t row = index / outputs, column = index % outputs;
        for (int64_t k = 0; k < inputs; ++k) explanation.terms.push_back(term(x, row * inputs + k, weight, column * inputs + k));
        if (saved_bias) explanation.terms.push_back(term(*saved_bias, column));
        return explanation;
    };
    if (!bias) return record("dense", Reach::everything, {x, weight}, y, backward, explain);
    return record("dense", Reach::everything, {x, weight, *bias}, y, backward, explain);
}

}  // namespace

Value matmul(Value a, Value b, bool transpose_a, bool transpose_b) {
    const Product product = checked_product(a.shape(), b.shape(), transpose_a, transpose_b);
    Tensor c = Tensor::uninitialized(with_last_axes(a.shape(), 2, {product.m, product.n}));
    multiply(product, a.tensor().data(), b.tensor().data(), c.data());
    return record(
        "matmul", Reach::everything, {a, b}, c,
        [product, a, b](Graph& graph, const Tensor& dc) {
            send_back(graph, a, [&](float* da) { gradient_a(product, dc.data(), b.tensor().data(), da); });
            send_back(graph, b, [&](float* db) { gradient_b(product, a.tensor().data(), dc.data(), db); });
        },
        [product, a, b, c](const Graph&, int64_t index) {
            Explanation explanation{Explanation::Kind::sum, c.data()[index], "sum(a * b)", {}};
            const int64_t which = index / (product.m * product.n), i = index / product.n % product.m, j = index % product.n;
            for (int64_t k = 0; k < product.k; ++k)
                explanation.terms.push_back(term(a, position_a(product, which, i, k), b, position_b(product, which, k, j)));
            return explanation;
        });
}

Value dense(Value x, Value weight, Value bias) { return fully_connected(x, weight, &bias); }
Value dense(Value x, Value weight) { return fully_connected(x, weight, nullptr); }

}  // namespace trilens

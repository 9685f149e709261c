// Elementary functions by argument reduction and minimax polynomials (Remez 1934; Muller, "Elementary Functions", 3rd ed. 2016).
// Each is written once over W lanes, so scalar and span forms give the same bits; exp, log, tanh, sigmoid stay in float, the others
// compute in double and round once. A polynomial's coefficients stand lowest degree first.
#include "engine/math.h"

#include <bit>
#include <cmath>

#include "engine/simd.h"

namespace trilens::math {
namespace {

using simd::bits_as;
using simd::DoublesOf;
using simd::FloatsOf;
using simd::IntsOf;
using simd::LongsOf;
using simd::select;
using simd::splat;

template <class V, class T, size_t N>
inline V polynomial(V x, const T (&coefficients)[N]) {
    V sum = coefficients[N - 1] + V{};
    for (size_t i = N - 1; i-- > 0;) sum = sum * x + coefficients[i];
    return sum;
}

template <class V>
inline V magnitude(V x) {
    using I = IntsOf<sizeof(V) / 4>;
    return bits_as<V>(bits_as<I>(x) & 0x7fffffff);
}
template <class V>
inline V with_sign_of(V positive, V sign) {
    using I = IntsOf<sizeof(V) / 4>;
    return bits_as<V>(bits_as<I>(positive) | (bits_as<I>(sign) & INT32_MIN));
}

// e^x = 2^n e^r, |r| <= ln 2 / 2, e^r = 1 + r + r^2 Q(r). 2^n is applied in two halves, so that subnormal results round once.
template <int W>
inline FloatsOf<W> exp_lanes(FloatsOf<W> x) {
    using F = FloatsOf<W>;
    using I = IntsOf<W>;
    static constexpr float q[] = {0x1.fffffcp-2f, 0x1.555490p-3f, 0x1.5558f8p-5f, 0x1.123b02p-7f, 0x1.6a2288p-10f};
    constexpr float round = 0x1.8p23f;   // adding it leaves the nearest integer in the low bits
    x = select(x < -104.0f, splat<W>(-104.0f), x);
    x = select(x > 89.0f, splat<W>(89.0f), x);
    const F shifted = x * 0x1.715476p+0f + round;
    const F n = shifted - round;
    const I exponent = bits_as<I>(shifted) - bits_as<I>(splat<W>(round));
    const F coarse = x - n * 0x1.62e4p-1f, fine = n * -0x1.7f7d1cp-20f;
    const F r = coarse + fine;
    const F sum = 1.0f + r;
    const F lost = ((coarse - r) + fine) + (r - (sum - 1.0f));   // by both roundings
    const F power = sum + (polynomial(r, q) * (r * r) + lost);
    const I half = exponent >> 1;
    return power * bits_as<F>((half + 127) << 23) * bits_as<F>((exponent - half + 127) << 23);
}

// x = 2^e m, m in [sqrt 1/2, sqrt 2), f = m - 1, ln m = f - f^2 / 2 + f^3 P(f).
template <int W>
inline FloatsOf<W> log_lanes(FloatsOf<W> x) {
    using F = FloatsOf<W>;
    using I = IntsOf<W>;
    static constexpr float p[] = {0x1.55554ap-2f, -0x1.000220p-2f, 0x1.99a596p-3f, -0x1.54788ep-3f,
                                  0x1.226e44p-3f, -0x1.0ce066p-3f, 0x1.07d10cp-3f, -0x1.41ee90p-4f};
    constexpr int32_t root_half = 0x3f3504f3;   // the bits of sqrt(1/2)
    const auto subnormal = x < 0x1p-126f;
    const I bits = bits_as<I>(select(subnormal, x * 0x1p23f, x)) - root_half;
    const I e = (bits >> 23) - (subnormal & 23);
    const F f = bits_as<F>((bits & 0x7fffff) + root_half) - 1.0f;
    const F exponent = __builtin_convertvector(e, F);
    const F square = f * f;
    const F tail = (polynomial(f, p) * f * square + exponent * 0x1.7f7d1cp-20f) - 0.5f * square;
    F y = (f + tail) + exponent * 0x1.62e4p-1f;
    y = select(x == 0.0f, splat<W>(-INFINITY), y);
    y = select(x == INFINITY, splat<W>(INFINITY), y);
    return select(x >= 0.0f, y, splat<W>(NAN));
}

// Near 0 an odd polynomial, x + x^3 T(x^2); else 1 - 2 / (e^2|x| + 1).
template <int W>
inline FloatsOf<W> tanh_lanes(FloatsOf<W> x) {
    using F = FloatsOf<W>;
    static constexpr float t[] = {-0x1.55552cp-2f, 0x1.1105a2p-3f, -0x1.b806a6p-5f, 0x1.50b82cp-6f, -0x1.6f4214p-8f};
    const F size = magnitude(x);
    const F square = x * x;
    const F near = polynomial(square, t) * square * size + size;
    const F far = 1.0f - 2.0f / (exp_lanes<W>(size + size) + 1.0f);
    return with_sign_of(select(size < 0.625f, near, far), x);
}

// With t = e^-|x|: 1 / (1 + t) on the right, t / (1 + t) on the left, where it keeps its accuracy down to the subnormals.
// What 1 + t lost in rounding is made good after the division, with 1 / (1 + t) near enough as 1.5 - (1 + t) / 2.
template <int W>
inline FloatsOf<W> sigmoid_lanes(FloatsOf<W> x) {
    using F = FloatsOf<W>;
    const F t = exp_lanes<W>(bits_as<F>(bits_as<IntsOf<W>>(x) | INT32_MIN));
    const F sum = 1.0f + t;
    const F lost = t - (sum - 1.0f);
    const F quotient = select(x < 0.0f, t, splat<W>(1.0f)) / sum;
    return quotient - quotient * (lost * (1.5f - 0.5f * sum));
}

template <int W>
inline FloatsOf<W> sqrt_lanes(FloatsOf<W> x) {
    return simd::square_root(x);
}

// e^x for -1000 < x <= 0.
template <int W>
inline DoublesOf<W> exp_of_negative(DoublesOf<W> x) {
    using D = DoublesOf<W>;
    using L = LongsOf<W>;
    static constexpr double p[] = {0x1.ffffffffff7a4p-1,  0x1.ffffffffd5595p-1,  0x1.0000000087ff5p-1,
                                   0x1.555555a08ece0p-3,  0x1.55555404f8f6fp-5,  0x1.1110829f1508ep-7,
                                   0x1.6c18b349631abp-10, 0x1.a1a8322387519p-13, 0x1.9edaa36a74675p-16};
    constexpr double round = 0x1.8p52;
    const D shifted = x * 0x1.71547652b82fep+0 + round;
    const L n = bits_as<L>(shifted) - bits_as<L>(round + D{});
    const D r = x - (shifted - round) * 0x1.62e42fefa39efp-1;
    return polynomial(r, p) * bits_as<D>((n + 1023) << 52);
}

// erfc(z) e^(z^2) for 0 <= z <= 11: a polynomial in (z - 3) / (z + 3), over 1 + 2z (Schonfelder, Math. Comp. 32, 1978).
template <int W>
inline DoublesOf<W> scaled_erfc(DoublesOf<W> z) {
    using D = DoublesOf<W>;
    static constexpr double p[] = {0x1.40c522d7ee0aap+0,  -0x1.15c084e0b25e4p-3,  -0x1.85a15d1f806c1p-5,  0x1.09836e0902a42p-3,
                                   -0x1.e88b6f5ba5302p-4, 0x1.17c956cb52ecap-4,   -0x1.85793973c1a2bp-6,  0x1.4c1b0ebc18a9fp-9,
                                   0x1.f11f308cb6596p-10, -0x1.9d95e4424f610p-11, -0x1.0f1d4b54197b5p-13, 0x1.02c65eda431a8p-13,
                                   0x1.0c4d122c105f8p-15};
    const D linear = 1.0 + 2.0 * z;
    const D inverse = 1.0 / ((z + 3.0) * linear);
    return polynomial((z - 3.0) * linear * inverse, p) * ((z + 3.0) * inverse);
}

template <int W>
inline FloatsOf<W> erf_lanes(FloatsOf<W> x) {
    using F = FloatsOf<W>;
    using D = DoublesOf<W>;
    static constexpr double e[] = {0x1.20dd75040080ap+0, -0x1.8127465fb9b98p-2,  0x1.ce2f0798bec50p-4,  -0x1.b829a7a7b1373p-6,
                                   0x1.5628ee0585dbbp-8, -0x1.bcbe9b9115df5p-11, 0x1.d826984312309p-14, -0x1.43841457d2fa6p-17};
    F size = magnitude(x);
    size = select(size > 5.0f, splat<W>(5.0f), size);   // erf(5) rounds to 1
    const D z = __builtin_convertvector(size, D);
    const D square = z * z;
    const F near = __builtin_convertvector(z * polynomial(square, e), F);
    const F far = __builtin_convertvector(1.0 - exp_of_negative<W>(-square) * scaled_erfc<W>(z), F);
    return with_sign_of(select(size < 1.0f, near, far), x);
}

// The normal distribution at x: e^(-x^2 / 2) and the integral Phi(x) of its density.
template <int W>
struct Normal {
    DoublesOf<W> x, bell, integral;

    explicit Normal(FloatsOf<W> argument) {
        using F = FloatsOf<W>;
        using D = DoublesOf<W>;
        F limited = select(argument < -15.5f, splat<W>(-15.5f), argument);   // beyond, x Phi(x) is less than any float
        limited = select(limited > 15.5f, splat<W>(15.5f), limited);
        x = __builtin_convertvector(limited, D);
        bell = exp_of_negative<W>(-0.5 * (x * x));
        const D z = __builtin_convertvector(magnitude(limited), D) * 0x1.6a09e667f3bcdp-1;
        const D tail = 0.5 * (bell * scaled_erfc<W>(z));
        integral = x < 0.0 ? tail : 1.0 - tail;
    }
};

template <int W>
inline FloatsOf<W> gelu_lanes(FloatsOf<W> x) {
    const Normal<W> normal(x);
    const FloatsOf<W> y = __builtin_convertvector(normal.x * normal.integral, FloatsOf<W>);
    return select(x > 15.5f, x, y);
}

template <int W>
inline FloatsOf<W> gelu_derivative_lanes(FloatsOf<W> x) {
    const Normal<W> normal(x);
    return __builtin_convertvector(normal.integral + normal.x * normal.bell * 0x1.9884533d43651p-2, FloatsOf<W>);
}

// The first 288 bits of 2 / pi, behind 32 zero bits: bit j (of weight 2^-j) is bit 31 + j of the table.
constexpr uint32_t two_over_pi[] = {0,          0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0,
                                    0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561, 0xb7246e3a};

uint32_t two_over_pi_bits(int first) {   // 32 bits of the table
    const int word = first / 32, shift = first % 32;
    return static_cast<uint32_t>(((uint64_t{two_over_pi[word]} << 32 | two_over_pi[word + 1]) << shift) >> 32);
}

// |x| >= 2^20. x = m 2^e; of 2/pi only the bits matter that make m 2^e 2/pi modulo 4 (Payne and Hanek, SIGNUM 18, 1983).
double reduce_large(float x, int64_t& quadrant) {
    const uint32_t bits = std::bit_cast<uint32_t>(x) & 0x7fffffff;
    const int e = static_cast<int>(bits >> 23) - 150;
    const uint64_t m = (bits & 0x7fffff) | 0x800000;
    const int first = e + 30;   // of weight 2^(1 - e)
    const uint64_t high = uint64_t{two_over_pi_bits(first)} << 32 | two_over_pi_bits(first + 32);
    const uint64_t product = m * high + (m * two_over_pi_bits(first + 64) >> 32);   // in units of 2^-62 quarter turns
    const uint64_t nearest = (product + (uint64_t{1} << 61)) >> 62;
    const double r = static_cast<double>(static_cast<int64_t>(product - (nearest << 62))) * 0x1.921fb54442d18p-62;
    quadrant = x < 0 ? -static_cast<int64_t>(nearest) : static_cast<int64_t>(nearest);
    return x < 0 ? -r : r;
}

// sin(x + shift pi / 2): x = q pi/2 + r, |r| <= pi/4; pi/2 in two parts (Cody and Waite 1980), the first of 33 bits.
template <int W, int shift>
inline FloatsOf<W> sine_lanes(FloatsOf<W> x) {
    using F = FloatsOf<W>;
    using D = DoublesOf<W>;
    using L = LongsOf<W>;
    static constexpr double s[] = {0x1.fffffffff5fcdp-1, -0x1.55555548e0cffp-3, 0x1.11110716ea745p-7, -0x1.a00ec5f5fab0ap-13,
                                   0x1.6cb0654a850c5p-19};
    static constexpr double c[] = {0x1.ffffffffffdb0p-1,   -0x1.ffffffffdfeb9p-2, 0x1.555555430b0d9p-5,
                                   -0x1.6c16b207752dap-10, 0x1.a00e385f2a84bp-16, -0x1.23b68e6f0826fp-22};
    constexpr double round = 0x1.8p52;
    const D argument = __builtin_convertvector(x, D);
    const D shifted = argument * 0x1.45f306dc9c883p-1 + round;
    const D n = shifted - round;
    L q = bits_as<L>(shifted) - bits_as<L>(round + D{});
    D r = (argument - n * 0x1.921fb544p+0) - n * 0x1.0b4611a626331p-34;
    for (int lane = 0; lane < W; ++lane) {
        const float size = x[lane] < 0 ? -x[lane] : x[lane];
        if (size >= 0x1p20f && size < INFINITY) {
            int64_t quadrant;
            r[lane] = reduce_large(x[lane], quadrant);
            q[lane] = quadrant;
        }
    }
    q += shift;
    const D square = r * r;
    const D value = (q & 1) != 0 ? polynomial(square, c) : r * polynomial(square, s);
    return __builtin_convertvector(bits_as<D>(bits_as<L>(value) ^ ((q & 2) << 62)), F);
}
template <int W>
inline FloatsOf<W> sin_lanes(FloatsOf<W> x) {
    return sine_lanes<W, 0>(x);
}
template <int W>
inline FloatsOf<W> cos_lanes(FloatsOf<W> x) {
    return sine_lanes<W, 1>(x);
}

template <class F>
inline void over(std::span<const float> x, std::span<float> y, F function) {
    constexpr size_t width = simd::width;
    size_t i = 0;
    for (; i + width <= x.size(); i += width) simd::store(&y[i], function(simd::load(&x[i])));
    if (const auto left = static_cast<int64_t>(x.size() - i); left > 0)
        simd::store_part(&y[i], function(simd::load_part(&x[i], left)), left);
}

}  // namespace

#define TRILENS_ELEMENTARY(name)                                                         \
    float name(float x) { return name##_lanes<4>(splat<4>(x))[0]; }                      \
    void name(std::span<const float> x, std::span<float> y) {                            \
        over(x, y, [](simd::Floats lanes) { return name##_lanes<simd::width>(lanes); }); \
    }

TRILENS_ELEMENTARY(exp)
TRILENS_ELEMENTARY(log)
TRILENS_ELEMENTARY(tanh)
TRILENS_ELEMENTARY(sigmoid)
TRILENS_ELEMENTARY(erf)
TRILENS_ELEMENTARY(gelu)
TRILENS_ELEMENTARY(gelu_derivative)
TRILENS_ELEMENTARY(sin)
TRILENS_ELEMENTARY(cos)
TRILENS_ELEMENTARY(sqrt)

}  // namespace trilens::math

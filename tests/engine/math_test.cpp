// Elementary functions against the C library's long double (double on the web, where long double is made of software): the largest error in
// units in the last place over a dense sweep of all floats is printed and may be at most 2; special values; scalar and span forms give the
// same bits.
#include "engine/math.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace trilens;

namespace {

#if defined(__EMSCRIPTEN__)
using Exact = double;
constexpr uint64_t sweep_step = 4099;  // 1 million points each
#else
using Exact = long double;
constexpr uint64_t sweep_step = 409;    // 10.5 million points each
#endif
using Reference = Exact (*)(Exact);
using Scalar = float (*)(float);
using Spans = void (*)(std::span<const float>, std::span<float>);

struct Function {
    const char* name;
    Scalar scalar;
    Spans spans;
    Reference reference;
};
const Function functions[] = {
    {"exp", math::exp, math::exp, [](Exact x) { return std::exp(x); }},
    {"log", math::log, math::log, [](Exact x) { return std::log(x); }},
    {"tanh", math::tanh, math::tanh, [](Exact x) { return std::tanh(x); }},
    {"sigmoid", math::sigmoid, math::sigmoid, [](Exact x) { return 1 / (1 + std::exp(-x)); }},
    {"erf", math::erf, math::erf, [](Exact x) { return std::erf(x); }},
    {"gelu", math::gelu, math::gelu, [](Exact x) { return x / 2 * std::erfc(-x / std::sqrt(Exact{2})); }},
    {"sin", math::sin, math::sin, [](Exact x) { return std::sin(x); }},
    {"cos", math::cos, math::cos, [](Exact x) { return std::cos(x); }},
    {"sqrt", math::sqrt, math::sqrt, [](Exact x) { return std::sqrt(x); }},
};

// |y - exact| in units of the last place that a float of exact's size has; subnormals have that of the smallest normal.
double error_in_ulp(float y, Exact exact) {
    int exponent;
    std::frexp(exact, &exponent);
    return static_cast<double>(std::fabs(static_cast<Exact>(y) - exact) / std::ldexp(Exact{1}, std::max(exponent, -125) - 24));
}

// Every `step`-th bit pattern from first on: all exponents and both signs, as many points in each.
double largest_error(const Function& f, uint64_t first, uint64_t last, uint64_t step) {
    double worst = 0;
    std::vector<float> x, y(4096);
    for (uint64_t bits = first; bits < last;) {
        x.clear();
        for (; x.size() < y.size() && bits < last; bits += step) x.push_back(std::bit_cast<float>(static_cast<uint32_t>(bits)));
        f.spans(x, y);
        for (size_t i = 0; i < x.size(); ++i) {
            if (!std::isfinite(x[i])) continue;
            const Exact exact = f.reference(x[i]);
            const auto rounded = static_cast<float>(exact);
            if (std::isnan(rounded) || std::isinf(rounded) || std::isinf(y[i])) {
                if (std::isnan(rounded) ? !std::isnan(y[i]) : rounded != y[i]) return std::numeric_limits<double>::infinity();
            } else {
                const double error = error_in_ulp(y[i], exact);
                if (!(error <= worst)) worst = error;
            }
        }
    }
    return worst;
}

bool same_bits(float a, float b) { return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b); }

}  // namespace

TEST_CASE("elementary functions are within 2 ulp over all floats") {
    for (const Function& f : functions) {
        const double worst = largest_error(f, 0, uint64_t{1} << 32, sweep_step);
        MESSAGE(std::string(f.name), ": at most ", worst, " ulp");
        CHECK_MESSAGE(worst <= 2.0, std::string(f.name));
    }
    // Where sigmoid is hardest, natively every float: x from -4 to -16.
    const double worst = largest_error(functions[3], 0xC0800000u, 0xC1800000u, sweep_step / 409);
    MESSAGE("sigmoid on [-16, -4]: at most ", worst, " ulp");
    CHECK(worst <= 2.0);
}

TEST_CASE("elementary functions at infinity, zero and NaN follow Annex F of C") {
    const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    for (const Function& f : functions) CHECK_MESSAGE(std::isnan(f.scalar(nan)), f.name);
    CHECK(math::exp(infinity) == infinity);
    CHECK(same_bits(math::exp(-infinity), 0.0f));
    CHECK(math::exp(0.0f) == 1.0f);
    CHECK(math::exp(89.0f) == infinity);
    CHECK(math::log(infinity) == infinity);
    CHECK(math::log(0.0f) == -infinity);
    CHECK(math::log(-0.0f) == -infinity);
    CHECK(same_bits(math::log(1.0f), 0.0f));
    CHECK(std::isnan(math::log(-1.0f)));
    CHECK(std::isnan(math::log(-infinity)));
    CHECK(math::tanh(infinity) == 1.0f);
    CHECK(math::tanh(-infinity) == -1.0f);
    CHECK(math::sigmoid(infinity) == 1.0f);
    CHECK(same_bits(math::sigmoid(-infinity), 0.0f));
    CHECK(math::sigmoid(0.0f) == 0.5f);
    CHECK(math::erf(infinity) == 1.0f);
    CHECK(math::erf(-infinity) == -1.0f);
    CHECK(math::gelu(infinity) == infinity);
    CHECK(math::gelu(-infinity) == 0.0f);
    CHECK(std::isnan(math::sin(infinity)));
    CHECK(std::isnan(math::cos(-infinity)));
    CHECK(std::isnan(math::sqrt(-1.0f)));
    CHECK(math::cos(0.0f) == 1.0f);
    for (const Scalar odd : {Scalar{math::tanh}, Scalar{math::erf}, Scalar{math::sin}, Scalar{math::sqrt}}) {
        CHECK(same_bits(odd(0.0f), 0.0f));
        CHECK(same_bits(odd(-0.0f), -0.0f));
    }
}

TEST_CASE("sines of huge arguments are reduced exactly") {
    // Independent values (computed with 200 digits).
    CHECK(math::sin(1e6f) == doctest::Approx(-0.349993502).epsilon(1e-7));
    CHECK(math::cos(16777216.0f) == doctest::Approx(0.626322983).epsilon(1e-7));
    CHECK(math::sin(std::numeric_limits<float>::max()) == doctest::Approx(-0.521876523).epsilon(1e-7));
    CHECK(math::cos(std::numeric_limits<float>::max()) == doctest::Approx(0.853021040).epsilon(1e-7));
}

TEST_CASE("the gradient of gelu is its derivative") {
    for (float x = -12; x < 12; x += 0.0625f) {
        const double bell = std::exp(-0.5 * x * x) / std::sqrt(2 * 3.14159265358979323846);
        const double exact = 0.5 * std::erfc(-x / std::sqrt(2.0)) + x * bell;
        CHECK(static_cast<double>(math::gelu_derivative(x)) == doctest::Approx(exact).epsilon(1e-6).scale(1e-7));
    }
}

TEST_CASE("scalar and span forms give the same bits at every place of a span") {
    for (const Function& f : functions) {
        std::vector<float> x, y;
        for (int i = 0; i < 61; ++i) x.push_back(std::bit_cast<float>(static_cast<uint32_t>(i) * 70000003u));
        for (size_t count = 0; count <= x.size(); count += 7) {
            y.assign(x.size(), -7.0f);
            f.spans({x.data(), count}, y);
            for (size_t i = 0; i < x.size(); ++i) {
                const float expected = i < count ? f.scalar(x[i]) : -7.0f;
                const bool same = same_bits(y[i], expected) || (std::isnan(y[i]) && std::isnan(expected));
                CHECK_MESSAGE(same, f.name, " of ", x[i], " in a span of ", count);
            }
        }
    }
}

// Elementary functions of our own, in float32: the same bits on every machine, browser and vector width.
// Never libm's: those differ between systems by an ulp, and one ulp is enough to make two trainings part.
// Errors are at most 2 ulp (tests/engine/math_test.cpp measures and prints them); infinities, NaN, subnormals and signed zeros
// follow C's Annex F. The span forms give the bits of the scalar forms; x and y may be the same memory.
#pragma once

#include <span>

namespace trilens::math {

float exp(float x);
float log(float x);       // NaN below 0, -inf at 0
float tanh(float x);
float sigmoid(float x);   // 1 / (1 + e^-x)
float erf(float x);
float gelu(float x);      // x Phi(x) = x/2 (1 + erf(x / sqrt 2)), the exact form (Hendrycks and Gimpel 2016)
float gelu_derivative(float x);  // Phi(x) + x phi(x)
float sin(float x);       // any finite argument, reduced by as many bits of 2/pi as it takes
float cos(float x);
float sqrt(float x);      // correctly rounded (IEEE 754), so the processor's

// y[i] = f(x[i]); y has at least the size of x.
void exp(std::span<const float> x, std::span<float> y);
void log(std::span<const float> x, std::span<float> y);
void tanh(std::span<const float> x, std::span<float> y);
void sigmoid(std::span<const float> x, std::span<float> y);
void erf(std::span<const float> x, std::span<float> y);
void gelu(std::span<const float> x, std::span<float> y);
void gelu_derivative(std::span<const float> x, std::span<float> y);
void sin(std::span<const float> x, std::span<float> y);
void cos(std::span<const float> x, std::span<float> y);
void sqrt(std::span<const float> x, std::span<float> y);

}  // namespace trilens::math

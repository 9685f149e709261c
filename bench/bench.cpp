// What the kernels reach of what the core can do, at 1 and at 2 threads. Prints figures and ratios; it never passes or fails, as a
// timing on a shared machine proves nothing.  bench [gemm|conv|math|digits|sums|pool]...
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "bench/digits.h"
#include "bench/measure.h"
#include "bench/sums.h"
#include "bench/training.h"
#include "engine/kernels/conv.h"
#include "engine/kernels/gemm.h"
#include "engine/math.h"
#include "engine/parallel.h"
#include "engine/random.h"
#include "engine/simd.h"

namespace trilens::bench {
namespace {

std::vector<float> noise(int64_t count) {
    Random random(1);
    std::vector<float> values(static_cast<size_t>(count));
    for (float& value : values) value = random.uniform(-1, 1);
    return values;
}

void print_rate(const std::string& name, double flops, double each, double peak) {
    const double rate = flops / each / 1e9;
    std::printf("  %-44s %9.1f us %8.1f GFLOP/s %5.0f %% of peak\n", name.c_str(), each * 1e6, rate, 100 * rate / peak);
    std::fflush(stdout);
}

void measure_gemm(double peak) {
    struct Case {
        int64_t m, n, k;
        bool a, b;
    };
    for (const Case& c : {Case{128, 128, 128, false, false}, Case{240, 240, 240, false, false}, Case{256, 256, 256, false, false},
                          Case{512, 512, 512, false, false}, Case{512, 512, 512, true, false}, Case{512, 512, 512, false, true},
                          Case{512, 512, 512, true, true}, Case{1024, 1024, 1024, false, false}, Case{64, 64, 784, false, true},
                          Case{64, 784, 64, false, false}, Case{64, 784, 64, true, false}, Case{64, 10, 64, false, true},
                          Case{1, 64, 784, false, true}, Case{1, 512, 512, false, false}, Case{32, 32, 32, false, false}}) {
        const auto a = noise(c.m * c.k), b = noise(c.k * c.n);
        std::vector<float> out(static_cast<size_t>(c.m * c.n));
        const kernels::Gemm sizes{c.m, c.n, c.k, c.a, c.b};
        const double each = best_seconds([&] { kernels::gemm(sizes, a.data(), b.data(), out.data()); });
        char name[80];
        std::snprintf(name, sizeof name, "gemm %4lld x %4lld x %4lld %s%s", static_cast<long long>(c.m), static_cast<long long>(c.n),
                      static_cast<long long>(c.k), c.a ? "A'" : "A ", c.b ? "B'" : "B ");
        print_rate(name, 2.0 * static_cast<double>(c.m * c.n * c.k), each, peak);
    }
}

kernels::Conv2d square(int64_t batch, int64_t in, int64_t out, int64_t size, int64_t kernel, int64_t stride = 1, int64_t groups = 1) {
    kernels::Conv2d s;
    s.batch = batch;
    s.in_channels = in;
    s.out_channels = out;
    s.height = s.width = size;
    s.kernel_height = s.kernel_width = kernel;
    s.stride_height = s.stride_width = stride;
    s.padding_height = s.padding_width = kernel / 2;
    s.groups = groups;
    return s;
}

void measure_conv(double peak) {
    const std::pair<const char*, kernels::Conv2d> cases[] = {
        {"3x3   1->8   28x28 batch 64", square(64, 1, 8, 28, 3)},     {"3x3   8->16  14x14 batch 64", square(64, 8, 16, 14, 3)},
        {"3x3  64->64  56x56 batch 1", square(1, 64, 64, 56, 3)},     {"1x1  64->64  56x56 batch 1", square(1, 64, 64, 56, 1)},
        {"3x3  64->64  56x56 stride 2", square(1, 64, 64, 56, 3, 2)}, {"3x3  32->32  56x56 depthwise", square(1, 32, 32, 56, 3, 1, 32)},
        {"5x5  16->16  32x32 batch 4", square(4, 16, 16, 32, 5)},     {"3x3   1->8   28x28 batch 1", square(1, 1, 8, 28, 3)},
    };
    for (const auto& [name, s] : cases) {
        const int64_t outputs = s.batch * s.out_channels * s.out_height() * s.out_width();
        const int64_t taps = s.in_channels / s.groups * s.kernel_height * s.kernel_width;
        const auto x = noise(s.batch * s.in_channels * s.height * s.width), w = noise(s.out_channels * taps), dy = noise(outputs);
        std::vector<float> y(dy.size()), dx(x.size()), dw(w.size());
        const double flops = 2.0 * static_cast<double>(outputs * taps);
        const std::string title = std::string("conv ") + name;
        print_rate(title + " forward", flops, best_seconds([&] { kernels::conv2d_forward(s, x.data(), w.data(), nullptr, y.data()); }),
                   peak);
        print_rate(title + " dx", flops, best_seconds([&] { kernels::conv2d_backward_input(s, dy.data(), w.data(), dx.data()); }), peak);
        print_rate(title + " dw", flops, best_seconds([&] { kernels::conv2d_backward_weight(s, x.data(), dy.data(), dw.data()); }), peak);
    }
}

void measure_math() {
    using Function = void (*)(std::span<const float>, std::span<float>);
    const std::pair<const char*, Function> functions[] = {{"exp", math::exp},         {"log", math::log},   {"tanh", math::tanh},
                                                          {"sigmoid", math::sigmoid}, {"gelu", math::gelu}, {"sin", math::sin},
                                                          {"cos", math::cos},         {"sqrt", math::sqrt}};
    std::vector<float> x = noise(4096), y(x.size());
    for (float& value : x) value = 4.0f * (value < 0 ? -value : value) + 0.001f;
    for (const auto& [name, function] : functions) {
        const double each = best_seconds([&, f = function] { f(x, y); });
        std::printf("  %-44s %9.2f ns an element\n", name, each * 1e9 / static_cast<double>(x.size()));
    }
}

// Native PyTorch 1.13 takes 105 ms for the plain RNN on one thread of the machine that this was written on.
void measure_sums() {
    constexpr double pytorch = 0.105;
    for (const auto& [name, cell] : {std::pair("SimpleRNN", Cell::rnn_relu), std::pair("GRU", Cell::gru), std::pair("LSTM", Cell::lstm)}) {
        const double each = best_seconds([cell] { train_sums(cell); }, 0.01, 10);
        std::printf("  sums of ten numbers, 10 epochs, %-9s %8.1f ms, %5.2f times the SimpleRNN of PyTorch\n", name, each * 1e3,
                    each / pytorch);
    }
}

void measure_digits() {
    DigitsStep step(64);
    const double each = best_seconds([&] { step.run(); });
    std::printf("  digits training step, batch 64 (kernels alone) %6.2f ms\n", each * 1e3);
    step.print_parts();
    for (const auto& [name, data] :
         {std::pair{"data in memory", TrainingStep::Data::in_memory}, std::pair{"data drawn anew", TrainingStep::Data::drawn_anew}}) {
        TrainingStep whole(64, data);
        const double full = best_seconds([&] { whole.run(); }, 0.02) / 4;
        std::printf("  digits training step, batch 64 (all of it, %s) %6.2f ms, %.2f times the kernels\n", name, full * 1e3, full / each);
    }
}

void measure_pool() {
    const double each = best_seconds([] { parallel_for(2, 1, [](int64_t, int64_t) {}); });
    std::printf("  an empty parallel_for %34.2f us\n", each * 1e6);
}

}  // namespace
}  // namespace trilens::bench

int main(int count, char** arguments) {
    using namespace trilens;
    const auto wanted = [&](const char* what) {
        for (int i = 1; i < count; ++i) {
            if (arguments[i] == std::string(what)) return true;
        }
        return count == 1;
    };
    for (const int threads : {1, 2}) {
        set_threads(threads);
        if (trilens::threads() != threads) break;   // a build without threads
        const double peak = bench::peak_gflops();
        std::printf("%d thread%s, vectors of %d floats: multiply + add peaks at %.1f GFLOP/s\n", threads, threads == 1 ? "" : "s",
                    simd::width, peak);
        if (wanted("pool")) bench::measure_pool();
        if (wanted("gemm")) bench::measure_gemm(peak);
        if (wanted("conv")) bench::measure_conv(peak);
        if (wanted("digits")) bench::measure_digits();
        if (wanted("sums")) bench::measure_sums();
        if (wanted("math") && threads == 1) bench::measure_math();
    }
    set_threads(1);
    return 0;
}

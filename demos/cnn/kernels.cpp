// Named kernels are outer products and sums of rows; typed ones are parsed by hand, so that a mistake is named.
#include "demos/cnn/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "demos/fields.h"
#include "demos/text/text.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr float largest_weight = 1000;

// Pascal's triangle: 1; 1 1; 1 2 1; ...
std::vector<float> binomial(int64_t size) {
    std::vector<float> row{1};
    while (static_cast<int64_t>(row.size()) < size) {
        row.push_back(1);
        for (size_t i = row.size() - 2; i > 0; --i) row[i] += row[i - 1];
    }
    return row;
}

std::vector<float> derivative(int64_t size) {
    std::vector<float> row(static_cast<size_t>(size), 0.0f);
    if (size < 2) return row;
    const std::vector<float> smooth = binomial(size - 1);
    for (size_t i = 0; i < smooth.size(); ++i) {
        row[i] -= smooth[i];
        row[i + 1] += smooth[i];
    }
    return row;
}

// What one cell is, before the middle is set.
float cell_value(KernelKind kind, int64_t y, int64_t x, int64_t size, bool curve) {
    const int64_t middle = (size - 1) / 2;
    switch (kind) {
    case KernelKind::identity: return 0;
    case KernelKind::edge: return -1;
    case KernelKind::sharpen: return curve || y == middle || x == middle ? -1.0f : 0.0f;
    case KernelKind::emboss: return static_cast<float>(curve ? x - middle : y + x - (size - 1));
    case KernelKind::sobel_x: return (curve ? 1 : binomial(size)[static_cast<size_t>(y)]) * derivative(size)[static_cast<size_t>(x)];
    case KernelKind::sobel_y: return curve ? 0 : derivative(size)[static_cast<size_t>(y)] * binomial(size)[static_cast<size_t>(x)];
    case KernelKind::blur: return (curve ? 1 : binomial(size)[static_cast<size_t>(y)]) * binomial(size)[static_cast<size_t>(x)];
    case KernelKind::learned:
    case KernelKind::typed: break;
    }
    throw ValueError("a learned or typed kernel has no formula");
}

bool is_separator(char c) { return c == ' ' || c == ',' || c == '\t' || c == '\r'; }

[[noreturn]] void refuse(Text why, std::initializer_list<std::string_view> parts) { throw ValueError(say(why, parts)); }

float parse_number(const std::string& word) {
    char* end = nullptr;
    const float value = std::strtof(word.c_str(), &end);
    const bool plain = std::ranges::all_of(
        word, [](char c) { return (c >= '0' && c <= '9') || std::string_view("+-.eE").find(c) != std::string_view::npos; });
    if (!plain || *end != 0) refuse(Text::kernel_no_number, {word.substr(0, 40)});
    if (!(std::fabs(value) <= largest_weight))
        refuse(Text::kernel_too_large, {word.substr(0, 40), number(static_cast<double>(largest_weight))});
    return value;
}

}  // namespace

Tensor named_kernel(KernelKind kind, int64_t size, bool curve) {
    if (size < 1) throw ValueError("a kernel of size " + std::to_string(size) + ", expected at least 1");
    const int64_t rows = curve ? 1 : size, middle = (size - 1) / 2;
    Tensor kernel(Shape{1, 1, rows, size});
    float sum = 0;
    for (int64_t y = 0; y < rows; ++y)
        for (int64_t x = 0; x < size; ++x) sum += kernel.data()[y * size + x] = cell_value(kind, y, x, size, curve);
    float& at_middle = kernel.data()[curve ? middle : middle * size + middle];
    if (kind == KernelKind::identity || kind == KernelKind::emboss) at_middle += 1;
    if (kind == KernelKind::edge) at_middle -= sum;
    if (kind == KernelKind::sharpen) at_middle += 1 - sum;
    if (kind == KernelKind::blur)
        for (float& value : kernel.values()) value /= sum;
    return kernel;
}

Tensor parse_kernel(std::string_view text) {
    std::vector<std::vector<float>> rows(1);
    for (size_t at = 0; at < text.size();) {
        if (is_separator(text[at])) {
            ++at;
        } else if (text[at] == ';' || text[at] == '\n') {
            rows.emplace_back();
            ++at;
        } else {
            const size_t from = at;
            while (at < text.size() && !is_separator(text[at]) && text[at] != ';' && text[at] != '\n') ++at;
            rows.back().push_back(parse_number(std::string(text.substr(from, at - from))));
        }
    }
    std::erase_if(rows, [](const auto& row) { return row.empty(); });  // a semicolon at the end, or before a line's
    if (rows.empty()) refuse(Text::kernel_empty, {});
    const size_t columns = rows.front().size();
    for (size_t i = 1; i < rows.size(); ++i)
        if (rows[i].size() != columns)
            refuse(Text::kernel_ragged, {std::to_string(i + 1), std::to_string(rows[i].size()), std::to_string(columns)});
    const std::string shape = std::to_string(rows.size()) + " x " + std::to_string(columns);
    if (rows.size() != 1 && rows.size() != columns) refuse(Text::kernel_not_square, {shape});
    if (static_cast<int64_t>(columns) > largest_kernel) refuse(Text::kernel_too_wide, {shape});
    Tensor kernel(Shape{static_cast<int64_t>(rows.size()), static_cast<int64_t>(columns)});
    float* to = kernel.data();
    for (const std::vector<float>& row : rows) to = std::copy(row.begin(), row.end(), to);
    return kernel;
}

std::string kernel_text(const Tensor& kernel) {
    const int64_t columns = kernel.extent(-1);
    std::string text;
    for (int64_t i = 0; i < kernel.elements(); ++i) {
        if (i > 0) text += i % columns == 0 ? "; " : " ";
        text += field_text(static_cast<double>(kernel.data()[i]));
    }
    return text;
}

Tensor fitted_kernel(const Tensor& kernel, int64_t size, bool curve) {
    const int64_t rows = kernel.extent(-2), columns = kernel.extent(-1), out_rows = curve ? 1 : size;
    const int64_t down = (rows - 1) / 2 - (out_rows - 1) / 2, right = (columns - 1) / 2 - (size - 1) / 2;  // the middles on each other
    Tensor out(Shape{1, 1, out_rows, size});
    for (int64_t y = 0; y < out_rows; ++y)
        for (int64_t x = 0; x < size; ++x) {
            const int64_t from_y = y + down, from_x = x + right;
            if (from_y < 0 || from_y >= rows || from_x < 0 || from_x >= columns) continue;
            out.data()[y * size + x] = kernel.data()[from_y * columns + from_x];
        }
    return out;
}

}  // namespace trilens

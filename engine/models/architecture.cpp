// The one table of layers that may be written, and what each line of it becomes.
#include "engine/models/architecture.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "engine/errors.h"
#include "engine/nn/conv2d.h"
#include "engine/nn/dense.h"
#include "engine/nn/norm_layers.h"
#include "engine/nn/plain_layers.h"

namespace trilens {

namespace {

using Kind = LayerPlan::Kind;

// What must follow a word: the numbers in order, and which of the named options may.
struct Grammar {
    Kind kind;
    std::string_view word, name;   // as written; the beginning of the layer's name
    bool size, kernel, options;
    int64_t largest_size;
};

constexpr Grammar grammar[] = {
    {Kind::conv, "conv", "conv", true, true, true, 256},           {Kind::max, "max", "pool", false, true, true, 0},
    {Kind::average, "average", "pool", false, true, true, 0},      {Kind::relu, "relu", "relu", false, false, false, 0},
    {Kind::leaky, "leaky", "leaky", false, false, false, 0},       {Kind::tanh, "tanh", "tanh", false, false, false, 0},
    {Kind::sigmoid, "sigmoid", "sigmoid", false, false, false, 0}, {Kind::gelu, "gelu", "gelu", false, false, false, 0},
    {Kind::norm, "norm", "norm", false, false, false, 0},          {Kind::dense, "dense", "dense", true, false, false, 4096},
    {Kind::dropout, "dropout", "dropout", true, false, false, 95},
};
constexpr int64_t largest_kernel = 31;

const Grammar& of(Kind kind) {
    return *std::ranges::find_if(grammar, [&](const Grammar& each) { return each.kind == kind; });
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    for (size_t at = 0; at <= text.size();) {
        const size_t end = std::min(text.find_first_of(separators, at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

// The words of one layer, read one after the other.
class Reader {
public:
    explicit Reader(std::string_view line) : line_(line) {
        for (const std::string_view word : split(line, " \t\n\r"))
            if (!word.empty()) words_.push_back(word);
    }
    bool done() const { return at_ == words_.size(); }
    std::string_view word() { return words_[at_++]; }
    int64_t number(std::string_view what, int64_t low, int64_t high) {
        int64_t value = 0;
        const std::string_view text = done() ? std::string_view() : word();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || text.empty() || value < low || value > high)
            fail("its " + std::string(what) + " is " + (text.empty() ? "missing" : std::string(text)) + ", expected " +
                 std::to_string(low) + " to " + std::to_string(high));
        return value;
    }
    [[noreturn]] void fail(const std::string& why) const {
        throw FormatError("architecture: \"" + std::string(line_.substr(0, 60)) + "\": " + why);
    }

private:
    std::string_view line_;
    std::vector<std::string_view> words_;
    size_t at_ = 0;
};

LayerPlan parse_layer(std::string_view line) {
    Reader reader(line);
    if (reader.done()) reader.fail("a layer is missing between two commas");
    const std::string_view word = reader.word();
    const auto found = std::ranges::find_if(grammar, [&](const Grammar& each) { return each.word == word; });
    if (found == std::end(grammar)) {
        std::string known;
        for (const Grammar& each : grammar) known += (known.empty() ? "" : ", ") + std::string(each.word);
        reader.fail("there is no such layer; there are " + known);
    }
    LayerPlan plan{.kind = found->kind};
    if (found->size)
        plan.size = reader.number(plan.kind == Kind::conv    ? "number of channels"
                                  : plan.kind == Kind::dense ? "number of features"
                                                             : "percentage",
                                  1, found->largest_size);
    if (found->kernel) plan.kernel = reader.number("size", 1, largest_kernel);
    while (!reader.done()) {
        const std::string_view option = reader.word();
        if (found->options && option == "stride") plan.stride = reader.number("stride", 1, largest_kernel);
        else if (plan.kind == Kind::conv && option == "padding") plan.padding = reader.number("padding", 0, largest_kernel);
        else if (plan.kind == Kind::conv && option == "dilation") plan.dilation = reader.number("dilation", 1, largest_kernel);
        else reader.fail("\"" + std::string(option) + "\" means nothing here");
    }
    return plan;
}

// Adds layers one by one, following the shape.
class Builder {
public:
    Builder(const Shape& input, Random& random) : shape_(input), random_(random) {}

    void add(const LayerPlan& plan) {
        const Grammar& word = of(plan.kind);
        const std::string name = std::string(word.name) + std::to_string(++counts_[word.name]);
        switch (plan.kind) {
        case Kind::conv: conv(name, plan); break;
        case Kind::max:
        case Kind::average: pool(name, plan); break;
        case Kind::norm: network_.add<BatchNorm>(name, shape_[1]); break;
        case Kind::dense: network_.add<Dense>(name, shape_.elements(), plan.size, random_); break;
        case Kind::dropout: network_.add<Dropout>(name, static_cast<float>(plan.size) / 100); break;
        case Kind::relu: network_.add<Activation>(name, Activation::Function::relu); break;
        case Kind::leaky: network_.add<Activation>(name, Activation::Function::leaky_relu); break;
        case Kind::tanh: network_.add<Activation>(name, Activation::Function::tanh); break;
        case Kind::sigmoid: network_.add<Activation>(name, Activation::Function::sigmoid); break;
        case Kind::gelu: network_.add<Activation>(name, Activation::Function::gelu); break;
        }
        shape_ = network_.layers().back()->output_shape(shape_);
    }
    Sequential finish(int64_t classes) {
        network_.add<Dense>("logits", shape_.elements(), classes, random_);
        return std::move(network_);
    }

private:
    void needs_maps(const std::string& name) const {
        if (shape_.rank() != 4)
            throw ShapeError(name + ": its input is the vector " + shape_.text() + ", expected maps: it cannot stand behind a dense layer");
    }
    bool curve() const { return shape_[2] == 1; }
    void conv(const std::string& name, const LayerPlan& plan) {
        needs_maps(name);
        Conv2dSettings settings;
        Conv2dOptions& options = settings.options;
        settings.in_channels = shape_[1];
        settings.out_channels = plan.size;
        settings.kernel_width = plan.kernel;
        settings.kernel_height = curve() ? 1 : plan.kernel;
        options.stride_width = std::max<int64_t>(plan.stride, 1);
        options.stride_height = curve() ? 1 : options.stride_width;
        options.padding_width = plan.padding >= 0 ? plan.padding : plan.dilation * (plan.kernel - 1) / 2;
        options.padding_height = curve() ? 0 : options.padding_width;
        options.dilation_width = plan.dilation;
        options.dilation_height = curve() ? 1 : plan.dilation;
        network_.add<Conv2d>(name, settings, random_);
    }
    void pool(const std::string& name, const LayerPlan& plan) {
        needs_maps(name);
        Pool2dOptions options;
        options.kernel_width = plan.kernel;
        options.kernel_height = curve() ? 1 : plan.kernel;
        options.stride_width = plan.stride > 0 ? plan.stride : plan.kernel;
        options.stride_height = curve() ? 1 : options.stride_width;
        network_.add<Pool2d>(name, plan.kind == Kind::max ? Pool2d::Function::max : Pool2d::Function::average, options);
    }

    Sequential network_;
    Shape shape_;
    Random& random_;
    std::map<std::string_view, int> counts_;
};

}  // namespace

std::vector<LayerPlan> parse_architecture(std::string_view text) {
    std::vector<LayerPlan> plans;
    if (text.find_first_not_of(" \t\n\r") == std::string_view::npos) return plans;
    for (const std::string_view line : split(text, ",")) plans.push_back(parse_layer(line));
    return plans;
}

std::string architecture_text(std::span<const LayerPlan> plans) {
    std::string out;
    for (const LayerPlan& plan : plans) {
        const Grammar& word = of(plan.kind);
        out += (out.empty() ? "" : ", ") + std::string(word.word);
        if (word.size) out += " " + std::to_string(plan.size);
        if (word.kernel) out += " " + std::to_string(plan.kernel);
        if (plan.stride > 0 && plan.stride != (plan.kind == Kind::conv ? 1 : plan.kernel)) out += " stride " + std::to_string(plan.stride);
        if (plan.padding >= 0) out += " padding " + std::to_string(plan.padding);
        if (plan.dilation != 1) out += " dilation " + std::to_string(plan.dilation);
    }
    return out;
}

Sequential make_classifier(std::span<const LayerPlan> plans, const Shape& input, int64_t classes, Random& random) {
    if (input.rank() != 3) throw ShapeError("architecture: the input is " + input.text() + ", expected [C, H, W]");
    if (classes < 2) throw ValueError("architecture: " + std::to_string(classes) + " classes, expected at least 2");
    Builder builder(Shape{1, input[0], input[1], input[2]}, random);
    for (const LayerPlan& plan : plans) builder.add(plan);
    return builder.finish(classes);
}

int64_t parameter_count(const Sequential& network) {
    int64_t count = 0;
    for (const Parameter* parameter : network.parameters()) count += parameter->value.elements();
    return count;
}

std::vector<LayerPlan> dense_of_equal_size(const Shape& input, int64_t classes, int64_t parameters) {
    const int64_t per_unit = input.elements() + 1 + classes, width = (parameters - classes + per_unit / 2) / per_unit;
    return {{.kind = Kind::dense, .size = std::clamp<int64_t>(width, 1, of(Kind::dense).largest_size)}, {.kind = Kind::relu}};
}

}  // namespace trilens

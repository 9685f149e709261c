// The settings and what is computed with them. The kernel is a pure function of the settings and the network: nothing typed is lost by
// choosing another kernel or size.
#include "demos/cnn/sandbox.h"

#include <algorithm>

#include "demos/text/text.h"
#include "engine/autograd/activation.h"
#include "engine/autograd/elementwise.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int most_learned = 1023;   // kernels; the last is taken where there are fewer

void check_weights(const FieldValue& value) {
    const std::string& text = std::get<std::string>(value);
    try {
        parse_kernel(text);
    } catch (const ValueError& error) {
        throw ValueError("cnn.sandbox.weights = " + text.substr(0, 80) + " is not allowed: " + error.what());
    }
}

}  // namespace

std::vector<Choice> Sandbox::choices(std::span<const Option> options) {
    std::vector<Choice> list;
    for (const Option& each : options) list.push_back({each.id, each.label});
    return list;
}

void Sandbox::list_fields(Fields& fields) {
    fields.section(Text::section_sandbox);
    fields.effect(Field::Effect::computes);
    // These three are set in the view itself.
    fields.choice("cnn.sandbox.kernel", Text::field_sandbox_kernel, Text::help_sandbox_kernel, kind_, choices(kernel_options)).listed =
        false;
    fields.integer("cnn.sandbox.learned", Text::field_sandbox_learned, Text::help_sandbox_learned, learned_, {0, most_learned, 1}).listed =
        false;
    Field& weights = fields.text("cnn.sandbox.weights", Text::field_sandbox_weights, Text::help_sandbox_weights, weights_);
    weights.listed = false;
    weights.check = check_weights;
    Field& size = fields.integer("cnn.sandbox.size", Text::field_sandbox_size, Text::help_sandbox_size, size_, {1, largest_kernel, 1});
    size.when = [this, shown = size.when] { return (!shown || shown()) && kind_ != KernelKind::learned; };
    fields.integer("cnn.sandbox.stride", Text::field_sandbox_stride, Text::help_sandbox_stride, stride_, {1, most_stride, 1});
    fields.integer("cnn.sandbox.padding", Text::field_sandbox_padding, Text::help_sandbox_padding, padding_, {0, most_padding, 1});
    fields.integer("cnn.sandbox.dilation", Text::field_sandbox_dilation, Text::help_sandbox_dilation, dilation_, {1, most_dilation, 1});
    fields.real("cnn.sandbox.bias", Text::field_sandbox_bias, Text::help_sandbox_bias, bias_, {-2, 2, 0.05});
    fields.section(Text::section_sandbox_after);
    fields.choice("cnn.sandbox.activation", Text::field_sandbox_activation, Text::help_sandbox_activation, activation_,
                  choices(activation_options));
    fields.choice("cnn.sandbox.pool", Text::field_sandbox_pool, Text::help_sandbox_pool, pool_, choices(pool_options));
    Field& window =
        fields.integer("cnn.sandbox.pool_size", Text::field_sandbox_pool_size, Text::help_sandbox_pool_size, pool_size_, {2, 4, 1});
    window.when = [this, shown = window.when] { return (!shown || shown()) && pool_ != Pool::none; };
}

// Weights of another size bring their size along, unless both were put at once, as a link does: then the last graph was made with them.
void Sandbox::field_changed(const Field& field) {
    if (field.name == "cnn.sandbox.weights" && weights_ != seen_weights_) size_ = static_cast<int>(parse_kernel(weights_).extent(-1));
}

Layer* Sandbox::first_convolution() const {
    for (const auto& layer : bench().network().layers())
        if (layer->kind() == "conv2d") return layer.get();
    return nullptr;
}

Tensor Sandbox::learned_kernels() const {
    Layer* layer = first_convolution();
    return layer ? layer->parameters()[0]->value : Tensor();
}

int64_t Sandbox::learned_at(const Tensor& kernels) const { return std::min<int64_t>(learned_, kernels.extent(0) - 1); }

Tensor Sandbox::kernel() const {
    if (kind_ == KernelKind::typed) return fitted_kernel(parse_kernel(weights_), size_, bench().curves());
    if (kind_ != KernelKind::learned) return named_kernel(kind_, size_, bench().curves());
    const Tensor kernels = learned_kernels();
    return kernels.empty() ? named_kernel(KernelKind::identity, size_, bench().curves()) : kernels.rows(learned_at(kernels), 1).clone();
}

Value Sandbox::activate(Value x) const {
    switch (activation_) {
    case Activation::relu: return relu(x);
    case Activation::leaky: return leaky_relu(x);
    case Activation::tanh: return tanh(x);
    case Activation::none: break;
    }
    return scale(x, 1);   // the same values under a name of their own
}

void Sandbox::record(Graph& graph) {
    const bool curve = bench().curves();
    const Value x = graph.find("cnn.input");
    const Value kernel = graph.input(this->kernel(), "sandbox.kernel"), bias = graph.input(Tensor(Shape{1}, {bias_}), "sandbox.bias");
    Conv2dOptions options{stride_, stride_, padding_, padding_, dilation_, dilation_, 1};
    if (curve) options.stride_height = 1, options.padding_height = 0, options.dilation_height = 1;
    if (!convolution(x.shape()[3], kernel.shape()[3]).fits()) return;
    const Value sum = graph.tap(conv2d(x, kernel, bias, options), "sandbox.conv");
    const Value active = graph.tap(activate(sum), "sandbox.activation");
    if (pool_ == Pool::none || !pooling(active.shape()[3]).fits()) return;
    Pool2dOptions window{pool_size_, pool_size_, pool_size_, pool_size_};
    if (curve) window.kernel_height = window.stride_height = 1;
    graph.tap(pool_ == Pool::max ? max_pool2d(active, window) : average_pool2d(active, window), "sandbox.pool");
}

void Sandbox::put(const Edit& edit) {
    kind_ = edit.kind;
    size_ = edit.size;
    weights_ = edit.weights;
    recompute();
}

void Sandbox::take(const KernelEditor::Event& event) {
    if (!event.refused.empty()) host().notice(event.refused);
    if (event.wanted) later([this, wanted = *event.wanted] { put_typed(wanted); });
    if (!event.held && (event.wanted || edited_from_)) later([this] { finish_edit(); });
}

// An edited kernel is a typed one.
void Sandbox::put_typed(const Tensor& wanted) {
    const std::string text = kernel_text(wanted);
    parse_kernel(text);   // a learned kernel may be too large to be typed
    if (!edited_from_) edited_from_ = edit(), started_with_ = kernel();
    put({KernelKind::typed, static_cast<int>(wanted.extent(-1)), text});
}

// However many values a drag passed, it is undone at once.
void Sandbox::finish_edit() {
    if (!edited_from_) return;
    const Edit before = *edited_from_, after = edit();
    edited_from_.reset();
    const Tensor now = kernel();
    if (now.shape() == started_with_.shape() && std::ranges::equal(now.values(), started_with_.values())) {
        put(before);  // Escape, or dragged back: no other kernel
        return;
    }
    if (!(before == after)) host().record({"cnn.sandbox.cell", [this, before] { put(before); }, [this, after] { put(after); }});
}

}  // namespace trilens

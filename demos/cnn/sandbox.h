// The Sandbox: one convolution, its activation and its pooling on the learner's own picture, every setting free, every weight of the kernel
// editable, with the sums of its output shape and its cost beside a fully connected layer. Curriculum C2 to C5 and C7.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "demos/cnn/kernel_editor.h"
#include "demos/cnn/kernels.h"
#include "demos/cnn/view.h"
#include "demos/widgets/measured_cards.h"
#include "engine/autograd/conv.h"
#include "engine/autograd/pool.h"

namespace trilens {

// A layer of windows along one axis: how many outputs, and how many inputs at the end no window reaches.
struct WindowCount {
    int64_t in = 0, kernel = 1, stride = 1, padding = 0, dilation = 1;

    int64_t reach() const { return dilation * (kernel - 1) + 1; }  // from the first cell of a window to its last
    bool fits() const { return reach() <= in + 2 * padding; }
    // floor((in + 2 padding - dilation (kernel - 1) - 1) / stride) + 1: Dumoulin and Visin 2016, relationship 15.
    int64_t out() const { return fits() ? (in + 2 * padding - reach()) / stride + 1 : 0; }
    int64_t unreached() const { return fits() ? (in + 2 * padding - reach()) % stride : 0; }
};

class Sandbox : public View {
public:
    using View::View;

    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    // "cnn.sandbox.kernel", "cnn.sandbox.bias"; where the window fits "cnn.sandbox.conv" and "cnn.sandbox.activation" (the same values
    // where there is none); where pooling is wanted and fits "cnn.sandbox.pool".
    void record(Graph& graph) override;
    void computed() override { seen_weights_ = weights_; }
    float draw(Stage& stage, Rect area) override;

private:
    static constexpr int most_stride = 4, most_padding = 6, most_dilation = 3;
    enum class Activation { none, relu, leaky, tanh };
    enum class Pool { none, max, average };
    // A choice in fields and on buttons, in the order of its enum.
    struct Option {
        const char* id;
        Text label;
    };
    static constexpr Option kernel_options[] = {
        {"identity", Text::kernel_identity}, {"edge", Text::kernel_edge},       {"sobel_x", Text::kernel_sobel_x},
        {"sobel_y", Text::kernel_sobel_y},   {"blur", Text::kernel_blur},       {"sharpen", Text::kernel_sharpen},
        {"emboss", Text::kernel_emboss},     {"learned", Text::kernel_learned}, {"typed", Text::kernel_typed}};
    static constexpr Option activation_options[] = {
        {"none", Text::sandbox_none}, {"relu", Text::layer_relu}, {"leaky", Text::layer_leaky}, {"tanh", Text::sandbox_tanh}};
    static constexpr Option pool_options[] = {{"none", Text::sandbox_none}, {"max", Text::sandbox_max}, {"average", Text::sandbox_average}};
    static std::vector<Choice> choices(std::span<const Option> options);

    // What an edit of a cell changes.
    struct Edit {
        KernelKind kind;
        int size;
        std::string weights;
        bool operator==(const Edit&) const = default;
    };

    Tensor kernel() const;  // [1, 1, rows, columns]
    Layer* first_convolution() const;  // of the network; null if it has none
    Tensor learned_kernels() const;  // its weight, [O, 1, rows, columns]; empty if there is none
    int64_t learned_at(const Tensor& kernels) const;
    WindowCount convolution(int64_t in, int64_t kernel) const { return {in, kernel, stride_, padding_, dilation_}; }
    WindowCount pooling(int64_t in) const { return {in, pool_size_, pool_size_}; }
    Value activate(Value x) const;

    Edit edit() const { return {kind_, size_, weights_}; }
    void put(const Edit& edit);
    void take(const KernelEditor::Event& event);
    void put_typed(const Tensor& kernel);
    void finish_edit();

    Tensor value(const char* node) const { return bench().graph()->find(node).tensor(); }

    // Drawing, in sandbox_drawing.cpp and, what are sums, sandbox_numbers.cpp.
    void draw_choice(Stage& stage, const char* field, const char* label, std::span<const Option> options, int now, Rect area, ImVec2& at);
    float draw_kinds(Stage& stage, Rect area);
    float draw_after(Stage& stage, Rect area);
    float draw_input(Stage& stage, Rect area);
    float draw_kernel(Stage& stage, Rect area);
    float draw_steppers(Stage& stage, Rect area);
    float draw_shapes(Stage& stage, Rect area) const;
    float draw_map(Stage& stage, const char* node, const std::string& title, Rect area) const;
    float draw_pooled(Stage& stage, Rect area) const;
    void draw_winners(Stage& stage, Rect maps) const;
    std::string activation_title() const;
    float draw_operation(Stage& stage, Rect area, float side);
    float draw_cost(Stage& stage, Rect area) const;

    KernelKind kind_ = KernelKind::sobel_x;
    int learned_ = 0, size_ = 3, stride_ = 1, padding_ = 1, dilation_ = 1, pool_size_ = 2;
    std::string weights_ = "0 -1 0; -1 5 -1; 0 -1 0";
    float bias_ = 0;
    Activation activation_ = Activation::relu;
    Pool pool_ = Pool::max;

    std::string seen_weights_ = weights_;  // that the last graph was made with
    KernelEditor editor_;
    std::optional<Edit> edited_from_;  // while a hand or the keyboard is at a cell
    Tensor started_with_;  // the kernel as it was then
    MeasuredCards cards_;
};

}  // namespace trilens

// ViT: which digit is drawn? By a network that was trained beforehand.
#include <cstdio>

#include "demos/transformer/tasks/task.h"
#include "engine/data/picture_patches.h"

namespace trilens {

namespace {

constexpr int digits = 10;

class VisionTask : public TransformerTask {
public:
    const char* id() const override { return "vision"; }
    Text label() const override { return Text::transformer_task_vision; }
    TransformerAnswer answers() const override { return TransformerAnswer::classes; }

    Text read_title() const override { return Text::transformer_read_drawing; }
    Text read_hint() const override { return Text::transformer_hint_drawing; }
    bool reads_drawing() const override { return true; }
    // The class token first, then the patches row by row (Dosovitskiy et al. 2021).
    void read(const Context& at, TransformerReading& into) const override {
        const Tensor picture = network_input(at.input.drawing, transformer_brush_radius);
        const int64_t features = shipped()->model->plan().features;
        int64_t patch = 1;
        while (patch * patch < features) ++patch;
        into.vectors = picture_patches(picture.reshaped(Shape{1, picture.extent(2), picture.extent(3)}), patch);
        into.source.labels.push_back(say(Text::transformer_token_class));
        const int64_t columns = picture.extent(3) / patch;
        for (int64_t i = 0; i < into.vectors.extent(0); ++i)
            into.source.labels.push_back(
                say(Text::transformer_token_patch, {std::to_string(i / columns + 1), std::to_string(i % columns + 1)}));
        into.source.known.assign(into.source.labels.size(), true);
    }

    const char* weights() const override { return "vit"; }
    std::vector<std::string> classes(const Context&) const override {
        std::vector<std::string> names;
        for (int digit = 0; digit < digits; ++digit) names.push_back(std::to_string(digit));
        return names;
    }

    // Of the class that wins.
    std::optional<Value> loss(const Context&, Graph& graph, const Value& scores, const TransformerReading&,
                              const TokenRow&) const override {
        std::vector<int32_t> labels(static_cast<size_t>(rows(scores.tensor())), -1);
        labels.back() = winner(scores.tensor(), rows(scores.tensor()) - 1);
        return class_loss(graph, scores, labels);
    }
    std::optional<int64_t> followed(const Context&, const TokenRow&) const override { return 0; }  // the class token
    std::string answer(const Context& at, const Tensor& probabilities, const TokenRow&) const override {
        const int32_t best = winner(probabilities, 0);
        char percent[16];
        std::snprintf(percent, sizeof percent, "%.1f %%", static_cast<double>(probabilities.data()[best]) * 100);
        return classes(at)[static_cast<size_t>(best)] + ": " + percent;
    }
};

}  // namespace

const TransformerTask& transformer_vision_task() {
    static const VisionTask task;
    return task;
}

}  // namespace trilens

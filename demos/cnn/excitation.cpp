// What is asked, what is ordered, what came back. The drawing stands in excitation_drawing.cpp and excitation_answer.cpp.
#include "demos/cnn/excitation.h"

#include <algorithm>
#include <utility>

#include "demos/cnn/evidence.h"
#include "demos/cnn/overview.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr int64_t most_samples = 1000;
constexpr int frames_between = 4;  // of drawing, before the graph takes what a job found: computing anew costs a few milliseconds

// Which layers there are depends on the architecture, which may be set later: only what no layer can be called is refused.
void check_layer(const FieldValue& value) {
    const std::string& name = std::get<std::string>(value);
    const auto allowed = [](unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (!std::all_of(name.begin(), name.end(), allowed))
        throw ValueError("cnn.why.layer = " + name.substr(0, 80) + " is not allowed: the name of a layer, such as conv2");
}

bool same(const Tensor& a, const Tensor& b) {
    return a.shape() == b.shape() && std::equal(a.values().begin(), a.values().end(), b.values().begin());
}

}  // namespace

void Excitation::list_fields(Fields& fields) {
    fields_ = &fields;
    fields.section(Text::section_why);
    fields.effect(Field::Effect::computes);
    std::vector<Choice> classes{{"winner", Text::target_winner}};
    for (int digit = 0; digit < 10; ++digit)
        classes.push_back({std::to_string(digit), static_cast<Text>(static_cast<int>(Text::digit_0) + digit)});
    fields.choice("cnn.why.class", Text::field_why_class, Text::help_why_class, class_, std::move(classes));
    fields.integer("cnn.why.patch", Text::field_why_patch, Text::help_why_patch, patch_, {3, 9, 1});
    // These two have controls of their own in the view.
    Field& layer = fields.text("cnn.why.layer", Text::field_why_layer, Text::help_why_layer, layer_, 40);
    layer.listed = false;
    layer.check = check_layer;
    fields.integer("cnn.why.unit", Text::field_why_unit, Text::help_why_unit, unit_, {0, 1023, 1}).listed = false;
}

void Excitation::field_changed(const Field& field) {
    if (field.name.starts_with("cnn.why.")) looked_at_ = 0;
}

// The layers as they are now; the one that was asked for, else the last that has maps.
void Excitation::list_layers() {
    layers_.clear();
    evidence_maps_.clear();
    at_ = 0;
    const Shape input = bench().input_shape();
    std::string before;
    bool found = false;
    for (const Sequential::Row& row : bench().network().summary(Shape{1, input[0], input[1], input[2]})) {
        if (row.kind == "dropout") continue;
        // Grad-CAM looks at what the last convolution hands on, as its authors did: after its activation (relu5_3 of VGG16).
        const bool activated = row.output.rank() == 4 && before == evidence_maps_ && row.kind.find("pool") == std::string::npos;
        if (row.kind == "conv2d" || (activated && !before.empty())) evidence_maps_ = "cnn." + row.name;
        before = "cnn." + row.name;
        layers_.push_back({row.name, layer_title(row), row.output});
        if (row.name == layer_) at_ = layers_.size() - 1, found = true;
        else if (!found && row.output.rank() == 4) at_ = layers_.size() - 1;
    }
    const bool named = bench().problem() != Problem::digits;
    std::vector<std::string> names = named ? bench().classes() : std::vector<std::string>{};
    if (named) names.insert(names.begin(), "");  // the first choice keeps its own label
    if (names != named_) fields_->name_choices("cnn.why.class", names);
    named_ = std::move(names);
}

int Excitation::class_index(const Graph& graph) const {
    const auto scores = graph.find("cnn.logits").tensor().values();
    if (class_ > 0 && class_ <= static_cast<int>(scores.size())) return class_ - 1;
    return static_cast<int>(std::ranges::max_element(scores) - scores.begin());
}

Excitation::Question Excitation::question(const Graph& graph) const {
    return {bench().weights_version(), graph.find("cnn.input").tensor(), class_index(graph), patch_};
}

bool Excitation::answers(const Question& now) const {
    return occlusion_ && occlusion_->key == answer_key_ && now.class_index == asked_.class_index && now.patch == asked_.patch &&
           same(now.picture, asked_.picture);
}

void Excitation::record(Graph& graph) {
    list_layers();
    const Question now = question(graph);
    record_gradient_evidence(graph, evidence_maps_, "cnn.input", "cnn.logits", now.class_index);
    OcclusionFinding nothing;
    nothing.settings.patch = patch_;
    nothing.drop = Tensor(Shape{now.picture.extent(2), now.picture.extent(3)});
    record_occlusion(graph, "cnn.input", "cnn.logits", answers(now) ? *occlusion_ : nothing);
    const LayerFinding* found = study();
    if (!found) return;
    const Tensor& picture = found->ascents[static_cast<size_t>(unit())].picture;
    if (!picture.empty()) graph.input(picture, "why.ascent");
}

const LayerFinding* Excitation::study() const {
    const bool ours = found_ && found_->layer == layer().name && static_cast<int64_t>(found_->ascents.size()) == layer().shape[1];
    return ours && found_->key == layer_key_ ? found_.get() : nullptr;
}

void Excitation::update() {
    if (layers_.empty()) return;
    bool came = false;
    if (auto found = work_->take_occlusion()) occlusion_ = std::move(found), came = true;
    if (auto found = work_->take_layer()) found_ = std::move(found), came = true;
    // Training changes the weights many times a second, and its job goes first: what is shown stays until it pauses.
    if (!training().running()) {
        order_answer();
        order_layer();
    }
    unseen_ = unseen_ || came;
    if (!unseen_ || (++waited_ < frames_between && work_->job())) return;
    unseen_ = false;
    waited_ = 0;
    recompute();
}

void Excitation::order_answer() {
    Question now = question(*bench().graph());
    if (now.weights == asked_.weights && now.class_index == asked_.class_index && now.patch == asked_.patch &&
        same(now.picture, asked_.picture))
        return;
    asked_ = std::move(now);
    answer_step_ = training().step();
    OcclusionSettings settings;
    settings.patch = asked_.patch;
    settings.class_index = asked_.class_index;
    settings.batch = std::min<int64_t>(asked_.picture.extent(3), 32);  // a row, so that it fills row by row
    work_->order(AnswerOrder{++answer_key_, network_now(), asked_.picture, settings});
}

const Forward& Excitation::network_now() {
    if (std::exchange(forward_version_, bench().weights_version()) != bench().weights_version()) forward_ = bench().forward();
    return forward_;
}

void Excitation::order_layer() {
    work_->prefer(unit());
    std::shared_ptr<const DataSet> data;
    no_data_.clear();
    try {
        data = bench().data();
    } catch (const ValueError& error) {
        no_data_ = error.what();
    }
    const uint64_t version = bench().weights_version();
    const bool other = studied_version_ != version || data != data_ || layer_key_ == 0;
    if (!other && studied_ == layer().name) return;
    if (data != data_) {
        data_ = data;
        samples_ = data ? bench().split().training : std::vector<int32_t>{};
        if (static_cast<int64_t>(samples_.size()) > most_samples) samples_.resize(most_samples);
    }
    if (other) {
        ++layer_key_;
        layer_step_ = training().step();
    }
    studied_version_ = version;
    studied_ = layer().name;
    const Shape input = bench().input_shape();
    const Shape picture{1, input[0], input[1], input[2]};
    const float low = bench().curves() ? -1.0f : 0.0f;  // curves swing about 0
    work_->order(LayerOrder{layer_key_, network_now(), studied_, layer().shape[1], picture, low, 1.0f, data_, samples_});
}

void Excitation::select(size_t to) {
    if (to < layers_.size()) set("cnn.why.layer", layers_[to].name);
}

bool Excitation::advance(int64_t steps) {
    if (layers_.empty()) list_layers();
    const auto last = static_cast<int64_t>(layers_.size()) - 1;
    select(static_cast<size_t>(std::clamp<int64_t>(static_cast<int64_t>(at_) + steps, 0, last)));
    return true;
}

Box Excitation::field_of(const TopPatch& patch) const {
    const Graph& graph = *bench().graph();
    const Value node = graph.find("cnn." + layer().name), input = graph.find("cnn.input");
    const Shape& shape = node.shape();
    const int64_t index = shape.rank() == 4 ? (unit() * shape[2] + patch.y) * shape[3] + patch.x : unit();
    const Box field = receptive_field(graph, node.node, index, input.node).value_or(Box{});
    return shape.rank() == 4 ? field : clipped(field, input.shape());  // a neuron sees all, padding and all
}

Tensor Excitation::cut_out(const Tensor& picture, const Box& field) {
    const int64_t channels = picture.extent(1), height = picture.extent(2), width = picture.extent(3);
    Tensor out(Shape{1, channels, field.height(), field.width()});
    float* to = out.data();
    for (int64_t channel = 0; channel < channels; ++channel)
        for (int64_t y = field.top; y < field.bottom; ++y)
            for (int64_t x = field.left; x < field.right; ++x, ++to)
                if (y >= 0 && y < height && x >= 0 && x < width) *to = picture.data()[(channel * height + y) * width + x];
    return out;
}

}  // namespace trilens

// The tape: recording, names, and the walk back. Nodes are recorded after their inputs, so the order of recording
// reversed is an order for the chain rule.
#include "engine/autograd/graph.h"

#include <algorithm>
#include <utility>

#include "engine/kernels/elementwise.h"
#include "engine/kernels/reduction.h"

namespace trilens {
namespace {

// Levenshtein's distance, to suggest the name that was meant.
size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = std::exchange(row[0], i);
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

const Tensor& Value::tensor() const { return graph->node(node).value; }
const Shape& Value::shape() const { return tensor().shape(); }

Graph::Graph(std::string prefix, bool training, uint64_t seed) : prefix_(std::move(prefix)), training_(training), random_(seed) {}

Value Graph::input(Tensor value, std::string_view name, bool requires_gradient) {
    Node node;
    node.operation = "input";
    node.value = std::move(value);
    node.requires_gradient = requires_gradient;
    nodes_.push_back(std::move(node));
    return tap({this, size() - 1}, name);
}

Value Graph::parameter(Parameter& parameter) {
    const auto known = parameters_.find(&parameter);
    if (known != parameters_.end()) return {this, known->second};
    Node node;
    node.operation = "parameter";
    node.value = parameter.value;
    node.requires_gradient = true;
    node.name = prefix_ + parameter.name;
    if (!names_.emplace(node.name, size()).second) throw ValueError("graph: the name " + node.name + " is taken");
    nodes_.push_back(std::move(node));
    parameters_.emplace(&parameter, size() - 1);
    parameter_order_.push_back(&parameter);
    return {this, size() - 1};
}

Value Graph::record(Node node) {
    node.requires_gradient =
        std::ranges::any_of(node.inputs, [this](int input) { return nodes_[static_cast<size_t>(input)].requires_gradient; });
    nodes_.push_back(std::move(node));
    return {this, size() - 1};
}

Value Graph::tap(Value value, std::string_view name) {
    std::string full = prefix_;
    for (const std::string& scope : scopes_) full += scope + ".";
    full += name;
    if (!names_.emplace(full, value.node).second) throw ValueError("graph: the name " + full + " is taken");
    nodes_[static_cast<size_t>(value.node)].name = std::move(full);
    return value;
}

bool Graph::contains(std::string_view name) const { return names_.contains(std::string(name)); }

Value Graph::find(std::string_view name) const {
    const auto found = names_.find(std::string(name));
    if (found != names_.end()) return {const_cast<Graph*>(this), found->second};
    std::vector<std::pair<size_t, std::string>> near;
    for (const auto& [known, node] : names_) near.emplace_back(edit_distance(name, known), known);
    std::ranges::sort(near);
    std::string message = "graph: there is no " + std::string(name);
    for (size_t i = 0; i < std::min<size_t>(near.size(), 3); ++i) message += (i ? ", " : "; the nearest are ") + near[i].second;
    throw ValueError(message);
}

void Graph::backward(Value loss) {
    if (loss.tensor().elements() != 1) throw ShapeError("backward: the loss is " + loss.shape().text() + ", expected one element");
    backward(loss, Tensor::full(loss.shape(), 1.0f));
}

void Graph::backward(Value from, const Tensor& gradient) {
    if (gradient.shape() != from.shape())
        throw ShapeError("backward: the gradient is " + gradient.shape().text() + ", the value " + from.shape().text());
    clear_gradients();
    nodes_[static_cast<size_t>(from.node)].gradient = gradient.clone();
    for (int id = from.node; id >= 0; --id) {
        Node& node = nodes_[static_cast<size_t>(id)];
        if (!node.requires_gradient || !node.backward || node.gradient.shape() != node.value.shape()) continue;
        node.backward(*this, node.gradient);
    }
    for (Parameter* parameter : parameter_order_) {
        const Node& node = nodes_[static_cast<size_t>(parameters_.at(parameter))];
        parameter->gradient = node.gradient.shape() == node.value.shape() ? node.gradient : Tensor(node.value.shape());
    }
}

void Graph::add_gradient(int id, Tensor gradient) {
    Node& node = nodes_[static_cast<size_t>(id)];
    if (!node.requires_gradient) return;
    if (gradient.shape() != node.value.shape())
        throw ShapeError("gradient of " + node.operation + ": " + gradient.shape().text() + " for a value " + node.value.shape().text());
    if (node.gradient.shape() != node.value.shape() || node.gradient.empty()) {
        node.gradient = std::move(gradient);
        return;
    }
    // Another node may have adopted the same tensor: add into a buffer of one's own.
    if (node.gradient.shares_storage()) node.gradient = node.gradient.clone();
    kernels::add_into(gradient.elements(), gradient.data(), node.gradient.data());
}

void Graph::clear_gradients() {
    for (Node& node : nodes_) node.gradient = Tensor();
}

Explanation Graph::explain(int id, int64_t index) const {
    if (id < 0 || id >= size()) throw ValueError("explain: node " + std::to_string(id) + " of " + std::to_string(size()));
    const Node& explained = node(id);
    if (index < 0 || index >= explained.value.elements())
        throw ValueError("explain: element " + std::to_string(index) + " of " + explained.value.shape().text());
    if (explained.explain) return explained.explain(*this, index);
    return {Explanation::Kind::sum, explained.value.data()[index], explained.operation, {}};
}

namespace {

// Whether element `element` of a node can depend on element `index` of its input `position`, by what the node says of its reach: saves
// asking every element of a large layer for its terms.
bool may_use(const Node& user, const Shape& input, size_t position, int64_t index, int64_t element) {
    const Shape& output = user.value.shape();
    if (user.reach == Reach::element) return output != input || element == index;
    if (user.reach != Reach::window || output.rank() != 4 || input.rank() != 4) return true;
    if (position == 1) return element / (output[2] * output[3]) % output[1] == index / (input[1] * input[2] * input[3]);  // a weight
    const auto covers = [](int64_t at, int64_t from, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation) {
        const int64_t first = at * stride - padding;
        return from >= first && from <= first + (kernel - 1) * dilation;
    };
    const Window& w = user.window;
    const int64_t y = index / input[3] % input[2], x = index % input[3], row = element / output[3] % output[2],
                  column = element % output[3];
    return covers(row, y, w.kernel_height, w.stride_height, w.padding_height, w.dilation_height) &&
           covers(column, x, w.kernel_width, w.stride_width, w.padding_width, w.dilation_width);
}

}  // namespace

Explanation Graph::explain_gradient(int id, int64_t index) const {
    explain(id, index);  // refuses what does not exist
    const Node& explained = node(id);
    const bool reached = explained.gradient.shape() == explained.value.shape() && !explained.gradient.empty();
    Explanation out{Explanation::Kind::function, reached ? explained.gradient.data()[index] : 0.0f, "sum(dL/dy * dy/dx)", {}};
    for (int user = 0; reached && user < size(); ++user) {
        const Node& consumer = node(user);
        const auto used = std::ranges::find(consumer.inputs, id);
        const bool later = std::ranges::find(consumer.later_inputs, id) != consumer.later_inputs.end();
        if ((used == consumer.inputs.end() && !later) || consumer.gradient.empty() || !consumer.explain) continue;
        const bool once = std::ranges::count(consumer.inputs, id) == 1;
        const auto position = static_cast<size_t>(used - consumer.inputs.begin());
        for (int64_t element = 0; element < consumer.value.elements(); ++element) {
            if (once && !later && position < 2 && !may_use(consumer, explained.value.shape(), position, index, element)) continue;
            const float gradient = consumer.gradient.data()[element];
            for (const Term& part : consumer.explain(*this, element).terms) {
                if (part.node == id && part.index == index)
                    out.terms.push_back({user, element, gradient, part.factor, part.factor_node, part.factor_index, true});
                else if (part.factor_node == id && part.factor_index == index)
                    out.terms.push_back({user, element, gradient, part.value, part.node, part.index, true});
            }
        }
    }
    return out;
}

int Graph::first_non_finite() const {
    for (int id = 0; id < size(); ++id)
        if (!kernels::all_finite(node(id).value.elements(), node(id).value.data())) return id;
    return -1;
}

Scope::Scope(Graph& graph, std::string name) : graph_(graph) { graph_.scopes_.push_back(std::move(name)); }
Scope::~Scope() { graph_.scopes_.pop_back(); }

}  // namespace trilens

// Graph: the tape of one forward pass. Every operation is one function that computes its value, and, beside it, closures
// that send the gradient back and that explain any single element by the elements it came from.
// Reverse-mode differentiation: Baydin et al., "Automatic Differentiation in Machine Learning: a Survey", JMLR 18, 2018, section 3.2.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/random.h"
#include "engine/tensor.h"

namespace trilens {

class Graph;

// A trained tensor. `gradient` is that of the last Graph::backward() which used it, of the shape of `value`.
struct Parameter {
    std::string name;      // "conv1.weight": unique within a model, the name in weight files
    Tensor value;
    Tensor gradient;
};

// A handle to one node of a graph; cheap to copy, valid as long as the graph.
struct Value {
    Graph* graph = nullptr;
    int node = -1;

    const Tensor& tensor() const;
    const Shape& shape() const;
};

// One summand of an explanation: the element `index` (row-major) of node `node`, its value, and the factor it is multiplied with.
// If the factor is itself an element of a node (a weight), factor_node names it, else factor_node is -1.
struct Term {
    int node = -1;
    int64_t index = 0;
    float value = 0;
    float factor = 1;
    int factor_node = -1;
    int64_t factor_index = 0;
    bool of_gradient = false;   // the value is that of the gradient of `node` (see explain_gradient)
};

// How an element came about. `value` is the element as computed.
//   sum      value = sum over terms of value * factor, added one after the other in float32 in the order listed
//   maximum  value = the largest term; its factor is 1, the others' 0
//   function value = f(the terms), f as spelled in `formula`; factors are the local derivatives d value / d term
struct Explanation {
    enum class Kind { sum, maximum, function };
    Kind kind = Kind::sum;
    float value = 0;
    std::string formula;   // ASCII mathematics with the names of the terms, e.g. "max(0, x)", "sum(x * w) + b"
    std::vector<Term> terms;
};

// The geometry of a sliding window over the last two axes, for patches and receptive fields.
struct Window {
    int64_t kernel_height = 1, kernel_width = 1;
    int64_t stride_height = 1, stride_width = 1;
    int64_t padding_height = 0, padding_width = 0;
    int64_t dilation_height = 1, dilation_width = 1;
};

// Which elements of its inputs one element of an operation's output depends on.
enum class Reach { element, window, everything };

struct Node {
    std::string operation;                      // "conv2d", "input", "parameter"
    std::string name;                           // "cnn.conv1"; empty for inner nodes that nobody named
    Tensor value;
    Tensor gradient;                            // empty until backward() reached the node
    std::vector<int> inputs;
    std::vector<int> later_inputs;  // nodes recorded after it, or itself, of which it reads earlier time steps (recurrent cells)
    bool requires_gradient = false;
    Reach reach = Reach::everything;
    Window window;  // where reach is Reach::window
    std::function<void(Graph&, const Tensor& gradient)> backward;
    std::function<Explanation(const Graph&, int64_t index)> explain;
};

class Graph {
public:
    // `prefix` is put before every name ("cnn." gives "cnn.conv1"). With `training`, dropout drops and batch norm uses the batch.
    explicit Graph(std::string prefix = "", bool training = false, uint64_t seed = 0);
    Graph(const Graph&) = delete;
    Graph& operator=(const Graph&) = delete;

    Value input(Tensor value, std::string_view name, bool requires_gradient = false);
    Value parameter(Parameter& parameter);  // the same node each time it is asked for the same parameter
    Value record(Node node);  // for operations; requires_gradient is taken from the inputs

    Value tap(Value value, std::string_view name);  // names a node: prefix + open scopes + name; throws ValueError if taken
    Value find(std::string_view name) const;  // throws ValueError naming it and the nearest names
    bool contains(std::string_view name) const;

    // Computes d loss / d node for every node that needs it and sets Parameter::gradient. `loss` has one element (ShapeError
    // otherwise), or give the gradient to start from, of its shape.
    void backward(Value loss);
    void backward(Value from, const Tensor& gradient);
    void add_gradient(int node, Tensor gradient);  // for operations: adopts the tensor, or adds it to what is there
    void clear_gradients();

    // How one element of a node came about; inputs and parameters explain themselves with no terms. Throws ValueError outside.
    Explanation explain(int node, int64_t index) const;
    // How one element of a node's gradient came about: by the chain rule, the gradient of every element that used it times the local
    // derivative. The terms stand in the order of recording; kernels add in an order of their own, so bits may differ from their sum.
    Explanation explain_gradient(int node, int64_t index) const;

    const Node& node(int id) const { return nodes_[static_cast<size_t>(id)]; }
    int size() const { return static_cast<int>(nodes_.size()); }
    bool training() const { return training_; }
    Random& random() { return random_; }  // dropout draws from here
    int first_non_finite() const;  // the first node that holds infinity or NaN, or -1

private:
    friend class Scope;
    std::string prefix_;
    bool training_;
    Random random_;
    std::deque<Node> nodes_;  // a deque: references to nodes stay valid while recording
    std::unordered_map<std::string, int> names_;
    std::unordered_map<const Parameter*, int> parameters_;
    std::vector<Parameter*> parameter_order_;
    std::vector<std::string> scopes_;
};

// Puts "name." before every name given while it lives: a layer inside a model, a head inside a layer.
class Scope {
public:
    Scope(Graph& graph, std::string name);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

private:
    Graph& graph_;
};

}  // namespace trilens

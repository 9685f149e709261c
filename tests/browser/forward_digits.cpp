// forward_digits WEIGHTS < 784 floats: runs the digits network and prints every named value of the pass, one JSON line each, as bits.
#include <bit>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "engine/models/digits.h"

namespace {

using namespace trilens;

void load(const Sequential& network, const char* path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    const WeightFile weights = read_safetensors({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    for (Parameter* parameter : network.parameters()) {
        const auto found = weights.tensors.find(parameter->name);
        if (found == weights.tensors.end()) throw FormatError(std::string(path) + " has no " + parameter->name);
        parameter->value = found->second;
    }
}

void print(const Node& node) {
    std::printf(R"({"name":"%s","shape":[)", node.name.c_str());
    const char* comma = "";
    for (const int64_t extent : node.value.shape().extents()) {
        std::printf("%s%lld", comma, static_cast<long long>(extent));
        comma = ",";
    }
    std::printf(R"(],"bits":[)");
    for (int64_t i = 0; i < node.value.shape().elements(); ++i)
        std::printf("%s%u", i ? "," : "", std::bit_cast<uint32_t>(node.value.data()[i]));
    std::printf("]}\n");
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 2) throw ValueError("usage: forward_digits WEIGHTS < 784 floats");
    Random random(1);
    const Sequential network = digits_network(random);
    load(network, arguments[1]);
    Tensor input(Shape{1, 1, 28, 28});
    if (std::fread(input.data(), sizeof(float), 784, stdin) != 784) throw FormatError("784 floats are wanted");
    Graph graph("cnn.");
    classify(network, graph.input(input, "input"));
    for (int id = 0; id < graph.size(); ++id)
        if (!graph.node(id).name.empty()) print(graph.node(id));
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "forward_digits: %s\n", error.what());
    return 1;
}

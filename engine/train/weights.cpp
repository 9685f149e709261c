// Names are matched first, so that a file that does not fit changes nothing.
#include "engine/train/weights.h"

#include <set>
#include <utility>

#include "engine/errors.h"

namespace trilens {
namespace {

std::string listed(const std::vector<std::string>& names) {
    constexpr size_t most = 8;
    std::string out;
    for (size_t i = 0; i < names.size() && i < most; ++i) out += (i ? ", " : "") + names[i];
    return names.size() > most ? out + " and " + std::to_string(names.size() - most) + " more" : out;
}

}  // namespace

std::vector<std::string> apply_weights(const WeightFile& file, const std::vector<Parameter*>& parameters,
                                       const std::vector<Buffer>& buffers, const NameMap& names) {
    std::vector<std::pair<std::string, Tensor*>> wanted;
    for (Parameter* parameter : parameters) wanted.emplace_back(parameter->name, &parameter->value);
    for (const Buffer& buffer : buffers) wanted.emplace_back(buffer.name, buffer.value);

    std::vector<std::pair<Tensor*, const Tensor*>> copies;
    std::vector<std::string> missing;
    std::set<std::string> used;
    for (const auto& [own, tensor] : wanted) {
        const auto renamed = names.find(own);
        const std::string& name = renamed == names.end() ? own : renamed->second;
        const auto found = file.tensors.find(name);
        if (found == file.tensors.end()) {
            const auto unread = file.unread.find(name);
            missing.push_back(unread == file.unread.end() ? name : name + " (its type " + unread->second + " is not read)");
            continue;
        }
        if (found->second.shape() != tensor->shape())
            throw ShapeError("weights: " + name + " is " + found->second.shape().text() + " in the file, " + tensor->shape().text() +
                             " in the model");
        used.insert(name);
        copies.emplace_back(tensor, &found->second);
    }
    std::vector<std::string> unexpected;
    for (const auto& [name, tensor] : file.tensors)
        if (!used.contains(name)) unexpected.push_back(name);
    if (!missing.empty())
        throw FormatError("weights: the file lacks " + listed(missing) +
                          (unexpected.empty() ? "" : "; the model has no place for its " + listed(unexpected)));
    for (const auto& [to, from] : copies) *to = from->clone();
    return unexpected;
}

WeightFile collect_weights(const std::vector<Parameter*>& parameters, const std::vector<Buffer>& buffers) {
    WeightFile file;
    for (const Parameter* parameter : parameters) file.tensors.emplace(parameter->name, parameter->value.clone());
    for (const Buffer& buffer : buffers) file.tensors.emplace(buffer.name, buffer.value->clone());
    return file;
}

}  // namespace trilens

// Read once and kept: a room may ask in every frame.
#include "demos/transformer/shipped_transformers.h"

#include <map>
#include <string>

#include "demos/weights.h"

namespace trilens {

const TransformerFile& shipped_transformer(const char* name) {
    static std::map<std::string, TransformerFile, std::less<>> files;
    const auto found = files.find(name);
    if (found != files.end()) return found->second;
    return files.emplace(name, read_transformer_file(weights(name))).first->second;
}

}  // namespace trilens

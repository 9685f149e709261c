// What a link, undo and a reload keep of the room besides its fields: the input, and the views' own.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "demos/transformer/tasks/tasks.h"
#include "demos/transformer/transformer_room.h"
#include "engine/errors.h"

namespace trilens {

namespace {

std::string text_from(const nlohmann::json& value, const char* name) {
    if (!value.is_string() || value.get_ref<const std::string&>().size() > TransformerRoom::longest_text)
        throw FormatError(std::string("\"") + name + "\" is a text of at most " + std::to_string(TransformerRoom::longest_text) + " bytes");
    std::string text = value.get<std::string>();
    std::ranges::replace(text, '\0', ' ');  // a text box ends there
    return text;
}

// Only what is not as at the beginning is kept: links stay short.
nlohmann::json input_state(const TransformerInput& input) {
    nlohmann::json state = nlohmann::json::object();
    for (const TransformerTask* task : transformer_tasks())
        for (const TransformerText& text : task->texts())
            if (const std::string& now = input.texts.at(text.name); now != text.example) state[text.name] = now;
    if (!(input.drawing == example_transformer_input().drawing)) state["drawing"] = drawing_state(input.drawing);
    return state;
}

TransformerInput input_from(const nlohmann::json& state) {
    TransformerInput input = example_transformer_input();
    if (!state.is_object()) throw FormatError("\"input\" is an object, not " + state.dump().substr(0, 80));
    for (auto& [name, text] : input.texts)
        if (state.contains(name)) text = text_from(state[name], name.c_str());
    if (state.contains("drawing")) input.drawing = drawing_from(state["drawing"]);
    return input;
}

}  // namespace

nlohmann::json TransformerRoom::state() const {
    nlohmann::json state = views_state();
    if (nlohmann::json input = input_state(bench_.input); !input.empty()) state["input"] = std::move(input);
    return state;
}

void TransformerRoom::restore(const nlohmann::json& state) {
    if (!state.is_object()) throw FormatError("the room's state is an object, not " + state.dump().substr(0, 80));
    TransformerInput input = input_from(state.value("input", nlohmann::json::object()));
    input.corpus = bench_.input.corpus;  // a field
    restore_views(state);
    bench_.input = std::move(input);
    take_settings();
    recompute();
}

}  // namespace trilens

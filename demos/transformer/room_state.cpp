// What a link, undo and a reload keep of the room besides its fields: the input, and the views' own.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "demos/transformer/transformer_room.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr const char* problem_names[] = {"sort", "reverse", "copy", "addition", "dates"};

struct TextMember {
    const char* name;
    std::string TransformerInput::* member;
};
constexpr TextMember texts[] = {{"prompt_english", &TransformerInput::prompt_english},
                                {"prompt_chinese", &TransformerInput::prompt_chinese},
                                {"blank_english", &TransformerInput::blank_english},
                                {"blank_chinese", &TransformerInput::blank_chinese},
                                {"source", &TransformerInput::source}};

std::string text_from(const nlohmann::json& value, const char* name) {
    if (!value.is_string() || value.get_ref<const std::string&>().size() > TransformerRoom::longest_text)
        throw FormatError(std::string("\"") + name + "\" is a text of at most " + std::to_string(TransformerRoom::longest_text) + " bytes");
    std::string text = value.get<std::string>();
    std::ranges::replace(text, '\0', ' ');  // a text box ends there
    return text;
}

// Only what is not as at the beginning is kept: links stay short.
nlohmann::json input_state(const TransformerInput& input) {
    const TransformerInput initial = TransformerWorkbench::example_input();
    nlohmann::json state = nlohmann::json::object();
    for (size_t i = 0; i < sequence_problem_count; ++i)
        if (input.problems[i] != initial.problems[i]) state[problem_names[i]] = input.problems[i];
    for (const TextMember& text : texts)
        if (input.*text.member != initial.*text.member) state[text.name] = input.*text.member;
    if (!(input.drawing == initial.drawing)) state["drawing"] = drawing_state(input.drawing);
    return state;
}

TransformerInput input_from(const nlohmann::json& state) {
    TransformerInput input = TransformerWorkbench::example_input();
    if (!state.is_object()) throw FormatError("\"input\" is an object, not " + state.dump().substr(0, 80));
    for (size_t i = 0; i < sequence_problem_count; ++i)
        if (state.contains(problem_names[i])) input.problems[i] = text_from(state[problem_names[i]], problem_names[i]);
    for (const TextMember& text : texts)
        if (state.contains(text.name)) input.*text.member = text_from(state[text.name], text.name);
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

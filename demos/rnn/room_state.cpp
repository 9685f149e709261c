// What a link, undo and a reload keep of the room besides its fields: the input, what is held, and the views' own.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "demos/rnn/rnn_room.h"
#include "demos/rnn/tasks/tasks.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr size_t most_numbers = 100, most_points = 1000, most_held = 200;

std::vector<float> numbers_from(const nlohmann::json& state, const char* name, size_t most, float low, float high) {
    std::vector<float> numbers;
    const nlohmann::json& list = state.at(name);
    if (!list.is_array() || list.size() > most)
        throw FormatError(std::string("\"") + name + "\" is a list of at most " + std::to_string(most) + " numbers");
    for (const nlohmann::json& each : list) {
        const double value = each.is_number() ? each.get<double>() : NAN;
        if (!(value >= low && value <= high))
            throw FormatError(std::string("\"") + name + "\" holds " + each.dump().substr(0, 40) + ", expected numbers from " +
                              std::to_string(low) + " to " + std::to_string(high));
        numbers.push_back(static_cast<float>(value));
    }
    return numbers;
}

// Only what is not as at the beginning is kept: links stay short.
nlohmann::json input_state(const RnnInput& input) {
    const RnnInput initial = example_rnn_input();
    nlohmann::json state = nlohmann::json::object();
    if (input.numbers != initial.numbers) state["numbers"] = input.numbers;
    if (input.curve != initial.curve) state["curve"] = input.curve;
    for (const auto& [name, text] : input.texts)
        if (const auto found = initial.texts.find(name); found == initial.texts.end() || found->second != text) state[name] = text;
    return state;
}

RnnInput input_from(const nlohmann::json& state) {
    RnnInput input = example_rnn_input();
    if (!state.is_object()) throw FormatError("\"input\" is an object, not " + state.dump().substr(0, 80));
    if (state.contains("numbers")) input.numbers = numbers_from(state, "numbers", most_numbers, 0, 1);
    if (state.contains("curve")) input.curve = numbers_from(state, "curve", most_points, -1, 1);
    for (auto& [name, text] : input.texts) {
        if (!state.contains(name)) continue;
        const nlohmann::json& value = state[name];
        if (!value.is_string() || value.get_ref<const std::string&>().size() > RnnRoom::longest_text)
            throw FormatError("\"" + name + "\" is a text of at most " + std::to_string(RnnRoom::longest_text) + " bytes");
        text = value.get<std::string>();
        std::ranges::replace(text, '\0', ' ');  // a text box ends there
    }
    return input;
}

std::vector<Held> held_from(const nlohmann::json& state) {
    std::vector<Held> held;
    if (!state.is_array() || state.size() > most_held)
        throw FormatError("\"held\" is a list of at most " + std::to_string(most_held) + " elements");
    for (const nlohmann::json& each : state) {
        const auto count = [](const nlohmann::json& number) { return number.is_number_integer() && number.get<int64_t>() >= 0; };
        const bool whole =
            each.is_array() && each.size() == 4 && each[0].is_string() && count(each[1]) && count(each[2]) && each[3].is_number();
        if (!whole || !std::isfinite(each[3].get<float>()))
            throw FormatError("\"held\" holds " + each.dump().substr(0, 80) + ", expected [part, step, unit, value]");
        held.push_back({each[0], each[1], each[2], each[3]});
    }
    return held;
}

}  // namespace

nlohmann::json RnnRoom::state() const {
    nlohmann::json state = views_state();
    if (nlohmann::json input = input_state(bench_.input); !input.empty()) state["input"] = std::move(input);
    for (const Held& each : bench_.held) state["held"].push_back({each.part, each.step, each.unit, each.value});
    return state;
}

void RnnRoom::restore(const nlohmann::json& state) {
    if (!state.is_object()) throw FormatError("the room's state is an object, not " + state.dump().substr(0, 80));
    RnnInput input = input_from(state.value("input", nlohmann::json::object()));
    input.corpus = bench_.input.corpus;  // a field
    std::vector<Held> held = held_from(state.value("held", nlohmann::json::array()));
    restore_views(state);
    bench_.input = std::move(input);
    bench_.take_held();
    bench_.held = std::move(held);
    take_settings();
    recompute();
}

}  // namespace trilens

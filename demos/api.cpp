// The page API over an App. Numbers go out as doubles that hold the very floats; NaN and infinity become null, as JSON has neither.
#include "demos/api.h"

#include <algorithm>
#include <cstdio>

#include "demos/link.h"
#include "engine/io/resample.h"
#include "engine/io/weight_formats.h"
#include "engine/parallel.h"

namespace trilens {

namespace {

using nlohmann::json;

constexpr int state_version = 1;
constexpr int deepest = 32;  // of JSON that is handed in: what is printed of it is printed recursively
constexpr size_t longest_json = size_t{16} << 20, longest_name = 200, longest_file = size_t{256} << 20, longest_signal = 10'000'000,
                 longest_stroke = 10'000;

// What a call may be given: checked before anything is done with it.
void expect_at_most(const char* what, size_t given, size_t most) {
    if (given > most) throw ValueError(std::string(what) + ": " + std::to_string(given) + ", at most " + std::to_string(most));
}

json parse(std::string_view text) {
    expect_at_most("bytes of JSON", text.size(), longest_json);
    const auto not_too_deep = [](int depth, json::parse_event_t, json&) {
        if (depth > deepest) throw FormatError("JSON nested deeper than " + std::to_string(deepest));
        return true;
    };
    json value = json::parse(text, not_too_deep, false);
    if (value.is_discarded()) throw FormatError("not JSON: " + std::string(text.substr(0, 80)));
    return value;
}

// Text outside UTF-8 (from a file name, say) is replaced, never thrown about.
std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json shape_json(const Shape& shape) { return std::vector<int64_t>(shape.extents().begin(), shape.extents().end()); }

Picture checked_picture(std::span<const uint8_t> rgba, int width, int height) {
    if (width <= 0 || height <= 0 || rgba.size() != static_cast<size_t>(width) * static_cast<size_t>(height) * 4)
        throw ShapeError("a picture of " + std::to_string(width) + " x " + std::to_string(height) +
                         " needs 4 bytes for each pixel, but has " + std::to_string(rgba.size()));
    return {width, height, rgba};
}

json index_json(const Shape& shape, int64_t flat) {
    std::vector<int64_t> index(static_cast<size_t>(shape.rank()));
    unravel_index(shape, flat, index);
    return index;
}

json field_description(const Field& field) {
    json out{{"name", field.name},      {"value", field_json(field.get())},     {"label", say(field.label)},
             {"help", say(field.help)}, {"initial", field_json(field.initial)}, {"shown", !field.when || field.when()}};
    switch (field.type) {
    case Field::Type::flag: out["type"] = "bool"; break;
    case Field::Type::text:
        out["type"] = "text";
        out["longest"] = field.longest;
        break;
    case Field::Type::integer:
    case Field::Type::real:
        out["type"] = field.type == Field::Type::integer ? "int" : "real";
        out["min"] = field.range.min;
        out["max"] = field.range.max;
        out["step"] = field.range.step;
        out["logarithmic"] = field.range.logarithmic;
        break;
    case Field::Type::choice:
        out["type"] = "choice";
        for (const Choice& choice : field.choices) {
            out["choices"].push_back(choice.name);
            out["choice_labels"].push_back(choice.shown());
        }
        break;
    }
    return out;
}

std::shared_ptr<const Graph> graph_of(const App& app) {
    std::shared_ptr<const Graph> graph = app.room().graph();
    if (!graph) throw ValueError("the room " + std::string(app.room().id()) + " has computed nothing yet");
    return graph;
}

// A row-major number, or a list of one index for each axis.
int64_t element_of(const Shape& shape, std::string_view name, std::string_view index_text) {
    const json index = parse(index_text);
    int64_t flat = -1;
    if (index.is_number_integer()) flat = index.get<int64_t>();
    else if (index.is_array() && std::all_of(index.begin(), index.end(), [](const json& at) { return at.is_number_integer(); }))
        flat = flat_index(shape, index.get<std::vector<int64_t>>());
    if (flat < 0 || flat >= shape.elements())
        throw ValueError(std::string(index_text.substr(0, 80)) + " is no index of " + std::string(name) + " " + shape.text());
    return flat;
}

constexpr std::string_view gradient_prefix = "grad:";

bool dark_of(std::string_view theme) {
    if (theme != "light" && theme != "dark") throw ValueError("theme = " + std::string(theme) + " is not allowed: one of light, dark");
    return theme == "dark";
}

}  // namespace

std::string Api::info() const {
    json out{{"version", app_.info().version},
             {"threads", threads()},
             {"isolated", app_.info().isolated},
             {"simd", true},
             {"renderer", app_.info().renderer},
             {"build", app_.info().build},
             {"lang", code(language())},
             {"theme", app_.dark() ? "dark" : "light"},
             {"room", app_.room().id()},
             {"frames", app_.frames()},
             {"frame_ms", app_.frame_ms()},
             {"engine_ms", app_.engine_ms()},
             {"can_undo", app_.can_undo()},
             {"can_redo", app_.can_redo()},
             {"classes", app_.room().class_names()},
             {"most_pixels", most_pixels}};
    for (const RoomEntry& entry : app_.table()) out["rooms"].push_back(entry.id);
    for (const WeightFormat& format : weight_formats()) out["weight_files"].push_back(format.ending);
    return dump(out);
}

std::string Api::fields() const {
    json out = json::array();
    for (const Field& field : app_.room().fields().all()) out.push_back(field_description(field));
    return dump(out);
}

std::string Api::get(std::string_view name) const { return dump(field_json(app_.room().fields().get(name))); }

void Api::set(std::string_view name, std::string_view text) {
    const json value = parse(text);
    const Field& field = app_.room().fields().at(name);
    if (!value.is_primitive() || value.is_null())
        throw ValueError(field.name + " = " + dump(value).substr(0, 80) + " is not allowed: " + allowed(field));
    app_.set(name, field_value(value));
}

std::string Api::state() const {
    const json room = snapshot(app_.room());
    return dump({{"trilens", state_version},
                 {"room", app_.room().id()},
                 {"lang", code(language())},
                 {"theme", app_.dark() ? "dark" : "light"},
                 {"fields", room["fields"]},
                 {"state", room["state"]}});
}

void Api::restore(std::string_view text) {
    const json wanted = parse(text);
    if (!wanted.is_object() || !wanted.contains("trilens")) throw FormatError("not a state of Trilens: " + std::string(text.substr(0, 80)));
    if (wanted["trilens"] != state_version)
        throw FormatError("a state of version " + dump(wanted["trilens"]).substr(0, 20) + "; this program reads version " +
                          std::to_string(state_version));
    for (const auto& [key, value] : wanted.items())
        if (key != "trilens" && key != "room" && key != "lang" && key != "theme" && key != "fields" && key != "state")
            throw FormatError("a state has no \"" + key + "\"");
    const auto word = [&](const char* name, std::string_view otherwise) {
        const json value = wanted.value(name, json(otherwise));
        if (!value.is_string()) throw FormatError(std::string("\"") + name + "\" is text, not " + dump(value).substr(0, 80));
        return value.get<std::string>();
    };
    const Language wanted_language = language_of(word("lang", code(language())));
    const bool dark = dark_of(word("theme", app_.dark() ? "dark" : "light"));
    const std::string before(app_.room().id()), after = word("room", before);
    app_.open(after);
    try {
        app_.change("restore", [&](Room& room) { put_back(room, wanted); });
    } catch (...) {
        app_.open(before);
        throw;
    }
    if (dark != app_.dark()) app_.set_dark(dark);
    if (wanted_language != language()) app_.set_language(wanted_language);
}

std::string Api::link() const {
    const Room& room = app_.room();
    std::string out = "room=" + std::string(room.id()) + "&lang=" + std::string(code(language()));
    for (const Field& field : room.fields().all())
        if (field.get() != field.initial) out += "&" + link_text(field.name) + "=" + link_text(field_text(field.get()));
    const json state = room.state();
    if (state != app_.first_snapshot()["state"]) out += "&state=" + link_bytes(dump(state));
    return out;
}

void Api::follow(std::string_view link) {
    const auto pairs = link_pairs(link);
    json wanted = json::object();
    for (const auto& [name, value] : pairs) {
        if (name == "room") app_.open(value);
        else if (name == "lang") set_language(value);
        else if (name == "controls") app_.show_controls(value);
        else if (name == "theme") set_theme(value);
    }
    std::string refused;
    for (const auto& [name, value] : pairs) {
        const Field* field = app_.room().fields().find(name);
        try {
            if (field) wanted["fields"][name] = field_json(parsed(*field, value));
        } catch (const ValueError& error) {
            if (refused.empty()) refused = error.what();
        }
        if (name == "state") wanted["state"] = parse(bytes_of_link(value));
    }
    if (!wanted.empty()) app_.change("link", [&](Room& room) { put_back(room, wanted); });
    if (!refused.empty()) throw ValueError(refused);
}

void Api::picture(std::span<const uint8_t> rgba, int width, int height) {
    const Picture picture = checked_picture(rgba, width, height);
    app_.change("picture", [&](Room& room) { room.picture(picture); });
}

// The room records these itself: hundreds may come at once, and a snapshot of all for each would be slow.
void Api::example(std::string_view label) {
    expect_at_most("bytes of a class's name", label.size(), longest_name);
    app_.room().example(label, nullptr);
    app_.wake();
}

void Api::example(std::string_view label, std::span<const uint8_t> rgba, int width, int height) {
    expect_at_most("bytes of a class's name", label.size(), longest_name);
    const Picture picture = checked_picture(rgba, width, height);
    app_.room().example(label, &picture);
    app_.wake();
}

void Api::signal(std::span<const float> samples) {
    expect_at_most("samples of a recording", samples.size(), longest_signal);
    app_.change("signal", [&](Room& room) { room.signal(samples); });
}

void Api::stroke(std::string_view text) {
    const json points = parse(text);
    std::vector<Point> stroke;
    const auto bad = [&] { throw ValueError("a stroke is [[x, y], ...] with numbers in [0, 1], not " + std::string(text.substr(0, 80))); };
    if (!points.is_array() || points.empty()) bad();
    expect_at_most("points of a stroke", points.size(), longest_stroke);
    for (const json& point : points) {
        if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number()) bad();
        const Point at{point[0].get<float>(), point[1].get<float>()};
        if (!(at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1)) bad();
        stroke.push_back(at);
    }
    app_.change("stroke", [&](Room& room) { room.stroke(stroke); });
}

void Api::clear() {
    app_.change("clear", [](Room& room) { room.clear(); });
}

void Api::text(std::string_view sentence) {
    std::string text(sentence);
    std::ranges::replace(text, '\0', ' ');  // a text box ends there
    app_.change("text", [&](Room& room) { room.text(text); });
}

void Api::train(std::string_view text) {
    const json wanted = parse(text);
    Training training;
    if (wanted.is_boolean()) {
        training.on = wanted.get<bool>();
    } else if (wanted.is_object() && !wanted.empty()) {
        for (const auto& [name, count] : wanted.items()) {
            if ((name != "epochs" && name != "steps") || !count.is_number_integer() || count.get<int64_t>() < 1)
                throw ValueError("train: " + name + " = " + dump(count).substr(0, 80) +
                                 " is not allowed: epochs or steps, a whole number from 1");
            (name == "epochs" ? training.epochs : training.steps) = count.get<int64_t>();
        }
    } else {
        throw ValueError("train takes true, false, {epochs} or {steps}, not " + std::string(text.substr(0, 80)));
    }
    app_.room().train(training);
    app_.wake();
}

std::string Api::tensors() const {
    json out = json::array();
    const auto graph = app_.room().graph();
    for (int id = 0; graph && id < graph->size(); ++id) {
        const Node& node = graph->node(id);
        if (node.name.empty()) continue;
        out.push_back({{"name", node.name}, {"shape", shape_json(node.value.shape())}});
        if (!node.gradient.empty())
            out.push_back({{"name", std::string(gradient_prefix) + node.name}, {"shape", shape_json(node.gradient.shape())}});
    }
    return dump(out);
}

Tensor Api::tensor(std::string_view name) const {
    const auto graph = graph_of(app_);
    if (!name.starts_with(gradient_prefix)) return graph->node(node_of(*graph, name)).value;
    const Node& node = graph->node(node_of(*graph, name.substr(gradient_prefix.size())));
    if (node.gradient.empty()) throw ValueError(std::string(name) + " is not there: nothing was sent back to it yet");
    return node.gradient;
}

std::string Api::explain(std::string_view name, std::string_view index_text) const {
    const auto graph = graph_of(app_);
    const bool of_gradient = name.starts_with(gradient_prefix);
    if (of_gradient) tensor(name);  // throws if there is none
    const int id = node_of(*graph, of_gradient ? name.substr(gradient_prefix.size()) : name);
    const Shape& shape = graph->node(id).value.shape();
    const int64_t flat = element_of(shape, name, index_text);
    const Explanation found = of_gradient ? graph->explain_gradient(id, flat) : graph->explain(id, flat);
    constexpr const char* kinds[] = {"sum", "maximum", "function"};
    json out{{"name", name},
             {"index", index_json(shape, flat)},
             {"value", found.value},
             {"kind", kinds[static_cast<int>(found.kind)]},
             {"formula", found.formula},
             {"terms", json::array()}};
    for (const Term& term : found.terms) {
        json entry{{"name", (term.of_gradient ? std::string(gradient_prefix) : "") + node_name(*graph, term.node)},
                   {"index", index_json(graph->node(term.node).value.shape(), term.index)},
                   {"value", term.value},
                   {"factor", term.factor}};
        if (term.factor_node >= 0) {
            entry["factor_name"] = node_name(*graph, term.factor_node);
            entry["factor_index"] = index_json(graph->node(term.factor_node).value.shape(), term.factor_index);
        }
        out["terms"].push_back(std::move(entry));
    }
    return dump(out);
}

void Api::inspect(std::string_view name, std::string_view index) {
    app_.wake();
    app_.inspector().release();
    if (name.empty()) return;
    const auto graph = graph_of(app_);
    const bool of_gradient = name.starts_with(gradient_prefix);
    const std::string_view node = of_gradient ? name.substr(gradient_prefix.size()) : name;
    const int id = node_of(*graph, node);
    app_.inspector().pin({std::string(node), element_of(graph->node(id).value.shape(), name, index), of_gradient});
}

std::string Api::inspected() const {
    const Element* element = app_.inspector().subject();
    return element ? explain((element->gradient ? std::string(gradient_prefix) : "") + element->node, std::to_string(element->index))
                   : "null";
}

void Api::load(std::span<const uint8_t> bytes, std::string_view filename) {
    expect_at_most("bytes of a file", bytes.size(), longest_file);
    Room& room = app_.room();
    if (!room.take_data(bytes)) {
        room.expect_weights();
        room.load(read_weight_file(bytes, filename));
    }
    app_.wake();
}

std::string Api::checksum() const {
    uint64_t sum = 14695981039346656037ull;
    for (const Parameter* parameter : app_.room().parameters()) sum = trilens::checksum(parameter->value, sum);
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(sum));
    return text;
}

std::string Api::rects() const {
    json out = json::array();
    for (const NamedRect& each : app_.rects())
        out.push_back({{"name", each.name}, {"x", each.rect.x}, {"y", each.rect.y}, {"width", each.rect.w}, {"height", each.rect.h}});
    return dump(out);
}

std::string Api::take_events() {
    json out = json::array();
    for (const Event& event : app_.take_events()) out.push_back({{"event", event.name}, {"detail", event.detail}});
    return dump(out);
}

void Api::set_language(std::string_view code) { app_.set_language(language_of(code)); }

void Api::set_theme(std::string_view name) { app_.set_dark(dark_of(name)); }

}  // namespace trilens

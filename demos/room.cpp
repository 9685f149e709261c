// What a room answers where it offers nothing of its own.
#include "demos/room.h"

#include <nlohmann/json.hpp>

#include "engine/errors.h"

namespace trilens {

namespace {

[[noreturn]] void has_no(const Room& room, const char* what) { throw ValueError("the room " + std::string(room.id()) + " has no " + what); }

}  // namespace

void Room::picture(const Picture&) { has_no(*this, "place for a picture"); }
void Room::example(std::string_view, const Picture*) { has_no(*this, "classes of the learner's own"); }
void Room::text(std::string_view) { has_no(*this, "place for a sentence"); }
void Room::stroke(std::span<const Point>) { has_no(*this, "drawing pad"); }
void Room::signal(std::span<const float>) { has_no(*this, "place for a recording"); }
void Room::clear() { has_no(*this, "drawing to clear"); }
void Room::advance(int64_t) { has_no(*this, "steps"); }
void Room::train(const Training&) { has_no(*this, "training"); }
std::vector<uint8_t> Room::save() const { has_no(*this, "weights to save"); }
bool Room::take_data(std::span<const uint8_t>) { return false; }
void Room::expect_weights() const { has_no(*this, "weights to load"); }
void Room::load(const WeightFile&) { expect_weights(); }

void Room::set(std::string_view name, const FieldValue& value) {
    const Field& field = fields_.at(name);
    host().later([this, &field, value] {
        const FieldValue before = field.get(), after = checked(field, value);
        if (before == after) return;
        const auto apply = [this, &field](const FieldValue& wanted) {
            const FieldValue old = fields_.set(field.name, wanted);
            try {
                field_changed(field);
            } catch (...) {
                field.put(old);
                throw;
            }
            host().changed();
        };
        apply(after);
        if (field.recorded) host().record({field.name, [apply, before] { apply(before); }, [apply, after] { apply(after); }});
    });
}

nlohmann::json Room::state() const { return nullptr; }

void Room::restore(const nlohmann::json& state) {
    if (!state.is_null())
        throw FormatError("the room " + std::string(id()) + " keeps no state, but was given " + state.dump().substr(0, 80));
}

nlohmann::json field_json(const FieldValue& value) {
    return std::visit([](const auto& held) { return nlohmann::json(held); }, value);
}

FieldValue field_value(const nlohmann::json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_integer()) return value.get<int64_t>();
    if (value.is_number()) return value.get<double>();
    if (value.is_string()) return value.get<std::string>();
    throw ValueError("a setting is true, false, a number or text, not " + value.dump().substr(0, 80));
}

nlohmann::json snapshot(const Room& room) {
    nlohmann::json fields = nlohmann::json::object();
    for (const Field& field : room.fields().all()) fields[field.name] = field_json(field.get());
    return {{"fields", fields}, {"state", room.state()}};
}

void put_back(Room& room, const nlohmann::json& snapshot) {
    if (!snapshot.is_object()) throw FormatError("the state of a room is an object, not " + snapshot.dump().substr(0, 80));
    struct Put {
        const Field* field;
        FieldValue before, after;
    };
    std::vector<Put> puts;
    const nlohmann::json fields = snapshot.value("fields", nlohmann::json::object());
    if (!fields.is_object()) throw FormatError("\"fields\" is an object, not " + fields.dump().substr(0, 80));
    for (const auto& [name, value] : fields.items()) {
        const Field& field = room.fields().at(name);
        puts.push_back({&field, field.get(), checked(field, field_value(value))});
    }
    for (const Put& put : puts) put.field->put(put.after);
    try {
        if (snapshot.contains("state")) room.restore(snapshot["state"]);
    } catch (...) {
        for (const Put& put : puts) put.field->put(put.before);
        throw;
    }
    for (const Put& put : puts)
        if (put.before != put.after) room.field_changed(*put.field);
}

}  // namespace trilens

// Fields: the settings of a room, listed once. Controls, link, page API, undo, tours and the accessible twin are all
// driven by this list: a setting is one line in the room's constructor, bound to the variable that it sets.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "demos/text/text.h"

namespace trilens {

using FieldValue = std::variant<bool, int64_t, double, std::string>;   // a choice is the string of its name

std::string field_text(const FieldValue& value);                       // "true", "3", "0.001", "viridis"

struct Choice {
    std::string name;      // in links and the page API: "viridis"
    Text label;
    std::string literal{}; // shown instead of the label where the learner named the choice

    const char* shown() const { return literal.empty() ? say(label) : literal.c_str(); }
};

// What a number may be. `step` is what an arrow key adds; a logarithmic slider multiplies.
struct Range {
    double min = 0, max = 1, step = 1;
    bool logarithmic = false;
};

struct Field {
    enum class Type { flag, integer, real, choice, text };
    // What another value changes, apart from the picture (ViewedRoom::field_changed does it).
    enum class Effect {
        looks,     // nothing: where one looks, and how numbers are drawn
        computes,  // the numbers on screen
        network,   // these, and the network or its data: what was trained under others is another run
        run,       // nothing on screen: the next run of training, which begins anew
        steers,    // the rate of the run that goes on
    };

    std::string name;      // "cnn.colormap": the room's id, a dot, a name
    Type type = Type::flag;
    Effect effect = Effect::looks;
    Text label{}, help{};
    Range range;
    Text zero = Text::section_none;  // of a number: what is shown in place of 0 where 0 has a meaning of its own
    std::vector<Choice> choices;
    size_t longest = 2000;                       // of a text, in bytes
    FieldValue initial;                          // what the variable held when the field was listed
    std::function<FieldValue()> get;
    std::function<void(const FieldValue&)> put;  // writes the variable, unchecked: callers use Fields::set
    Text section = Text::section_none;             // the heading it stands under in the panel (see Fields::section)
    bool recorded = true;                        // false: what it says is where one looks, no work to undo
    bool listed = true;                          // false: in link, state and page API, but without a control of its own
    std::function<bool()> when{};                // where it belongs to one view: whether that is on screen; none: always

    using Check = std::function<void(const FieldValue&)>;
    Check check{};   // throws for a value of the right type that makes no sense; none: all do

    bool has_control() const { return listed && (!when || when()); }
};

class Fields {
public:
    // Fields listed from now on stand under this heading.
    void section(Text heading) { section_ = heading; }
    // Fields listed from now on have this effect; one must be said before the first of them. A view's fields begin with none said.
    void effect(std::optional<Field::Effect> effect) { effect_ = effect; }
    // Fields listed from now on have controls only while this holds (null: always).
    void when(std::function<bool()> shown) { when_ = std::move(shown); }

    // Each binds `name` to a variable, which must outlive the list; its present value is the initial one. Throws std::logic_error where
    // nobody said what effect it has.
    Field& flag(std::string name, Text label, Text help, bool& variable);
    Field& integer(std::string name, Text label, Text help, int& variable, Range range);
    Field& real(std::string name, Text label, Text help, float& variable, Range range);
    Field& text(std::string name, Text label, Text help, std::string& variable, size_t longest = 2000);
    // An enum (or int) whose values are 0, 1, ... in the order of the choices.
    template <typename Enum>
    Field& choice(std::string name, Text label, Text help, Enum& variable, std::vector<Choice> choices) {
        return add_choice(
            std::move(name), label, help, std::move(choices), [&variable] { return static_cast<int>(variable); },
            [&variable](int at) { variable = static_cast<Enum>(at); });
    }

    const std::deque<Field>& all() const { return fields_; }
    const Field* find(std::string_view name) const;  // null if there is none
    const Field& at(std::string_view name) const;  // throws ValueError naming it and the names there are
    FieldValue get(std::string_view name) const { return at(name).get(); }

    // Throws ValueError naming the field, the value and what is allowed; nothing changes then.
    // An integer is taken for a real, a whole real for an integer. Returns what the field was before.
    FieldValue set(std::string_view name, const FieldValue& value);
    // Other labels for the choices of a field, in their order: what the learner called them. Empty: the room's own.
    void name_choices(std::string_view name, const std::vector<std::string>& literals);
    void reset();  // every field to its initial value
    // Only these have controls from now on: a comma-separated list of names, with or without the room's id ("colormap,brush"). What is left
    // out keeps its value and can still be set. Throws ValueError naming what there is; nothing changes then.
    void show_only(std::string_view names);

private:
    Field& add(Field field);
    Field& add_choice(std::string name, Text label, Text help, std::vector<Choice> choices, std::function<int()> get,
                      std::function<void(int)> put);

    std::deque<Field> fields_;  // a deque: references stay valid while listing
    Text section_ = Text::section_none;
    std::optional<Field::Effect> effect_;
    std::function<bool()> when_;
};

// The value as the field would keep it; throws ValueError as Fields::set does.
FieldValue checked(const Field& field, const FieldValue& value);
// A value from a link: "true", "3", "viridis". Throws ValueError.
FieldValue parsed(const Field& field, std::string_view text);
// What is allowed, in English: "true or false", "a whole number from 1 to 8", "one of viridis, magma".
std::string allowed(const Field& field);

}  // namespace trilens

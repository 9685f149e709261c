// The page API as plain C++: JSON texts in and out, tensors by value. web/bindings.cpp is a thin shell over this and adds
// nothing but JavaScript's types. Every function throws trilens::Error with a sentence that names what was wrong.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demos/app.h"

namespace trilens {

class Api {
public:
    explicit Api(App& app) : app_(app) {}

    std::string info() const;                         // {version, threads, isolated, simd, renderer, lang, room, rooms, frames, ...}
    void open(std::string_view room) { app_.open(room); }
    std::string fields() const;                       // [{name, type, value, min, max, step, choices, label, help}]
    std::string get(std::string_view name) const;     // a JSON value: true, 3, "viridis"
    void set(std::string_view name, std::string_view json);

    std::string state() const;                        // {"trilens": 1, "room", "lang", "theme", "fields": {...}, "state": ...}
    void restore(std::string_view json);              // all or nothing
    std::string link() const;                         // "room=cnn&lang=en&cnn.colormap=magma&state=..." for after the '?' or '#'
    // Also takes lang, theme, room, and controls: the settings that have controls ("colormap,brush").
    void follow(std::string_view link);  // takes such a text with or without its '?' or '#'; unknown names are left alone, and values
        // that are not allowed: the first of these is thrown once all others are set

    void picture(std::span<const uint8_t> rgba, int width, int height);
    // An example of one of the learner's own classes: what is on the pad, or a picture.
    void example(std::string_view label);
    void example(std::string_view label, std::span<const uint8_t> rgba, int width, int height);
    void signal(std::span<const float> samples);  // a recording
    void stroke(std::string_view json);  // [[x, y], ...]
    void clear();
    void text(std::string_view sentence);
    void step(int64_t steps) { app_.room().advance(steps); }
    void train(std::string_view json);  // true, false, {"epochs": 3} or {"steps": 50}

    std::string tensors() const;  // [{name, shape}]
    Tensor tensor(std::string_view name) const;  // also "grad:NAME"; a view of what is on screen, copy it at once
    std::string explain(std::string_view name, std::string_view index) const;  // index: [0, 3, 14, 14] or a row-major number

    void inspect(std::string_view name, std::string_view index);  // pins that element in the inspector; "" lets go
    std::string inspected() const;  // the element that the inspector shows, as explain(), or null

    std::vector<uint8_t> save() const { return app_.room().save(); }
    void load(std::span<const uint8_t> bytes, std::string_view filename);
    std::string checksum() const;  // of all weights, 16 hex digits

    std::string rects() const;  // [{name, x, y, width, height}]
    std::string take_events();  // [{event, detail}], each once
    void undo() { app_.undo(); }
    void redo() { app_.redo(); }
    void set_language(std::string_view code);  // "en", "zh", "zh-CN"
    void set_theme(std::string_view name);  // "light", "dark"

private:
    App& app_;
};

}  // namespace trilens

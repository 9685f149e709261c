// Room: one place of the course (CNN, RNN, Transformer, Compare): a live computation, its settings, and how it is drawn.
// A room says what it is; app.h draws the frame around it, api.h answers the page, widgets draw tensors. What a room
// does not override answers with a typed error, "this room has no ...".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "demos/fields.h"
#include "demos/history.h"
#include "demos/job.h"
#include "demos/stage.h"
#include "engine/autograd/graph.h"
#include "engine/data/strokes.h"

namespace trilens {

struct Element;
struct WeightFile;

// What a room may ask of the app that shows it. Called from the thread that draws.
class Host {
public:
    virtual ~Host() = default;
    virtual void changed() = 0;                                  // what is on screen is out of date; emits 'change' once a frame
    virtual void record(Change change, bool joins = false) = 0;  // a change that was just made, for undo
    virtual void emit(std::string_view event, const nlohmann::json& detail) = 0;   // 'step' 'epoch' 'done'
    virtual void notice(std::string message) = 0;                // a sentence for the learner, shown and read out
    virtual void engine_time(double milliseconds) = 0;           // from the pointer's move to the updated maps, for the status line
    virtual const Element* pinned() const = 0;                   // in the inspector; null: nothing
    // A frame draws one graph: what changes it is asked for while drawing and carried out after the frame, in the order asked. Asked at any
    // other time it is carried out at once. An error that a command throws after the frame is told to the learner.
    virtual void later(std::function<void()> command) = 0;
};

// A picture as the page hands it over: RGBA, 8 bits each, row by row from the top, not premultiplied.
struct Picture {
    int width = 0, height = 0;
    std::span<const uint8_t> rgba;
};

struct Training {
    bool on = true;
    int64_t steps = 0, epochs = 0;  // 0: until stopped
};

class Room {
public:
    virtual ~Room() = default;
    virtual std::string_view id() const = 0;  // "cnn"
    virtual Text title() const = 0;

    Fields& fields() { return fields_; }
    const Fields& fields() const { return fields_; }
    // After a field took a new value (control, link, page API, undo alike): compute what follows from it.
    virtual void field_changed(const Field&) {}

    // The computation whose values are on screen, or null while there is none; a new object after each new computation.
    // tensors(), tensor(), explain() and the inspector read its named nodes.
    virtual std::shared_ptr<const Graph> graph() const { return nullptr; }
    virtual std::vector<const Parameter*> parameters() const { return {}; }  // for checksum()
    virtual std::vector<std::string> class_names() const { return {}; }  // what the elements of "ID.probabilities" stand for

    virtual void update() {}  // once before each frame: take what the job published
    // Draws from the top left of `area`, as wide as it, and returns the height used (the app scrolls what is higher than area.h).
    // Changes nothing that is computed: what the learner does there goes to Host::later.
    virtual float draw(Stage& stage, Rect area) = 0;
    virtual bool animating() const { return false; }  // wants the next frame without input
    virtual std::shared_ptr<Job> job() { return nullptr; }  // the long work to do now, the same object until it is done

    virtual void picture(const Picture& picture);  // throw ValueError: this room has no ...
    // An example of one of the learner's own classes: the drawing on the pad, or a picture.
    virtual void example(std::string_view label, const Picture* picture);
    virtual void text(std::string_view sentence);
    virtual void stroke(std::span<const Point> points);  // one stroke in [0, 1]^2, y down
    virtual void signal(std::span<const float> samples);  // a recording: sound, a sensor
    virtual void clear();
    virtual void advance(int64_t steps);
    virtual void train(const Training& training);  // emits 'done' with the metrics when it stops
    virtual void leave() {}  // another room is opened: stop what runs; all stays as it is for the return
    virtual std::vector<uint8_t> save() const;  // safetensors
    // A file that the learner brought. Weights are read once the room has let expect_weights() pass, by the door that knows their formats
    // (engine/io/weight_formats.h); what a room does not have fits throws ShapeError or FormatError and changes nothing.
    virtual bool take_data(std::span<const uint8_t> bytes);  // data to train on; false: the bytes are no such file
    virtual void expect_weights() const;  // throws ValueError: none can be taken now
    virtual void load(const WeightFile& file);

    // What is not a field (the drawing, the position): for links, undo and reloads. restore() throws FormatError or ValueError and
    // changes nothing if what it is given makes no sense.
    virtual nlohmann::json state() const;
    virtual void restore(const nlohmann::json& state);

    void attach(Host& host) {
        host_ = &host;
        attached();
    }

protected:
    Host& host() const { return *host_; }
    virtual void attached() {}  // host() can be asked from now on
    // A field, as its control does it: checked, undoable; asked while drawing, after the frame.
    void set(std::string_view name, const FieldValue& value);
    // A door for what draws: the command is carried out when nothing is drawn.
    template <typename... Args>
    std::function<void(Args...)> from_drawing(std::type_identity_t<std::function<void(Args...)>> command) {
        return [this, command = std::move(command)](Args... args) {
            host().later([command, ... args = std::move(args)] { command(args...); });
        };
    }

    Fields fields_;

private:
    Host* host_ = nullptr;
};

// Everything of a room that a learner set or made: {"fields": {name: value}, "state": state()}.
nlohmann::json snapshot(const Room& room);
// Puts a snapshot back, all of it or (throwing ValueError or FormatError) nothing. Fields it does not name stay as they are.
void put_back(Room& room, const nlohmann::json& snapshot);

nlohmann::json field_json(const FieldValue& value);
FieldValue field_value(const nlohmann::json& value);  // throws ValueError for what is no flag, number or text

}  // namespace trilens

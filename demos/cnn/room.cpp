// The room's life: what is drawn, loaded, uploaded and trained, and its state for links.
#include "demos/cnn/room.h"

#include <nlohmann/json.hpp>

#include "demos/cnn/cnn_room.h"
#include "demos/cnn/training.h"
#include "demos/cnn/view.h"
#include "engine/data/stroke_limit.h"
#include "engine/errors.h"
#include "engine/train/weights.h"

namespace trilens {

CnnRoom::CnnRoom()
    : ViewedRoom({[this] { return training_setup(bench_); },
                  [this](const SessionSnapshot& now) {
                      bench_.use_weights(now.first().weights);
                      recompute();
                  }}),
      input_card_(bench_, {[this] { recompute(); }, [this](Change change) { host().record(std::move(change)); },
                           [this](std::function<void()> command) { host().later(std::move(command)); },
                           [this] { host().emit("record", nullptr); }}) {
    for (const auto& [id, label, help, make] : view_table()) {
        auto made = make(bench_);
        made->attach(View::InputServices{[this](OwnClasses own) { set_own(std::move(own)); },
                                         [this](Drawing drawing) { show(std::move(drawing)); }});
        add_view(id, label, help, std::move(made));
    }
    bench_.record = [this](Graph& graph) { static_cast<View&>(view()).record(graph); };
    bench_.computed = [this] { views_computed(); };
    list_fields();
    bench_.compute();
}

void CnnRoom::picture(const Picture& picture) {
    if (bench_.curves()) throw ValueError(say(Text::curve_no_picture));
    show(drawing_of(picture));
}

void CnnRoom::signal(std::span<const float> samples) {
    if (!bench_.curves()) set("cnn.data", std::string("waves"));
    show(recording_of(samples));
}

void CnnRoom::stroke(std::span<const Point> points) {
    Drawing next{bench_.drawing.strokes, std::nullopt};
    Stroke stroke;
    for (const Point& point : points) stroke.push_back(on_grid(point));
    if (!stroke.empty()) next.strokes.push_back(std::move(stroke));
    next.strokes = limited(std::move(next.strokes));
    show(std::move(next));
}

std::vector<uint8_t> CnnRoom::save() const {
    return write_safetensors(collect_weights(bench_.network().parameters(), bench_.network().buffers()));
}

void CnnRoom::load(const WeightFile& file) {
    apply_weights(file, bench_.network().parameters(), bench_.network().buffers());
    bench_.changed_weights();
    training_.forget();
    recompute();
}

void CnnRoom::example(std::string_view label, const Picture* picture) {
    OwnClasses own = bench_.own();
    const Drawing shown = picture ? drawing_of(*picture) : bench_.drawing;
    if (shown.strokes.empty() && !shown.picture) throw ValueError(say(Text::own_nothing_drawn));
    own.examples.push_back({shown, own.class_of(label)});
    set_own(std::move(own));
}

// An idx file: the first of two waits for the other. idx begins with two zeros; safetensors with the length of its header, which is never a
// multiple of 65536.
bool CnnRoom::take_data(std::span<const uint8_t> bytes) {
    if (bytes.size() <= 3 || bytes[0] != 0 || bytes[1] != 0) return false;
    if (!bench_.take_idx(bytes)) {
        host().notice(say(Text::files_one));
        return true;
    }
    training_.forget();
    set("cnn.data", std::string("files"));
    host().notice(say(Text::files_taken, {std::to_string(bench_.data()->size())}));
    return true;
}

void CnnRoom::recompute() {
    bench_.compute();
    host().engine_time(bench_.milliseconds());
    host().changed();
}

void CnnRoom::show(Drawing drawing) {
    input_card_.show(std::move(drawing));
    recompute();
}

nlohmann::json CnnRoom::state() const {
    nlohmann::json state = drawing_state(bench_.drawing_for(false));
    state.update(views_state());
    state["curve"] = drawing_state(bench_.drawing_for(true));
    if (!bench_.own().examples.empty()) state["examples"] = examples_state(bench_.own().examples);
    return state;
}

void CnnRoom::restore(const nlohmann::json& state) {
    Drawing drawing = drawing_from(state), curve = state.contains("curve") ? drawing_from(state["curve"]) : example_curve();
    if (drawing.picture && drawing.picture->shape()[2] == 1) throw FormatError("a drawing is no curve");
    if (curve.picture && curve.picture->shape()[2] != 1) throw FormatError("a curve is no picture");
    OwnClasses own{parse_names(classes_), examples_from(state.value("examples", nlohmann::json::array()))};
    put_own(std::move(own));
    take_settings();
    restore_views(state);
    bench_.drawing_for(false) = std::move(drawing);
    bench_.drawing_for(true) = std::move(curve);
    show(bench_.drawing);
}

void CnnRoom::start_anew() {
    training_.forget();
    bench_.start_anew(static_cast<uint64_t>(bench_.seed));
    recompute();
}

void CnnRoom::use_shipped() {
    training_.forget();
    bench_.use_shipped();
    recompute();
}

std::unique_ptr<Room> make_cnn_room() { return std::make_unique<CnnRoom>(); }

}  // namespace trilens

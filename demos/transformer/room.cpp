// The room's life: what is typed, drawn, switched, trained, and what follows from it.
#include "demos/transformer/room.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/errors.h"

#include "demos/transformer/training_setup.h"
#include "demos/transformer/transformer_room.h"
#include "demos/weights.h"

namespace trilens {

TransformerRoom::TransformerRoom()
    : input_card_(bench_, {[this](TransformerInput input, bool joins) { set_input(std::move(input), joins); },
                           [this](SequenceProblem problem) { set_problem(problem); }, [this](bool on) { train({.on = on}); },
                           [this] { start_anew(); }}),
      training_({[this] { return transformer_training_setup(bench_); },
                 [this](const SessionSnapshot& now) {
                     take_transformer_weights(bench_, now);
                     recompute();
                 }}) {
    for (const TransformerViewEntry& entry : transformer_view_table()) views_.push_back(entry.make(bench_));
    list_fields();
    network_ = bench_.network_key();
}

void TransformerRoom::attached() {
    training_.attach(host());
    TransformerView::Services services;
    services.host = &host();
    services.training = &training_;
    services.recompute = [this] { recompute(); };
    services.set = [this](std::string_view name, const FieldValue& value) { set(name, value); };
    services.set_input = [this](TransformerInput input, bool joins) { set_input(std::move(input), joins); };
    services.start_anew = [this] { start_anew(); };
    for (const auto& each : views_) each->attach(services);
}

std::vector<const Parameter*> TransformerRoom::parameters() const {
    const auto all = bench_.model()->parameters();
    return {all.begin(), all.end()};
}

bool TransformerRoom::has_network() const {
    return !bench_.is_shipped() || has_weights(bench_.task() == TransformerTask::vision ? "vit" : "translate");
}

// Another language of the page is another text to learn from and other names of tokens.
void TransformerRoom::update() {
    if (language_ != language()) {
        language_ = language();
        take_settings();
        recompute();
    }
    training_.update();
    view().update();
}

void TransformerRoom::text(std::string_view sentence) {
    if (sentence.size() > longest_text)
        throw ValueError("a text of " + std::to_string(sentence.size()) + " bytes, expected at most " + std::to_string(longest_text));
    if (!bench_.reads_text()) set("transformer.task", std::string("translate"));
    TransformerInput input = bench_.input;
    bench_.text_of(input) = std::string(sentence);
    set_input(std::move(input), false);
}

void TransformerRoom::stroke(std::span<const Point> points) {
    if (points.empty()) throw ValueError("a stroke of no points");
    if (bench_.task() != TransformerTask::vision) set("transformer.task", std::string("vision"));
    TransformerInput input = bench_.input;
    input.drawing.picture.reset();
    input.drawing.strokes.emplace_back(points.begin(), points.end());
    set_input(std::move(input), false);
}

void TransformerRoom::picture(const Picture& picture) {
    TransformerInput input = bench_.input;
    input.drawing = drawing_of(picture);
    if (bench_.task() != TransformerTask::vision) set("transformer.task", std::string("vision"));
    set_input(std::move(input), false);
}

void TransformerRoom::clear() {
    TransformerInput input = bench_.input;
    if (bench_.reads_text()) bench_.text_of(input).clear();
    else if (bench_.task() == TransformerTask::vision) input.drawing = {};
    else throw ValueError("the layer's sequence is drawn from the seed: there is nothing to clear");
    set_input(std::move(input), false);
}

// Writes more tokens or fewer, unless the view on screen has steps of its own.
void TransformerRoom::advance(int64_t steps) {
    if (view().advance(steps)) return;
    const int64_t most = bench_.most_steps();
    if (most == 0) throw ValueError("this network writes nothing: there is no step to go to");
    const auto now = static_cast<int64_t>(bench_.written().tokens.size());  // it may have ended before settings.step
    set("transformer.step", std::clamp<int64_t>(now + steps, 1, most));
}

void TransformerRoom::load(std::span<const uint8_t> bytes, std::string_view) {
    if (bench_.is_shipped()) throw ValueError(say(Text::transformer_shipped_not_trained));
    bench_.load(bytes);
    training_.forget();
    recompute();
}

void TransformerRoom::train(const Training& training) {
    if (training.on && !bench_.trainable()) throw ValueError(say(Text::transformer_shipped_not_trained));
    training_.train(training);
}

void TransformerRoom::recompute() {
    bench_.compute();
    for (const auto& each : views_) each->computed();
    host().engine_time(bench_.milliseconds());
    host().changed();
}

void TransformerRoom::set_input(TransformerInput input, bool joins) {
    if (input == bench_.input) return;
    const auto put = [this](const TransformerInput& wanted) {
        bench_.input = wanted;
        take_settings();
        recompute();
    };
    host().record({"input", [put, before = bench_.input] { put(before); }, [put, input] { put(input); }}, joins);
    put(input);
}

void TransformerRoom::set_problem(SequenceProblem problem) {
    set("transformer.problem", fields_.at("transformer.problem").choices[static_cast<size_t>(problem)].name);
}

void TransformerRoom::start_anew() {
    training_.forget();
    bench_.start_anew();
    recompute();
}

// What was trained as another network, or on other data, is another run.
void TransformerRoom::take_settings() {
    const std::string now = bench_.network_key();
    if (now == network_) return;
    training_.forget();
    network_ = now;
}

void TransformerRoom::field_changed(const Field& field) {
    take_settings();
    if (field.name != "transformer.speed") recompute();
    for (const auto& each : views_) each->field_changed(field);
}

std::unique_ptr<Room> make_transformer_room() { return std::make_unique<TransformerRoom>(); }

}  // namespace trilens

// The room's life: what is typed, drawn, held, trained, and what follows from it.
#include "demos/rnn/room.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "demos/rnn/rnn_room.h"
#include "demos/rnn/training_setup.h"
#include "engine/data/waves.h"
#include "engine/errors.h"
#include "engine/models/sequence_file.h"

namespace trilens {

RnnRoom::RnnRoom()
    : input_card_(bench_, {[this](RnnInput input, bool joins) { set_input(std::move(input), joins); },
                           [this](int sample) { set("rnn.sample", static_cast<int64_t>(sample)); }, [this](bool on) { train({.on = on}); },
                           [this] { start_anew(); }}),
      training_({[this] { return rnn_training_setup(bench_); },
                 [this](const SessionSnapshot& now) {
                     take_rnn_weights(bench_, now);
                     recompute();
                 }}) {
    for (const RnnViewEntry& entry : rnn_view_table()) views_.push_back(entry.make(bench_));
    list_fields();
    bench_.compute();
    network_ = bench_.network_key();
}

void RnnRoom::attached() {
    training_.attach(host());
    RnnView::Services services;
    services.host = &host();
    services.training = &training_;
    services.recompute = [this] { recompute(); };
    services.set = [this](std::string_view name, const FieldValue& value) { set(name, value); };
    services.set_input = [this](RnnInput input, bool joins) { set_input(std::move(input), joins); };
    services.hold = [this](std::vector<Held> held, bool joins) { hold(std::move(held), joins); };
    services.leave_out = [this](std::optional<int64_t> step) { leave_out(step); };
    services.start_anew = [this] { start_anew(); };
    for (const auto& each : views_) each->attach(services);
}

std::vector<const Parameter*> RnnRoom::parameters() const {
    const auto all = bench_.model()->parameters();
    return {all.begin(), all.end()};
}

// Another language of the page is another text to read.
void RnnRoom::update() {
    if (language_ != language()) {
        language_ = language();
        take_settings();
        recompute();
    }
    training_.update();
    view().update();
}

void RnnRoom::text(std::string_view sentence) {
    if (sentence.size() > longest_text)
        throw ValueError("a text of " + std::to_string(sentence.size()) + " bytes, expected at most " + std::to_string(longest_text));
    if (!bench_.reads_text()) set("rnn.task", std::string("sentiment"));
    RnnInput input = bench_.input;
    bench_.text_of(input) = std::string(sentence);
    set_input(std::move(input), false);
}

void RnnRoom::signal(std::span<const float> samples) {
    if (samples.empty()) throw ValueError("a recording of no samples");
    if (bench_.task() != RnnTask::forecast) set("rnn.task", std::string("forecast"));
    RnnInput input = bench_.input;
    const Tensor wave = wave_from_samples(samples);
    input.curve.assign(wave.values().begin(), wave.values().end());
    set_input(std::move(input), false);
}

void RnnRoom::clear() {
    RnnInput input = bench_.input;
    if (bench_.reads_text()) bench_.text_of(input).clear();
    else if (bench_.task() == RnnTask::forecast) input.curve.clear();
    else std::ranges::fill(input.numbers, 0.0f);
    set_input(std::move(input), false);
}

// Moves time, unless the view on screen has steps of its own.
void RnnRoom::advance(int64_t steps) {
    if (view().advance(steps)) return;
    const int64_t last = bench_.steps();
    if (last == 0) throw ValueError("the sequence is empty: there is no step to go to");
    set("rnn.step", std::clamp<int64_t>(bench_.shown_steps() + steps, 1, std::min<int64_t>(last, 999)));
}

std::vector<uint8_t> RnnRoom::save() const { return bench_.save(); }

void RnnRoom::load(std::span<const uint8_t> bytes, std::string_view) {
    bench_.load(bytes);
    training_.forget();
    recompute();
}

void RnnRoom::train(const Training& training) {
    if (training.on && !bench_.trainable()) throw ValueError(say(Text::rnn_shipped_not_trained));
    training_.train(training);
}

void RnnRoom::recompute() {
    bench_.compute();
    for (const auto& each : views_) each->computed();
    host().engine_time(bench_.milliseconds());
    host().changed();
}

void RnnRoom::set_input(RnnInput input, bool joins) {
    if (input == bench_.input) return;
    const auto put = [this](const RnnInput& wanted) {
        const bool other_data =
            bench_.task() == RnnTask::forecast ? wanted.curve != bench_.input.curve : wanted.corpus != bench_.input.corpus;
        if (other_data) training_.forget();
        bench_.input = wanted;
        take_settings();
        recompute();
    };
    host().record({"input", [put, before = bench_.input] { put(before); }, [put, input] { put(input); }}, joins);
    put(input);
}

void RnnRoom::hold(std::vector<Held> held, bool joins) {
    if (held == bench_.held) return;
    const auto put = [this](const std::vector<Held>& wanted) {
        bench_.held = wanted;
        recompute();
    };
    host().record({"held", [put, before = bench_.held] { put(before); }, [put, held] { put(held); }}, joins);
    put(held);
}

void RnnRoom::leave_out(std::optional<int64_t> step) {
    if (step == bench_.left_out) return;
    bench_.left_out = step;
    recompute();
}

void RnnRoom::start_anew() {
    training_.forget();
    bench_.start_anew();
    recompute();
}

// What was trained as another network, or on other data, is another run.
void RnnRoom::take_settings() {
    const std::string now = bench_.network_key();
    if (now == network_) return;
    training_.forget();
    network_ = now;
}

void RnnRoom::field_changed(const Field& field) {
    take_settings();
    if (field.name != "rnn.speed") recompute();
    for (const auto& each : views_) each->field_changed(field);
}

std::unique_ptr<Room> make_rnn_room() { return std::make_unique<RnnRoom>(); }

}  // namespace trilens

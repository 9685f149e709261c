// The room's life: what is typed, drawn, held, trained, and what follows from it.
#include "demos/rnn/room.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "demos/rnn/rnn_room.h"
#include "demos/rnn/tasks/tasks.h"
#include "demos/rnn/training_setup.h"
#include "demos/rnn/view.h"
#include "engine/data/waves.h"
#include "engine/errors.h"
#include "engine/models/sequence_file.h"

namespace trilens {

RnnRoom::RnnRoom()
    : TaskRoom({[this] { return rnn_training_setup(bench_); },
                [this](const SessionSnapshot& now) {
                    take_rnn_weights(bench_, now);
                    recompute();
                }}),
      input_card_(bench_, {from_drawing<RnnInput, bool>([this](RnnInput input, bool joins) { set_input(std::move(input), joins); }),
                           [this](int sample) { set("rnn.sample", static_cast<int64_t>(sample)); },
                           from_drawing<bool>([this](bool on) { train({.on = on}); }), from_drawing<>([this] { start_anew(); }),
                           from_drawing<>([this] { hold({}, false); })}) {
    for (const auto& [id, label, help, make] : rnn_view_table()) {
        auto view = make(bench_);
        view->attach(RnnView::InputServices{[this](RnnInput input, bool joins) { set_input(std::move(input), joins); },
                                            [this](std::vector<Held> held, bool joins) { hold(std::move(held), joins); },
                                            [this](std::optional<int64_t> step) { asked_to_leave_out_ = step; }});
        add_view(id, label, help, std::move(view));
    }
    list_fields();
    bench_.compute();
    network_ = bench_.network_key();
}

void RnnRoom::signal(std::span<const float> samples) {
    if (samples.empty()) throw ValueError("a recording of no samples");
    if (bench_.task().reads() != RnnReads::curve) set("rnn.task", std::string(rnn_task_that_reads(RnnReads::curve).id()));
    RnnInput input = bench_.input;
    const Tensor wave = wave_from_samples(samples);
    input.curve.assign(wave.values().begin(), wave.values().end());
    set_input(std::move(input), false);
}

void RnnRoom::clear() {
    RnnInput input = bench_.input;
    bench_.task().clear(bench_.context(), input);
    set_input(std::move(input), false);
}

// Moves time, unless the view on screen has steps of its own.
void RnnRoom::advance(int64_t steps) {
    if (view().advance(steps)) return;
    const int64_t last = bench_.steps();
    if (last == 0) throw ValueError("the sequence is empty: there is no step to go to");
    set("rnn.step", std::clamp<int64_t>(bench_.shown_steps() + steps, 1, last));
}

void RnnRoom::load(const WeightFile& file) {
    bench_.load(file);
    training_.forget();
    recompute();
}

void RnnRoom::train(const Training& training) {
    if (training.on && !bench_.trainable()) throw ValueError(say(Text::rnn_shipped_not_trained));
    training_.train(training);
}

bool RnnRoom::is_other_data(const RnnInput& wanted) const { return bench_.task().is_other_data(bench_.input, wanted); }

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
    if (step && *step >= bench_.steps()) return;  // the sequence was changed in the same frame
    bench_.compute_without(step);
    views_computed();
    host().engine_time(bench_.milliseconds());
    host().changed();
}

std::unique_ptr<Room> make_rnn_room() { return std::make_unique<RnnRoom>(); }

}  // namespace trilens

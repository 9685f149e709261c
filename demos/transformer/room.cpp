// The room's life: what is typed, drawn, switched, trained, and what follows from it.
#include "demos/transformer/room.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "demos/transformer/tasks/problems.h"
#include "demos/transformer/training_setup.h"
#include "demos/transformer/transformer_room.h"
#include "demos/transformer/view.h"
#include "demos/weights.h"
#include "engine/data/stroke_limit.h"

namespace trilens {

TransformerRoom::TransformerRoom()
    : TaskRoom({[this] { return transformer_training_setup(bench_); },
                [this](const SessionSnapshot& now) {
                    take_transformer_weights(bench_, now);
                    recompute();
                }}),
      input_card_(
          bench_,
          {from_drawing<TransformerInput, bool>([this](TransformerInput input, bool joins) { set_input(std::move(input), joins); }),
           [this](SequenceProblem problem) { set_problem(problem); }, from_drawing<bool>([this](bool on) { train({.on = on}); }),
           from_drawing<>([this] { start_anew(); }), [this](std::string corpus) { set("transformer.corpus", std::move(corpus)); }}) {
    for (const auto& [id, label, help, make] : transformer_view_table()) {
        auto view = make(bench_);
        view->attach([this](TransformerInput input, bool joins) { set_input(std::move(input), joins); });
        add_view(id, label, help, std::move(view));
    }
    list_fields();
    network_ = bench_.network_key();
}

bool TransformerRoom::has_network() const { return !bench_.is_shipped() || has_weights(bench_.task().weights()); }

void TransformerRoom::stroke(std::span<const Point> points) {
    if (points.empty()) throw ValueError("a stroke of no points");
    if (!bench_.task().reads_drawing()) set("transformer.task", std::string("vision"));
    TransformerInput input = bench_.input;
    input.drawing.picture.reset();
    input.drawing.strokes.emplace_back(points.begin(), points.end());
    input.drawing.strokes = limited(std::move(input.drawing.strokes));
    set_input(std::move(input), false);
}

void TransformerRoom::picture(const Picture& picture) {
    TransformerInput input = bench_.input;
    input.drawing = drawing_of(picture);
    if (!bench_.task().reads_drawing()) set("transformer.task", std::string("vision"));
    set_input(std::move(input), false);
}

void TransformerRoom::clear() {
    TransformerInput input = bench_.input;
    if (bench_.reads_text()) bench_.text_of(input).clear();
    else if (bench_.task().reads_drawing()) input.drawing = {};
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

void TransformerRoom::expect_weights() const {
    if (bench_.is_shipped()) throw ValueError(say(Text::transformer_shipped_not_trained));
}

void TransformerRoom::load(const WeightFile& file) {
    bench_.load(file);
    training_.forget();
    recompute();
}

void TransformerRoom::train(const Training& training) {
    if (training.on && !bench_.trainable()) throw ValueError(say(Text::transformer_shipped_not_trained));
    training_.train(training);
    if (training.on) views_computed();  // heads are noted from before the first step on
}

// Undoable: what was learned would be lost for good.
void TransformerRoom::start_anew() {
    const auto put = [this](const std::function<void()>& change) {
        training_.forget();
        change();
        recompute();
    };
    const auto fresh = [this, put] { put([this] { bench_.start_anew(); }); };
    host().record({"network", [this, put, before = bench_.kept()] { put([&] { bench_.put_back(before); }); }, fresh});
    fresh();
}

void TransformerRoom::set_problem(SequenceProblem problem) {
    set("transformer.problem", std::string(problem_table()[static_cast<size_t>(problem)].id));
}

std::unique_ptr<Room> make_transformer_room() { return std::make_unique<TransformerRoom>(); }

}  // namespace trilens

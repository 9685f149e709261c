// What is asked, and when it is computed. The drawing stands in predict_generate.cpp, predict_learning.cpp and predict_forecast.cpp.
#include "demos/rnn/predict_view.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "demos/rnn/tasks/tasks.h"
#include "demos/text/text.h"
#include "demos/widgets/button_row.h"
#include "demos/widgets/theme.h"
#include "engine/autograd/recurrent.h"
#include "engine/errors.h"

namespace trilens {

namespace {

constexpr double frame_milliseconds = 4;    // of a frame for a text that is to be long
constexpr double sample_seconds = 0.3;      // while training: between one text and the next
constexpr int64_t sample_length = 80;       // what is written at least while the network learns
constexpr double longest_gap = 1;           // after a longer pause of the page playing does not catch up
constexpr size_t most_samples = 200;

Budget milliseconds(double most) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double, std::milli>(most);
    return [end] { return std::chrono::steady_clock::now() < end; };
}

// What each of the scores stands for; a character that the vocabulary does not know is U+FFFD.
std::vector<std::string> names_of(const Vocabulary& vocabulary, int64_t scores) {
    std::vector<std::string> names(static_cast<size_t>(scores), "\xef\xbf\xbd");
    for (int64_t number = 1; number < std::min(scores, vocabulary.size()); ++number)
        names[static_cast<size_t>(number)] = vocabulary.token(static_cast<int32_t>(number));
    return names;
}

int64_t count_of(const nlohmann::json& state, const char* name, int64_t most) {
    const auto found = state.find(name);
    if (found == state.end() || !found->is_number_integer() || found->get<int64_t>() < 0 || found->get<int64_t>() > most)
        throw FormatError(std::string("state: ") + name + " is not a whole number from 0 to " + std::to_string(most));
    return found->get<int64_t>();
}

}  // namespace

void RnnPredictView::list_fields(Fields& fields) {
    fields.section(Text::section_rnn_predict);
    fields.effect(Field::Effect::looks);
    fields.real("rnn.temperature", Text::field_rnn_temperature, Text::help_rnn_temperature, temperature_, {0.1, 2, 0.05});
    fields.integer("rnn.top_k", Text::field_rnn_top_k, Text::help_rnn_top_k, top_k_, {0, 50, 1}).zero = Text::number_all;
    fields.integer("rnn.sampling_seed", Text::field_rnn_sampling_seed, Text::help_rnn_sampling_seed, seed_, {1, 9999, 1});
    // It has a slider of its own in the view.
    fields
        .integer("rnn.free_from", Text::field_rnn_free_from, Text::help_rnn_free_from, free_from_,
                 {1, static_cast<double>(longest_curve), 1})
        .listed = false;
}

void RnnPredictView::field_changed(const Field& field) {
    if (field.name == "rnn.task" || field.name == "rnn.source") playing_ = false, samples_.clear();
}

nlohmann::json RnnPredictView::state() const { return {{"generated", length_}, {"forecast", horizon_}}; }

void RnnPredictView::restore(const nlohmann::json& state) {
    if (!state.is_object()) throw FormatError("state: what comes next is no object");
    const int64_t length = count_of(state, "generated", longest_text), horizon = count_of(state, "forecast", longest_curve + beyond_end);
    length_ = length;
    horizon_ = horizon;
    playing_ = false;
}

int64_t RnnPredictView::longest_forecast() const {
    const auto length = static_cast<int64_t>(bench().input.curve.size());
    return length - std::clamp<int64_t>(free_from_, 1, std::max<int64_t>(length, 1)) + beyond_end;
}

bool RnnPredictView::advance(int64_t steps) {
    if (bench().task().answers() == RnnAnswer::text) length_ = std::clamp<int64_t>(length_ + steps, 0, longest_text);
    else if (bench().task().answers() == RnnAnswer::curve)
        horizon_ = std::clamp<int64_t>(std::min(horizon_, longest_forecast()) + steps, 0, longest_forecast());
    else return false;
    host().changed();
    return true;
}

std::string RnnPredictView::generated() const {
    std::string out;
    if (text_)
        for (const TextGeneration::Token& token : text_->tokens()) out += names_[static_cast<size_t>(token.number)];
    return out;
}

void RnnPredictView::play(Stage& stage) {
    if (!playing_) return;
    const double period = 1 / std::max(0.1, static_cast<double>(bench().settings.speed));
    if (due_ < 0 || stage.now > due_ + longest_gap) due_ = stage.now + period;
    for (; due_ <= stage.now; due_ += period) {
        const int64_t& reached = bench().task().answers() == RnnAnswer::text ? length_ : horizon_;
        const int64_t before = reached;
        advance(1);
        if (before == reached) playing_ = false;
    }
    if (playing_) stage.again_at(due_);
}

// While the network learns, its weights change many times a second: a text is written to its end before the next one begins.
void RnnPredictView::follow_text(Stage& stage) {
    trouble_.clear();
    const Vocabulary& vocabulary = *bench().task().vocabulary(bench().context());
    const bool nothing_learned = vocabulary.size() < 2;
    if (bench().steps() == 0 || nothing_learned) {
        text_.reset();
        if (nothing_learned) trouble_ = say(Text::rnn_learn_first);
        return;
    }
    const bool learning = training().running();
    if (learning) length_ = std::max(length_, sample_length);
    const TextGeneration::Settings settings{{.temperature = temperature_, .top_k = top_k_}, static_cast<uint64_t>(seed_)};
    const bool other = !text_ || text_version_ != bench().version() || !(text_settings_ == settings);
    const bool busy = learning && text_ && (text_->length() < length_ || stage.now < text_due_);
    try {
        if (other && !busy) {
            text_.emplace(bench().copy(bench().cell()), bench().sequence(), bench().look(), settings);
            text_version_ = bench().version();
            text_settings_ = settings;
            text_due_ = stage.now + sample_seconds;
            prompt_ = bench().text();
            names_ = names_of(vocabulary, static_cast<int64_t>(text_->before().size()));
            const SessionSnapshot* progress = training().progress();
            text_step_ = training().step();
            text_epochs_ = progress ? progress->first().epoch : 0;
        }
        if (!text_->grow(length_, milliseconds(frame_milliseconds))) stage.again();
        else if (learning) note_sample();
    } catch (const NonFiniteError& error) {
        text_.reset();
        trouble_ = error.what();
    }
}

void RnnPredictView::note_sample() {
    if (!samples_.empty() && samples_.back().step > text_step_) samples_.clear();  // gone back in time, or another run
    if ((!samples_.empty() && samples_.back().epochs == text_epochs_) || samples_.size() >= most_samples) return;
    samples_.push_back({text_step_, text_epochs_, generated()});
}

void RnnPredictView::follow_curve() {
    trouble_.clear();
    const std::vector<float>& curve = bench().input.curve;
    if (curve.empty() || bench().steps() == 0) {
        forecast_.reset();
        return;
    }
    if (!forecast_ || forecast_version_ != bench().version() || forecast_from_ != free_from_)
        forecast_.emplace(bench().copy(bench().cell()), curve, free_from_, bench().look());
    forecast_version_ = bench().version();
    forecast_from_ = free_from_;
    forecast_->grow(std::min(horizon_, longest_forecast()));
}

// A button's steps; playing ends.
void RnnPredictView::go(int64_t steps) {
    later([this, steps] {
        playing_ = false;
        advance(steps);
    });
}

float RnnPredictView::draw_commands(Stage& stage, Rect area, Text step, bool can_go_on, bool can_go_back) {
    ButtonRow row(stage, area);
    if (row.button("rnn.predict.next", say(step), false, can_go_on)) go(1);
    if (row.button("rnn.predict.play", say(playing_ ? Text::rnn_stop : Text::rnn_play), playing_, can_go_on || playing_))
        playing_ = !playing_, due_ = -1;
    if (row.button("rnn.predict.back", say(Text::rnn_take_back), false, can_go_back)) go(-1);
    if (row.button("rnn.predict.clear", say(Text::rnn_take_all_back), false, can_go_back)) go(-longest_text);
    return row.height();
}

// In the tasks where nothing comes next.
float RnnPredictView::draw_elsewhere(Stage& stage, Rect area) {
    const Theme& t = theme();
    const float top = area.y;
    for (const RnnTask* task : rnn_tasks()) {
        if (task->answers() == RnnAnswer::classes) continue;
        const char* label = say(task->label());
        const std::string id = task->id();
        const float height = t.px(stage.touch ? t.touch_target : t.control_height), width = text_width(label, t.text) + t.px(24);
        area.cut_top(draw_paragraph(area.min(), say(task->offer()), t.text, t.color.text, area.w) + t.px(6));
        if (draw_button(stage, ("rnn.predict." + id).c_str(), label, {area.x, area.y, width, height})) set("rnn.task", id);
        area.cut_top(height + t.px(16));
    }
    return area.y - top;
}

float RnnPredictView::draw(Stage& stage, Rect area) {
    const RnnAnswer answers = bench().task().answers();
    if (answers != RnnAnswer::text) text_.reset();
    if (answers != RnnAnswer::curve) forecast_.reset();
    switch (answers) {
    case RnnAnswer::text: play(stage); return follow_text(stage), draw_generate(stage, area);
    case RnnAnswer::curve: play(stage); return follow_curve(), draw_forecast(stage, area);
    case RnnAnswer::classes: break;
    }
    return cards_.draw(stage, "rnn.predict.offer", say(Text::view_rnn_predict), area,
                       [&](Rect inner) { return draw_elsewhere(stage, inner); });
}

}  // namespace trilens

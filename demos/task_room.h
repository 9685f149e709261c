// TaskRoom: a ViewedRoom whose network is one of several, each for a task of its own, all on one workbench: what the RNN and the
// Transformer room have in common.
// The workbench has `input`, settings that its fields are bound to, and network_key(), which is another for another network or other data.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demos/viewed_room.h"
#include "engine/errors.h"

namespace trilens {

// Work that may take half of the time: it is due again when as long has passed since it ended as it took. In milliseconds of any clock.
class HalfOfTheTime {
public:
    bool due(double now) const { return now >= next_; }
    void worked(double from, double to) { next_ = to + (to - from); }

private:
    double next_ = 0;
};

template <typename Workbench>
class TaskRoom : public ViewedRoom {
public:
    static constexpr size_t longest_text = 40000;  // bytes of each text of the input: as long as a text box takes

    std::shared_ptr<const Graph> graph() const override { return bench_.graph(); }
    std::vector<const Parameter*> parameters() const override {
        const auto all = bench_.model()->parameters();
        return {all.begin(), all.end()};
    }
    std::vector<uint8_t> save() const override { return bench_.save(); }

    // Another language of the page is another text to read and other names of tokens.
    void update() override {
        if (language_ != language()) {
            language_ = language();
            take_settings();
            recompute();
        }
        ViewedRoom::update();
    }

protected:
    using Input = decltype(Workbench::input);

    // training.take computes anew with the weights it is given. A network whose computation is long would leave no time to anything else:
    // weights are taken as often as half of the time allows, and the last of a run always.
    explicit TaskRoom(TrainingRun::Room training)
        : ViewedRoom({std::move(training.setup), [this](const SessionSnapshot&) { fresh_ = true; }}), take_(std::move(training.take)) {}

    // Whether the network that is trained learns from other data once `wanted` is the input.
    virtual bool is_other_data(const Input& /*wanted*/) const { return false; }

    void recompute() override {
        bench_.compute();
        views_computed();
        host().engine_time(bench_.milliseconds());
        host().changed();
    }

    void training_updated() override {
        const double start = milliseconds();
        if (!fresh_ || (training_.running() && !pace_.due(start))) return;
        fresh_ = false;
        if (!training_.progress()) return;  // a run that was forgotten
        take_(*training_.progress());
        pace_.worked(start, milliseconds());
    }

    void start_anew() override {
        training_.forget();
        bench_.start_anew();
        recompute();
    }

    // What was trained as another network, or on other data, is another run.
    void take_settings() override {
        const std::string now = bench_.network_key();
        if (now == network_) return;
        training_.forget();
        network_ = now;
    }

    // Undoable; `joins`: part of the drag before it.
    void set_input(Input input, bool joins) {
        if (input == bench_.input) return;
        const auto put = [this](const Input& wanted) {
            if (is_other_data(wanted)) training_.forget();
            bench_.input = wanted;
            take_settings();
            recompute();
        };
        host().record({"input", [put, before = bench_.input] { put(before); }, [put, input] { put(input); }}, joins);
        put(input);
    }

    // The page API's text(): the input of the task on screen, or of `task` where that one reads none.
    void set_text(std::string_view sentence, const char* task) {
        if (sentence.size() > longest_text)
            throw ValueError("a text of " + std::to_string(sentence.size()) + " bytes, expected at most " + std::to_string(longest_text));
        if (!bench_.reads_text()) set(std::string(id()) + ".task", std::string(task));
        Input input = bench_.input;
        bench_.text_of(input) = std::string(sentence);
        set_input(std::move(input), false);
    }

    Workbench bench_;
    std::string network_;  // bench_.network_key() as of the last change

private:
    static double milliseconds() {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
    }

    std::function<void(const SessionSnapshot&)> take_;
    bool fresh_ = false;  // what training_ published last is not taken yet
    HalfOfTheTime pace_;
    Language language_ = language();  // of the page when it was computed
};

}  // namespace trilens

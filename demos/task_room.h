// TaskRoom: a ViewedRoom whose network is one of several, each for a task of its own, all on one workbench: what the RNN and the Transformer room have in common.
// The workbench has `input`, settings that its fields are bound to, and network_key(), which is another for another network or other data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "demos/viewed_room.h"
#include "engine/errors.h"

namespace trilens {

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

    void field_changed(const Field& field) override {
        take_settings();
        if (field.name != std::string(id()) + ".speed") recompute();
        views_field_changed(field);
    }

protected:
    using Input = decltype(Workbench::input);

    using ViewedRoom::ViewedRoom;

    // Whether the network that is trained learns from other data once `wanted` is the input.
    virtual bool is_other_data(const Input& /*wanted*/) const { return false; }

    void recompute() override {
        bench_.compute();
        views_computed();
        host().engine_time(bench_.milliseconds());
        host().changed();
    }

    void start_anew() override {
        training_.forget();
        bench_.start_anew();
        recompute();
    }

    // What was trained as another network, or on other data, is another run.
    void take_settings() {
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
    Language language_ = language();  // of the page when it was computed
};

}  // namespace trilens

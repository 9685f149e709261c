// RnnPredictView: what comes next (curriculum R8). A text goes on character by character, a drawn curve step by step, with the network that
// is on screen. What it shows is a function of the input, the weights, the settings and how far the learner went: nothing else is kept.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "demos/rnn/curve_forecast.h"
#include "demos/rnn/text_generation.h"
#include "demos/rnn/view.h"
#include "demos/widgets/measured_cards.h"
#include "demos/widgets/signal_pad.h"
#include "demos/widgets/text_box.h"

namespace trilens {

class RnnPredictView : public RnnView {
public:
    static constexpr int64_t longest_text = 400;  // characters generated
    static constexpr int64_t longest_curve = 1000;
    static constexpr int64_t beyond_end = 64;  // steps of a forecast after the end of the curve

    using RnnView::RnnView;
    void list_fields(Fields& fields) override;
    void field_changed(const Field& field) override;
    float draw(Stage& stage, Rect area) override;
    bool advance(int64_t steps) override;  // that many characters or forecast steps more (or fewer)
    nlohmann::json state() const override;
    void restore(const nlohmann::json& state) override;

    // What is on screen, as of the last frame; none in other tasks or before there is an input.
    const TextGeneration* text() const { return text_ ? &*text_ : nullptr; }
    const CurveForecast* forecast() const { return forecast_ ? &*forecast_ : nullptr; }
    std::string generated() const;  // the text without its prompt

private:
    void play(Stage& stage);
    void go(int64_t steps);
    void follow_text(Stage& stage);
    void note_sample();
    void follow_curve();
    int64_t longest_forecast() const;

    float draw_elsewhere(Stage& stage, Rect area);
    // A row of buttons: play and one step; returns the height used.
    float draw_commands(Stage& stage, Rect area, Text step, bool can_go_on, bool can_go_back);

    float draw_generate(Stage& stage, Rect area);  // predict_generate.cpp
    float draw_text_so_far(Stage& stage, Rect area);
    float draw_flow(Stage& stage, Rect area);
    float draw_candidates(Stage& stage, Rect area);
    float draw_states(Stage& stage, Rect area);  // predict_states.cpp
    void keep();
    void explain_character(size_t at) const;
    std::string shown(int32_t token) const;  // of the vocabulary; spaces and line breaks as signs

    float draw_learning(Stage& stage, Rect area);  // predict_learning.cpp
    float draw_corpus(Stage& stage, Rect area);
    void learn();

    float draw_forecast(Stage& stage, Rect area);  // predict_forecast.cpp
    float draw_examples(Stage& stage, Rect area);
    void draw_curves(Stage& stage, Rect all);
    float draw_readout(Stage& stage, Rect all, ImVec2 at);
    float draw_errors(Rect area);
    void take_curve();
    std::vector<float> teacher_forced() const;  // predictions for steps 1, 2, ..

    float temperature_ = 0.8f;
    int top_k_ = 0, seed_ = 1, free_from_ = 96;
    int64_t length_ = 0, horizon_ = 32;  // characters, forecast steps
    bool playing_ = false;
    double due_ = -1;  // when the next one comes; negative: not known yet

    std::optional<TextGeneration> text_;
    TextGeneration::Settings text_settings_;
    uint64_t text_version_ = 0;  // of the workbench
    double text_due_ = 0;  // while training: when the next sample begins
    std::string prompt_;  // of text_
    std::vector<std::string> names_;
    int64_t text_step_ = 0, text_epochs_ = 0;  // of training, when it began
    std::string trouble_;  // why there is no text or forecast

    struct Sample {
        int64_t step = 0, epochs = 0;
        std::string text;
    };
    std::vector<Sample> samples_;  // what was written after each epoch of this training
    TextBox corpus_box_;

    std::optional<CurveForecast> forecast_;
    uint64_t forecast_version_ = 0;
    int forecast_from_ = 0;
    SignalPad pad_;
    std::vector<float> pad_curve_;  // what the pad shows
    bool drawing_ = false;  // the hand is down

    MeasuredCards cards_;
};

}  // namespace trilens

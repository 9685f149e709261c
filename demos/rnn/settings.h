// What can be set in the RNN room, apart from the input: every member is one field of the room ("rnn." + its name, see room_fields.cpp).
#pragma once

#include <cstddef>

#include "demos/training/training_fields.h"

namespace trilens {

// What the network is for.
enum class RnnTask {
    sum,        // is the sum of some numbers above a threshold? (curriculum RA)
    sentiment,  // is a review for or against?
    needle,     // remember one value over a long distance
    generate,   // which character comes next?
    forecast,   // how does a curve go on?
};
inline constexpr size_t rnn_task_count = 5;

enum class RnnCell { rnn, gru, lstm };
inline constexpr size_t rnn_cell_count = 3;

struct RnnSettings {
    RnnTask task = RnnTask::sum;
    // The network of the tasks that are trained here; a shipped network keeps what it was trained as.
    RnnCell cell = RnnCell::rnn;
    enum class Activation { by_task, tanh, relu } activation = Activation::by_task;  // of the plain RNN: ReLU for sums (RA), else tanh
    bool reset_before = false;  // of the GRU: Keras's reset_after=False
    int hidden_size = 32;
    float spectral_radius = 1;  // of W_hh at the start
    // The data.
    int length = 10;  // sum
    float threshold = 5;
    int distance = 20;  // needle: steps between it and the end
    int sample = 1;  // needle: which sequence is on screen
    enum class TextLanguage { page, english, chinese } text_language = TextLanguage::page;  // field "rnn.language"
    enum class Source { shipped, own } source = Source::shipped;  // generate: whose text it learned
    // What is looked at.
    int step = 0;  // time stops after this many steps; 0: all of them
    float speed = 3;  // steps a second while it plays
    bool gradients = false;  // field "rnn.show"
    // Training.
    TrainingSettings training;
    int samples = 1000, seed = 1;
    bool compare = false;  // the three cells side by side, on the same batches
};

}  // namespace trilens

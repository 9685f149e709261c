// What can be set in the RNN room, apart from the input: every member is one field of the room ("rnn." + its name, see room_fields.cpp).
#pragma once

#include <string_view>

#include "demos/rnn/cells.h"
#include "demos/training/training_fields.h"

namespace trilens {

// The place of a task in rnn_tasks() (demos/rnn/tasks/tasks.h). Throws ValueError naming it and the tasks that there are.
int rnn_task_number(std::string_view id);

struct RnnSettings {
    int task = rnn_task_number("sum");
    // The network of the tasks that are trained here; a shipped network keeps what it was trained as.
    RnnCell cell = rnn_cell("rnn");
    enum class Activation { by_task, tanh, relu } activation = Activation::by_task;  // of the plain RNN
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

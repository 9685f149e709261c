// What can be set in the Transformer room, apart from the input: every member is one field of the room ("transformer." + its name, see
// room_fields.cpp).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "demos/training/training_fields.h"
#include "engine/autograd/attention.h"
#include "engine/data/sequence_problems.h"
#include "engine/models/sampling.h"
#include "engine/models/transformer.h"

namespace trilens {

// The place of a task in transformer_tasks() (demos/transformer/tasks/tasks.h). Throws ValueError naming it and the tasks that there are.
int transformer_task_number(std::string_view id);

// Heads that can be switched one by one, by kind of attention (TransformerLook::Where), layer and number.
inline constexpr size_t most_layers = 6, most_heads = 8;
using HeadModes = std::array<std::array<std::array<HeadMode, most_heads>, most_layers>, 3>;

struct TransformerSettings {
    int task = transformer_task_number("translate");
    SequenceProblem problem = SequenceProblem::sort;
    enum class TextLanguage { page, english, chinese } text_language = TextLanguage::page;  // generate, mask; field "transformer.language"
    // The network of the tasks that are trained here; a shipped network keeps what it was trained as. 0 where a task knows what is good for
    // it.
    int layers = 0, num_heads = 0, d_model = 0;
    enum class Encoding { by_task, none, sinusoidal, learned, rotary } encoding = Encoding::by_task;
    enum class Norm { by_task, post, pre } norm = Norm::by_task;
    enum class Activation { by_task, relu, gelu } activation = Activation::by_task;
    // The data.
    int length = 10;  // layer: of the random sequence
    int items = 6;  // sequences: things to sort, reverse or copy
    int digits = 2;  // sequences: of each number to add
    // What is switched while the network is looked at.
    bool scaled = true;  // false: scores are not divided by sqrt(d_k)
    bool positions = true;  // false: no position is told
    bool shuffled = false;  // an encoder reads its tokens in another order
    HeadModes heads{};  // fields "transformer.head.L.H", "transformer.decoder_head.L.H", "transformer.cross_head.L.H", counted from 0
    // What is looked at, by all views alike.
    TransformerLook::Where stack = TransformerLook::Where::encoder;  // that the network has: TransformerWorkbench::stack()
    int layer = 1, head = 1;  // counted from 1; at most as many as there are
    int token = 0;  // the query that is followed, counted from 1; 0: the one that answers: a blank, the class token, else the last
    bool gradients = false;  // field "transformer.show"
    // Writing (all but layer, mask, vision).
    int step = 0;  // tokens written; 0: all of them
    enum class Decoding { by_task, greedy, beam, sample } decoding = Decoding::by_task;
    int beams = 4;
    float temperature = 0.8f, top_p = 1;
    int top_k = 0;
    int draw = 1;  // the seed of sampled tokens
    Sampling sampling() const { return {temperature, top_k, top_p}; }
    float speed = 3;  // steps a second while it plays
    // Training.
    TrainingSettings training{.rate = 2e-3f, .clip = 1};
    int samples = 2000, seed = 1;
};

}  // namespace trilens

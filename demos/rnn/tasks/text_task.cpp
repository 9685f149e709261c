// Tokens are shown as the vocabulary would have them, whether it has them or not.
#include "demos/rnn/tasks/text_task.h"

#include <algorithm>

#include "demos/rnn/shipped_models.h"

namespace trilens {

void TextTask::clear(const Context& at, RnnInput& input) const { input.texts[text_name(at)].clear(); }

RnnReading TextTask::read(const Context& at) const {
    RnnReading reading;
    const Vocabulary& known = *vocabulary(at);
    for (const Token& token : tokenize(at.input.texts.at(text_name(at)), tokens(at))) {
        reading.labels.push_back(token.text);
        reading.tokens.push_back(known.number(token.text));
    }
    reading.inputs = Tensor(Shape{reading.steps()});
    std::ranges::transform(reading.tokens, reading.inputs.data(), [](int32_t number) { return static_cast<float>(number); });
    return reading;
}

const Vocabulary* TextTask::vocabulary(const Context& at) const {
    if (const char* name = weights(at)) return &shipped_model(name).vocabulary;
    return &at.corpus_vocabulary.of(at.input.corpus);
}

}  // namespace trilens

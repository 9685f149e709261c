// TextTask: a task that reads a text, in English or Chinese, token by token.
#pragma once

#include "demos/rnn/tasks/task.h"

namespace trilens {

class TextTask : public RnnTask {
public:
    RnnReads reads() const override { return RnnReads::text; }
    void clear(const Context& at, RnnInput& input) const override;
    RnnReading read(const Context& at) const override;
    const Vocabulary* vocabulary(const Context& at) const override;  // the shipped network's, or that of the corpus

private:
    virtual TokenKind tokens(const Context& at) const = 0;
};

}  // namespace trilens

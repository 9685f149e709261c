// History: what the learner did, so that it can be undone and done again. Every change of a room (a field, a stroke, a
// picture) is recorded as one named change; dragging one slider is one change, however many values it passed.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace trilens {

struct Change {
    std::string what;                  // "cnn.colormap", "stroke": consecutive changes of one drag with the same `what` become one
    std::function<void()> undo, redo;
};

class History {
public:
    static constexpr size_t longest = 200;

    // Adds a change that was just made. With `joins`, it extends the last one if that has the same `what` and was open to it.
    void record(Change change, bool joins = false);
    void close() { open_ = false; }    // the next change starts anew: a drag ended

    bool can_undo() const { return done_ > 0; }
    bool can_redo() const { return done_ < changes_.size(); }
    void undo();                       // nothing if there is nothing to undo; one that throws was not undone
    void redo();
    void clear();

private:
    std::vector<Change> changes_;
    size_t done_ = 0;                  // changes_[done_ ...] were undone
    bool open_ = false;
};

}  // namespace trilens

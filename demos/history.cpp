// History: a list of changes and a position in it.
#include "demos/history.h"

#include <utility>

namespace trilens {

void History::record(Change change, bool joins) {
    changes_.resize(done_);
    if (joins && open_ && done_ > 0 && changes_.back().what == change.what) {
        changes_.back().redo = std::move(change.redo);
        return;
    }
    changes_.push_back(std::move(change));
    if (changes_.size() > longest) changes_.erase(changes_.begin());
    done_ = changes_.size();
    open_ = joins;
}

void History::undo() {
    if (!can_undo()) return;
    open_ = false;
    const auto undo = changes_[done_ - 1].undo;  // a copy: what it does may be recorded too
    undo();
    --done_;
}

void History::redo() {
    if (!can_redo()) return;
    open_ = false;
    const auto redo = changes_[done_].redo;
    redo();
    ++done_;
}

void History::clear() {
    changes_.clear();
    done_ = 0;
    open_ = false;
}

}  // namespace trilens

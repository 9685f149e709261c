// RnnInput: what the learner gave the RNN room to read. All tasks' at once, so that each keeps its own.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace trilens {

struct RnnInput {
    std::vector<float> numbers;  // at least as many as the length, which keeps those beyond it
    std::map<std::string, std::string, std::less<>> texts;  // by the names that the tasks give them (RnnTask::text_name)
    std::string corpus;  // the text to learn from
    std::vector<float> curve;  // values in [-1, 1]
    bool operator==(const RnnInput&) const = default;
};

}  // namespace trilens

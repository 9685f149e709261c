// What most tasks have in common: an answer after the last step, one of some classes.
#include "demos/rnn/tasks/task.h"

#include <algorithm>

#include "engine/autograd/loss.h"
#include "engine/autograd/shape.h"
#include "engine/data/text_windows.h"

namespace trilens {

const Vocabulary& CorpusVocabulary::of(const std::string& corpus) {
    if (corpus_ != corpus) {
        vocabulary_ = character_vocabulary(corpus);
        corpus_ = corpus;
    }
    return vocabulary_;
}

bool RnnContext::chinese() const {
    switch (settings.text_language) {
    case RnnSettings::TextLanguage::page: return language() == Language::chinese;
    case RnnSettings::TextLanguage::english: return false;
    case RnnSettings::TextLanguage::chinese: return true;
    }
    return false;
}

void RnnTask::clear(const Context&, RnnInput& input) const { std::ranges::fill(input.numbers, 0.0f); }

std::string RnnTask::data_sentence(const Context&, const std::string& all, const std::string& trained, const std::string& kept) const {
    return say(Text::rnn_experiment_windows, {all, trained, kept});
}

std::optional<Value> RnnTask::loss(Graph& graph, const Value& scores, const RnnReading& reading, int32_t target) const {
    const int32_t label[] = {target};
    return graph.tap(cross_entropy(slice(scores, 0, reading.steps() - 1, reading.steps()), label), "loss");
}

}  // namespace trilens

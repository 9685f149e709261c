// The position is one number, element * (terms + 1) + reached: with none added, one, .., all of them.
#include "demos/transformer/layer_player.h"

#include <algorithm>
#include <string>

#include "engine/errors.h"

namespace trilens {

ProductSum::ProductSum(const Graph& graph, std::string_view node, int64_t index) {
    Explanation explanation = graph.explain(graph.find(node).node, index);
    if (explanation.kind != Explanation::Kind::sum || explanation.terms.empty())
        throw ValueError(std::string(node) + " is " + explanation.formula + ", expected a sum of products");
    terms = std::move(explanation.terms);
    value = explanation.value;
    products = std::ranges::count_if(terms, [](const Term& term) { return term.factor_node >= 0; });
}

float ProductSum::added(int64_t reached) const {
    float sum = 0;
    for (int64_t i = 0; i < std::min(reached, count()); ++i)
        sum += terms[static_cast<size_t>(i)].value * terms[static_cast<size_t>(i)].factor;
    return sum;
}

float ProductSum::partial(int64_t reached) const { return reached >= count() ? value : added(reached); }

void SumPlayer::resize(int64_t elements, int64_t terms) {
    elements_ = std::max<int64_t>(elements, 1);
    terms_ = std::max<int64_t>(terms, 1);
    element_ = std::min(element_, elements_ - 1);
    reached_ = std::min(reached_, terms_);
}

void SumPlayer::go_to(int64_t element, int64_t reached) {
    playing_ = false;
    element_ = std::clamp<int64_t>(element, 0, elements_ - 1);
    reached_ = std::clamp<int64_t>(reached, 0, terms_);
}

void SumPlayer::step(int64_t terms) {
    playing_ = false;
    const int64_t states = terms_ + 1, at = std::clamp<int64_t>(element_ * states + reached_ + terms, 0, elements_ * states - 1);
    element_ = at / states;
    reached_ = at % states;
}

void SumPlayer::play(bool on, double now) {
    playing_ = on;
    due_ = now;
    if (on && complete()) reached_ = 0;
}

void SumPlayer::advance(double now, double speed) {
    if (!playing_ || now < due_) return;
    if (complete() && element_ + 1 >= elements_) {
        playing_ = false;
        return;
    }
    step(1);
    playing_ = !(complete() && element_ + 1 >= elements_);
    const double hurry = static_cast<double>(std::max(terms_, unhurried)) / static_cast<double>(unhurried);
    due_ = now + (complete() ? rest_seconds : 1 / (speed * hurry));
}

}  // namespace trilens

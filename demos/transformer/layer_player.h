// SumPlayer: one element of a matrix product, term by term: c_i = sum over k of W_ik x_k + b_i. Played, stepped or skipped; knows time and
// terms, no drawing. ProductSum is what it walks over, as Graph::explain() gives it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/autograd/graph.h"

namespace trilens {

struct ProductSum {
    // Element `index` of `node`. Throws ValueError where that is no sum.
    ProductSum(const Graph& graph, std::string_view node, int64_t index);

    std::vector<Term> terms;  // products of an input's element and a weight, then the bias
    int64_t products = 0;  // terms that are such products
    float value = 0;  // of the element, as the engine computed it

    int64_t count() const { return static_cast<int64_t>(terms.size()); }
    // The first `reached` terms, added one after the other in float32; all of them: `value` itself (the engine may add in another order,
    // which shows in the last bits).
    float partial(int64_t reached) const;
    float added(int64_t reached) const;  // the same without looking at `value`
};

class SumPlayer {
public:
    static constexpr double rest_seconds = 1;  // at the end of an element, before the next one
    static constexpr int64_t unhurried = 16;  // terms at `speed` a second; longer sums go faster, so that each takes as long

    // There are so many elements of so many terms; the position stays where it can.
    void resize(int64_t elements, int64_t terms);
    void go_to(int64_t element, int64_t reached);  // stops
    void step(int64_t terms);  // forward or back, from element to element, and stops
    void play(bool on, double now);  // from the end: from the beginning of the element
    // Moves on when it is time; to be called once a frame. Stops at the end of the last element.
    void advance(double now, double speed);

    bool playing() const { return playing_; }
    double due() const { return due_; }  // when advance() has something to do, while it plays
    int64_t element() const { return element_; }
    int64_t reached() const { return reached_; }  // terms added, 0 to all of them
    bool complete() const { return reached_ == terms_; }

private:
    int64_t elements_ = 1, terms_ = 1, element_ = 0, reached_ = 0;
    bool playing_ = false;
    double due_ = 0;
};

}  // namespace trilens

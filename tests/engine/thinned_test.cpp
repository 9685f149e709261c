// A history of bounded length: which entries stay.
#include <doctest/doctest.h>

#include "engine/train/thinned.h"

using namespace trilens;

namespace {

struct Entry {
    int64_t number = 0;
    float value = 0;
};
using History = Thinned<Entry, &Entry::number>;

History of(int64_t count) {
    History history;
    for (int64_t i = 0; i < count; ++i) history.push({i, static_cast<float>(i) / 2});
    return history;
}

}  // namespace

TEST_CASE("a short history keeps every entry") {
    const auto entries = of(1500).entries();
    REQUIRE(entries.size() == 1500);
    for (size_t i = 0; i < entries.size(); ++i) CHECK(entries[i].number == static_cast<int64_t>(i));
}

TEST_CASE("a history of a million entries keeps the latest and evenly many of those before, each as it was") {
    const int64_t count = 1'000'000;
    const auto entries = of(count).entries();
    CHECK(entries.size() <= History::most_old + History::most_recent);
    CHECK(entries.size() > History::most_old / 2);
    CHECK(entries.front().number == 0);
    CHECK(entries.back().number == count - 1);
    const size_t recent = History::most_recent / 2;
    for (size_t i = 1; i <= recent; ++i) CHECK(entries[entries.size() - i].number == count - static_cast<int64_t>(i));
    int64_t widest = 0;
    for (size_t i = 1; i < entries.size(); ++i) {
        REQUIRE(entries[i].number > entries[i - 1].number);
        widest = std::max(widest, entries[i].number - entries[i - 1].number);
        REQUIRE(entries[i].value == static_cast<float>(entries[i].number) / 2);
    }
    CHECK(widest <= count / static_cast<int64_t>(History::most_old / 2));  // 1024 stretches at the least
}

TEST_CASE("what is forgotten is gone, and the history goes on from there as if it had never been") {
    History history = of(5000);
    history.forget_from(3000);
    CHECK(history.entries().back().number <= 2999);
    for (int64_t i = 3000; i < 3010; ++i) history.push({i, 7});
    const auto entries = history.entries();
    CHECK(entries.back().number == 3009);
    for (size_t i = 1; i < entries.size(); ++i) CHECK(entries[i].number > entries[i - 1].number);
    history.forget_from(0);
    CHECK(history.empty());
}

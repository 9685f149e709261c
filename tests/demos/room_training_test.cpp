// Short trainings in the rooms against committed checksums of their weights (tests/golden/room_training.json), with one, two and three
// threads. The browser test of the same name holds Chromium and Firefox to the same file: the same bits in every build. A change of
// arithmetic that is meant changes it in the same commit.
#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "engine/parallel.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::string trained(const nlohmann::json& run) {
    TestScreen screen(1280, 720, 1, false, rooms());
    screen.api->open(run["room"].get<std::string>());
    for (const auto& [field, value] : run["fields"].items()) screen.api->set(field, value.dump());
    screen.settle();
    screen.api->train(run["train"].dump());
    screen.settle(20000);
    return screen.api->checksum();
}

}  // namespace

TEST_CASE("short trainings in the rooms end in the committed bits with one, two and three threads") {
    std::ifstream file(TRILENS_GOLDEN_DIR "/room_training.json");
    REQUIRE(file.good());
    const nlohmann::json runs = nlohmann::json::parse(file);
    const int before = threads();
    std::set<std::string> different;
    for (const nlohmann::json& run : runs)
        for (const int count : {1, 2, 3}) {
            set_threads(count);
            const std::string sum = trained(run);
            CHECK_MESSAGE(sum == run["checksum"].get<std::string>(), run.dump() << " with " << count << " threads");
            different.insert(sum);
        }
    set_threads(before);
    CHECK(different.size() == runs.size());  // each network is another, and was trained
}

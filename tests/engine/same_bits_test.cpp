// The same bits for any number of threads, and those of tests/golden/signature.txt on every machine. A change of arithmetic that is meant
// changes that file in the same commit.
#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "engine/models/signature.h"
#include "engine/parallel.h"

using namespace trilens;

TEST_CASE("fifty training steps give the committed bits with one, two and three threads") {
    std::ifstream file(TRILENS_GOLDEN_DIR "/signature.txt");
    std::string expected;
    REQUIRE(std::getline(file, expected));
    const int before = threads();
    for (const int count : {1, 2, 3}) {
        set_threads(count);
        CHECK_MESSAGE(signature() == expected, count << " threads");
    }
    set_threads(before);
}

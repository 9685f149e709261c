// OneThread: parallel_for keeps to its thread and results keep their bits; nested guards and other threads are as before.
#include <doctest/doctest.h>

#include "engine/autograd/linear.h"
#include "engine/parallel.h"

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
#include <thread>
#endif

using namespace trilens;

namespace {

struct Pool {
    explicit Pool(int count) { set_threads(count); }
    ~Pool() { set_threads(1); }
};

Tensor product() {
    Random random(5);
    Tensor a(Shape{150, 70}), b(Shape{70, 90});
    for (float& value : a.values()) value = random.uniform(-1, 1);
    for (float& value : b.values()) value = random.uniform(-1, 1);
    Graph graph;
    return matmul(graph.input(a, "a"), graph.input(b, "b")).tensor();
}

int ranges(int64_t count) {
    int calls = 0;
    const OneThread alone;
    parallel_for(count, 1, [&](int64_t, int64_t) { ++calls; });   // not atomic: nobody else may be here
    return calls;
}

}  // namespace

TEST_CASE("within OneThread all of a loop is one range on the calling thread, afterwards all threads compute again") {
    const Pool pool(3);
    const int before = threads();
    CHECK(ranges(1000) == 1);
    CHECK(threads() == before);
    {
        const OneThread outer;
        CHECK(threads() == 1);
        {
            const OneThread inner;
            CHECK(threads() == 1);
        }
        CHECK(threads() == 1);   // the inner one's end does not end the outer one
    }
    CHECK(threads() == before);
}

TEST_CASE("one thread computes the bits of three") {
    const Pool pool(3);
    const Tensor all = product();
    const OneThread alone;
    const Tensor one = product();
    CHECK(checksum(all) == checksum(one));
}

#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
TEST_CASE("OneThread holds for its own thread only") {
    const Pool pool(3);
    const OneThread alone;
    int elsewhere = 0;
    std::thread([&] { elsewhere = threads(); }).join();
    CHECK(elsewhere == 3);
    CHECK(threads() == 1);
}
#endif

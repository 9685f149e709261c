// Networks by slot, on a model of one parameter: made, kept, begun anew, given weights, loaded, put back.
#include "demos/network_slots.h"

#include <doctest/doctest.h>

#include "engine/errors.h"

namespace trilens {

namespace {

struct ToyPlan {
    int64_t width = 2;
    bool operator==(const ToyPlan&) const = default;
};

class Toy {
public:
    Toy(const ToyPlan& plan, Random& random) : plan_(plan), weight_{"weight", Tensor(Shape{plan.width}), {}} {
        for (float& value : weight_.value.values()) value = random.uniform();
    }
    const ToyPlan& plan() const { return plan_; }
    std::vector<Parameter*> parameters() { return {&weight_}; }
    float first() const { return weight_.value.data()[0]; }

private:
    ToyPlan plan_;
    Parameter weight_;
};

using Slots = NetworkSlots<Toy>;

std::vector<Tensor> all(float value, int64_t width = 2) {
    Tensor weight(Shape{width});
    for (float& each : weight.values()) each = value;
    return {weight};
}

}  // namespace

TEST_CASE("a network is made when first asked for, the same one each time, and one for each slot") {
    Slots slots;
    const auto first = slots.model({.slot = "a"});
    CHECK(slots.model({.slot = "a"}) == first);
    CHECK(slots.model({.slot = "b"}) != first);
    CHECK(slots.model({.slot = "b"})->first() == first->first());  // of the same seed
    CHECK(slots.model({.slot = "a"}) == first);
}

TEST_CASE("another plan, seed or text is another network") {
    Slots slots;
    const auto first = slots.model({.slot = "a"});
    CHECK(slots.model({.slot = "a", .plan = {3}})->plan().width == 3);
    CHECK(slots.model({.slot = "a", .seed = 2})->first() != first->first());
    const auto before = slots.model({.slot = "a"});
    CHECK(slots.model({.slot = "a", .text = "other characters"}) != before);
}

TEST_CASE("what was trained comes back with its setting, as often as there is room for it; what was not is made anew") {
    Slots slots(2);
    const Slots::Wanted wanted[] = {{.slot = "a"}, {.slot = "a", .seed = 2}, {.slot = "a", .seed = 3}, {.slot = "a", .seed = 4}};
    slots.use_weights(wanted[0], all(10));
    slots.use_weights(wanted[1], all(20));
    CHECK(slots.model(wanted[0])->first() == 10);
    CHECK(slots.is_trained(wanted[0]));
    slots.use_weights(wanted[2], all(30));
    CHECK(slots.model(wanted[0])->first() == 10);
    CHECK(slots.model(wanted[1])->first() == 20);
    CHECK(!slots.is_trained(wanted[3]));  // the third that is kept: 30, 10, 20
    CHECK(!slots.is_trained(wanted[2]));
    CHECK(slots.model(wanted[0])->first() == 10);
    CHECK(slots.model(wanted[1])->first() == 20);

    Slots none;
    none.use_weights(wanted[0], all(10));
    none.model(wanted[1]);
    CHECK(!none.is_trained(wanted[0]));
}

TEST_CASE("a network of one slot never comes back in another") {
    Slots slots(8);
    slots.use_weights({.slot = "a"}, all(10));
    slots.model({.slot = "a", .seed = 2});
    CHECK(slots.model({.slot = "b"})->first() != 10);
}

TEST_CASE("weights are given, begun anew and put back; each changes the version, a network that is made does not") {
    Slots slots;
    const Slots::Wanted wanted{.slot = "a"};
    const float fresh = slots.model(wanted)->first();
    const uint64_t version = slots.version();
    CHECK(!slots.is_trained(wanted));
    slots.use_weights(wanted, all(10));
    CHECK(slots.is_trained(wanted));
    CHECK(slots.version() > version);
    const Slots::Kept kept = slots.at(wanted);
    slots.start_anew("a");
    CHECK(slots.version() > version + 1);
    CHECK(slots.model(wanted)->first() == fresh);
    CHECK(!slots.is_trained(wanted));
    slots.put_back(kept);
    CHECK(slots.version() > version + 2);
    CHECK(slots.model(wanted)->first() == 10);
    CHECK(slots.is_trained(wanted));
}

TEST_CASE("a copy has weights of its own") {
    Slots slots;
    const auto model = slots.model({.slot = "a"});
    const auto copy = copy_of(*model);
    CHECK(copy->first() == model->first());
    slots.use_weights({.slot = "a"}, all(10));
    CHECK(model->first() == 10);
    CHECK(copy->first() != 10);
}

TEST_CASE("weights are loaded from a file that fits, and from no other") {
    Slots slots;
    const Slots::Wanted wanted{.slot = "a"};
    slots.use_weights(wanted, all(10));
    const WeightFile file = read_safetensors(write_safetensors(collect_weights(slots.model(wanted)->parameters())));
    slots.start_anew("a");
    const uint64_t version = slots.version();
    CHECK_THROWS_AS(slots.load({.slot = "a", .plan = {3}}, file), Error);
    CHECK(slots.version() == version);
    CHECK(!slots.is_trained({.slot = "a", .plan = {3}}));
    slots.load(wanted, file);
    CHECK(slots.is_trained(wanted));
    CHECK(slots.model(wanted)->first() == 10);
}

TEST_CASE("what is made from a key is made once a key, and stays where making another fails") {
    MadeOnce<std::string> made;
    int count = 0;
    const auto make = [&] { return std::string("made ") + std::to_string(++count); };
    CHECK(made.get("", make) == "made 1");
    CHECK(made.get("", make) == "made 1");
    CHECK(made.get("key", make) == "made 2");
    CHECK_THROWS_AS(made.get("bad", []() -> std::string { throw ValueError("no"); }), ValueError);
    CHECK(made.get("key", make) == "made 2");
}

}  // namespace trilens

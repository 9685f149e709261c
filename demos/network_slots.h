// NetworkSlots: a room's networks, each in a slot of its own (a task, a language, a cell), made when first asked for. Changed settings make
// another network in its slot; some trained ones are kept, so that who undoes the setting has them again.
//
// `Model` is made from a plan and a Random, and has plan() and parameters(). Not safe to call from several threads at once: work on
// another thread gets a copy_of().
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/io/safetensors.h"
#include "engine/random.h"
#include "engine/train/weights.h"

namespace trilens {

// Another model of the same plan with the same weights.
template <typename Model>
std::shared_ptr<Model> copy_of(Model& from) {
    Random random(0);
    auto to = std::make_shared<Model>(from.plan(), random);
    const auto source = from.parameters(), target = to->parameters();
    for (size_t i = 0; i < source.size(); ++i) target[i]->value = source[i]->value.clone();
    return to;
}

template <typename Model>
class NetworkSlots {
public:
    using Plan = std::remove_cvref_t<decltype(std::declval<const Model&>().plan())>;

    // What the settings ask for.
    struct Wanted {
        std::string slot;
        Plan plan{};
        int seed = 1;  // of fresh weights
        std::string text{};  // that the vocabulary is made of: another text may have as many characters, but other ones
    };
    // A network in its slot, to be kept for undo and put back.
    struct Kept {
        std::string slot;
        std::shared_ptr<Model> model;
        int seed = 1;
        std::string text;
        bool trained = false;  // its weights are no longer those it was made with
    };

    // At most so many trained networks are kept whose settings were changed; the oldest goes first.
    explicit NetworkSlots(size_t most_earlier = 0) : most_earlier_(most_earlier) {}

    // The network in its slot if it is as wanted; else the one that was trained as such, or one with fresh weights.
    const Kept& at(const Wanted& wanted) { return slot_at(wanted); }
    std::shared_ptr<Model> model(const Wanted& wanted) { return slot_at(wanted).model; }
    bool is_trained(const Wanted& wanted) { return slot_at(wanted).trained; }

    // The network in this slot is lost; the next one has fresh weights.
    void start_anew(const std::string& slot) {
        slots_.erase(slot);
        ++version_;
    }
    void put_back(const Kept& kept) {
        slots_[kept.slot] = kept;
        ++version_;
    }
    // In the order of parameters().
    void use_weights(const Wanted& wanted, const std::vector<Tensor>& weights) {
        Kept& now = slot_at(wanted);
        const auto parameters = now.model->parameters();
        for (size_t i = 0; i < parameters.size(); ++i) parameters[i]->value = weights[i].clone();
        changed(now);
    }
    // Throws ShapeError or FormatError and changes nothing.
    void load(const Wanted& wanted, const WeightFile& file) {
        Kept& now = slot_at(wanted);
        apply_weights(file, now.model->parameters());
        changed(now);
    }
    uint64_t version() const { return version_; }  // another number after each change of weights, but not for a network that was made

private:
    static bool fits(const Kept& kept, const Wanted& wanted) {
        return kept.slot == wanted.slot && kept.seed == wanted.seed && kept.text == wanted.text && kept.model->plan() == wanted.plan;
    }

    Kept& slot_at(const Wanted& wanted) {
        Kept& now = slots_[wanted.slot];
        if (now.model && fits(now, wanted)) return now;
        Kept next = found_or_made(wanted);
        if (now.model && now.trained) earlier_.push_back(std::move(now));
        if (earlier_.size() > most_earlier_) earlier_.erase(earlier_.begin());
        now = std::move(next);
        return now;
    }

    Kept found_or_made(const Wanted& wanted) {
        const auto found = std::ranges::find_if(earlier_, [&](const Kept& each) { return fits(each, wanted); });
        if (found != earlier_.end()) {
            Kept again = std::move(*found);
            earlier_.erase(found);
            return again;
        }
        Random random(static_cast<uint64_t>(wanted.seed));
        return {wanted.slot, std::make_shared<Model>(wanted.plan, random), wanted.seed, wanted.text, false};
    }

    void changed(Kept& now) {
        now.trained = true;
        ++version_;
    }

    size_t most_earlier_;
    std::map<std::string, Kept> slots_;
    std::vector<Kept> earlier_;  // trained ones of other plans, seeds and texts; the latest last
    uint64_t version_ = 1;
};

// One value that is made again only when its key is another: a data set that training goes on with, the vocabulary of a text.
template <typename Value>
class MadeOnce {
public:
    // Where `make` throws, the value of the last key stays.
    template <typename Make>
    const Value& get(const std::string& key, Make make) {
        if (!is_made_ || key != key_) {
            value_ = make();
            key_ = key;
            is_made_ = true;
        }
        return value_;
    }

private:
    bool is_made_ = false;
    std::string key_;
    Value value_{};
};

}  // namespace trilens

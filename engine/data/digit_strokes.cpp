// How the ten digits are written: each one or a few skeletons of lines and arcs in [0, 1]^2, every number with its own play, then leaned,
// stretched and shaken as a whole.
#include <array>
#include <numbers>
#include <string>

#include "engine/data/strokes.h"
#include "engine/errors.h"
#include "engine/math.h"

namespace trilens {
namespace {

// A pen whose every number wavers a little.
class Hand {
public:
    explicit Hand(Random& random) : random_(random) {}

    float about(float value, float play) { return value + random_.uniform(-play, play); }
    bool sometimes(float share) { return random_.uniform() < share; }
    void begin() { strokes_.emplace_back(); }
    void to(float x, float y, float play = 0.035f) { strokes_.back().push_back({about(x, play), about(y, play)}); }
    // Degrees, 0 to the right and 90 down.
    void arc(float x, float y, float across, float down, float from, float until) {
        constexpr int steps = 20;
        x = about(x, 0.02f), y = about(y, 0.02f), across = about(across, across * 0.2f), down = about(down, down * 0.15f);
        from = about(from, 12), until = about(until, 12);
        for (int step = 0; step <= steps; ++step) {
            const float angle = (from + (until - from) * static_cast<float>(step) / steps) * (std::numbers::pi_v<float> / 180);
            strokes_.back().push_back({x + across * math::cos(angle), y + down * math::sin(angle)});
        }
    }
    std::vector<Stroke> take() { return std::move(strokes_); }

private:
    Random& random_;
    std::vector<Stroke> strokes_;
};

void zero(Hand& hand) {
    hand.begin();
    const float start = hand.about(-80, 40);
    const bool backwards = hand.sometimes(0.7f);
    hand.arc(0.5f, 0.5f, 0.2f, 0.3f, start, start + (backwards ? -360.0f : 360.0f));
}

void one(Hand& hand) {
    const float lean = hand.about(0, 0.06f);
    const bool flag = hand.sometimes(0.5f), base = flag && hand.sometimes(0.4f);
    hand.begin();
    if (flag) hand.to(0.4f + lean, 0.33f, 0.04f);
    hand.to(0.52f + lean, 0.2f);
    hand.to(0.51f, 0.5f, 0.012f);
    hand.to(0.5f - lean, 0.8f);
    if (!base) return;
    hand.begin();
    hand.to(0.35f - lean, 0.8f), hand.to(0.67f - lean, 0.8f);
}

void two(Hand& hand) {
    hand.begin();
    hand.arc(0.5f, 0.36f, 0.18f, 0.16f, 190, 390);
    hand.to(0.53f, 0.58f);
    if (hand.sometimes(0.3f)) {
        hand.arc(0.38f, 0.74f, 0.08f, 0.05f, 40, 340);
    } else {
        hand.to(0.32f, 0.78f);
    }
    hand.to(0.5f, 0.78f), hand.to(0.72f, 0.77f, 0.04f);
}

void three(Hand& hand) {
    hand.begin();
    if (hand.sometimes(0.2f)) {
        hand.to(0.3f, 0.22f), hand.to(0.66f, 0.22f), hand.to(0.46f, 0.44f);
        hand.arc(0.47f, 0.62f, 0.2f, 0.18f, 270, 520);
        return;
    }
    hand.arc(0.47f, 0.35f, 0.17f, 0.15f, 205, 440);
    hand.arc(0.47f, 0.65f, 0.2f, 0.16f, 275, 515);
}

void four(Hand& hand) {
    if (hand.sometimes(0.35f)) {   // closed at the top
        hand.begin();
        hand.to(0.62f, 0.8f), hand.to(0.62f, 0.5f, 0.012f), hand.to(0.62f, 0.2f), hand.to(0.3f, 0.58f), hand.to(0.74f, 0.58f);
        return;
    }
    hand.begin();
    hand.to(0.36f, 0.2f, 0.04f), hand.to(0.32f, 0.38f), hand.to(0.3f, 0.52f), hand.to(0.5f, 0.52f), hand.to(0.7f, 0.51f, 0.05f);
    hand.begin();
    hand.to(0.63f, 0.22f, 0.05f), hand.to(0.61f, 0.5f), hand.to(0.58f, 0.82f, 0.04f);
}

void five(Hand& hand) {
    const bool apart = hand.sometimes(0.4f);   // the bar drawn last
    hand.begin();
    if (!apart) hand.to(0.67f, 0.22f, 0.04f);
    hand.to(0.4f, 0.22f), hand.to(0.37f, 0.44f);
    hand.arc(0.47f, 0.62f, 0.19f, 0.18f, 240, 500);
    if (!apart) return;
    hand.begin();
    hand.to(0.4f, 0.22f), hand.to(0.68f, 0.21f, 0.04f);
}

void six(Hand& hand) {
    hand.begin();
    hand.to(0.6f, 0.18f, 0.05f), hand.to(0.46f, 0.3f), hand.to(0.37f, 0.5f);
    if (hand.sometimes(0.5f)) {
        hand.arc(0.49f, 0.65f, 0.14f, 0.15f, 190, -175);
    } else {
        hand.arc(0.49f, 0.65f, 0.15f, 0.15f, 180, 540);
    }
}

void seven(Hand& hand) {
    hand.begin();
    if (hand.sometimes(0.15f)) hand.to(0.3f, 0.33f);
    hand.to(0.3f, 0.23f, 0.04f), hand.to(0.5f, 0.23f), hand.to(0.69f, 0.22f), hand.to(0.58f, 0.48f), hand.to(0.46f, 0.8f, 0.05f);
    if (!hand.sometimes(0.3f)) return;
    hand.begin();
    hand.to(0.42f, 0.52f), hand.to(0.7f, 0.5f);
}

void eight(Hand& hand) {
    hand.begin();
    if (hand.sometimes(0.3f)) {   // two rings
        hand.arc(0.5f, 0.35f, 0.14f, 0.15f, 90, 450);
        hand.begin();
        hand.arc(0.5f, 0.66f, 0.16f, 0.16f, -90, 270);
        return;
    }
    hand.arc(0.5f, 0.35f, 0.15f, 0.15f, 310, 100);
    hand.arc(0.5f, 0.66f, 0.17f, 0.16f, 270, 630);
    hand.arc(0.5f, 0.35f, 0.15f, 0.15f, 80, -50);
}

void nine(Hand& hand) {
    hand.begin();
    hand.arc(0.5f, 0.36f, 0.16f, 0.15f, 0, hand.sometimes(0.5f) ? 360.0f : -360.0f);
    hand.to(0.65f, 0.5f);
    if (hand.sometimes(0.3f)) {   // a hook
        hand.arc(0.5f, 0.68f, 0.14f, 0.13f, 0, 150);
    } else {
        hand.to(0.63f, 0.66f), hand.to(0.58f, 0.82f, 0.05f);
    }
}

}  // namespace

std::vector<Stroke> draw_digit(int32_t digit, Random& random) {
    if (digit < 0 || digit > 9) throw ValueError("draw digit: " + std::to_string(digit) + ", expected 0 to 9");
    constexpr std::array<void (*)(Hand&), 10> ways = {zero, one, two, three, four, five, six, seven, eight, nine};
    Hand hand(random);
    ways[static_cast<size_t>(digit)](hand);
    std::vector<Stroke> strokes = hand.take();

    const float angle = random.uniform(-0.15f, 0.15f), cosine = math::cos(angle), sine = math::sin(angle);
    const float slant = random.uniform(-0.25f, 0.2f), wide = random.uniform(0.75f, 1.15f), tall = random.uniform(0.85f, 1.1f);
    const float sway = random.uniform(0, 0.02f), waves = random.uniform(6, 14), phase = random.uniform(0, 6.28f);
    for (Stroke& stroke : strokes)
        for (Point& point : stroke) {
            const float x = (point.x - 0.5f) * wide + sway * math::sin(waves * point.y + phase);
            const float y = (point.y - 0.5f) * tall + sway * math::cos(waves * point.x + phase);
            const float leaned = x - slant * y;
            point = {0.5f + cosine * leaned - sine * y, 0.5f + sine * leaned + cosine * y};
        }
    return strokes;
}

}  // namespace trilens

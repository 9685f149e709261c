// Numbers have two decimals on screen, and all of their bits in the sequence.
#include "demos/rnn/reading.h"

#include <cstdio>

namespace trilens {

std::string number_label(float value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(value));
    return text;
}

RnnReading read_numbers(std::span<const float> values) {
    RnnReading reading;
    for (const float value : values) reading.labels.push_back(number_label(value));
    reading.inputs = Tensor(Shape{reading.steps(), 1}, values);
    return reading;
}

}  // namespace trilens

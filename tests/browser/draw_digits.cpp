// draw_digits SEED COUNT DIGIT...: COUNT drawings of each digit by the stroke generator, one JSON line each: {"digit": 3, "strokes": [[[x,
// y], ...], ...]}.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/data/strokes.h"

int main(int count, char** words) {
    using namespace trilens;
    if (count < 4) return 2;
    const auto seed = static_cast<uint64_t>(std::atoll(words[1]));
    const int drawings = std::atoi(words[2]);
    for (int drawing = 0; drawing < drawings; ++drawing)
        for (int at = 3; at < count; ++at) {
            const int digit = std::atoi(words[at]);
            Random random(seed + static_cast<uint64_t>(drawing), static_cast<uint64_t>(digit));
            std::printf("{\"digit\":%d,\"strokes\":[", digit);
            const char* between = "";
            for (const Stroke& stroke : draw_digit(digit, random)) {
                std::printf("%s[", between);
                between = ",";
                for (size_t i = 0; i < stroke.size(); ++i)
                    std::printf("%s[%.4f,%.4f]", i ? "," : "", static_cast<double>(std::clamp(stroke[i].x, 0.0f, 1.0f)),
                                static_cast<double>(std::clamp(stroke[i].y, 0.0f, 1.0f)));
                std::printf("]");
            }
            std::printf("]}\n");
        }
    return 0;
}

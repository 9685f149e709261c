// Colours, strings and axes against what is published or asked of them.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "demos/text/text.h"
#include "demos/widgets/color_map.h"
#include "demos/widgets/line_plot.h"
#include "demos/widgets/theme.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

// Relative luminance and contrast of WCAG 2.1.
double luminance(ImU32 color) {
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear((color & 255) / 255.0) + 0.7152 * linear((color >> 8 & 255) / 255.0) +
           0.0722 * linear((color >> 16 & 255) / 255.0);
}

double contrast(ImU32 a, ImU32 b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace

TEST_CASE("colour maps are within 2 of 255 of the published tables") {
    struct Anchor {
        ColorMap map;
        int entry, r, g, b;
    };
    // matplotlib 3.6, _cm_listed.py, entries of the 256-entry tables.
    const Anchor anchors[] = {
        {ColorMap::viridis, 0, 68, 1, 84},       {ColorMap::viridis, 3, 69, 5, 89},       {ColorMap::viridis, 16, 72, 24, 106},
        {ColorMap::viridis, 31, 71, 44, 122},    {ColorMap::viridis, 64, 59, 82, 139},    {ColorMap::viridis, 100, 42, 118, 142},
        {ColorMap::viridis, 128, 33, 145, 140},  {ColorMap::viridis, 170, 53, 183, 121},  {ColorMap::viridis, 192, 94, 201, 98},
        {ColorMap::viridis, 224, 173, 220, 48},  {ColorMap::viridis, 246, 231, 228, 25},  {ColorMap::viridis, 255, 253, 231, 37},
        {ColorMap::magma, 0, 0, 0, 4},           {ColorMap::magma, 3, 1, 1, 8},           {ColorMap::magma, 16, 10, 8, 34},
        {ColorMap::magma, 31, 28, 16, 68},       {ColorMap::magma, 64, 81, 18, 124},      {ColorMap::magma, 100, 137, 40, 129},
        {ColorMap::magma, 128, 183, 55, 121},    {ColorMap::magma, 170, 241, 96, 93},     {ColorMap::magma, 192, 252, 137, 97},
        {ColorMap::magma, 224, 254, 196, 136},   {ColorMap::magma, 246, 252, 236, 174},   {ColorMap::magma, 255, 252, 253, 191},
        {ColorMap::cividis, 0, 0, 34, 78},       {ColorMap::cividis, 3, 0, 37, 83},       {ColorMap::cividis, 16, 0, 46, 106},
        {ColorMap::cividis, 31, 24, 55, 111},    {ColorMap::cividis, 64, 67, 78, 108},    {ColorMap::cividis, 100, 101, 104, 112},
        {ColorMap::cividis, 128, 125, 124, 120}, {ColorMap::cividis, 170, 165, 156, 116}, {ColorMap::cividis, 192, 188, 174, 108},
        {ColorMap::cividis, 224, 222, 201, 88},  {ColorMap::cividis, 246, 247, 222, 62},  {ColorMap::cividis, 255, 254, 232, 56},
    };
    for (const Anchor& each : anchors) {
        CAPTURE(static_cast<int>(each.map));
        CAPTURE(each.entry);
        const uint32_t color = map_color(each.map, static_cast<float>(each.entry) / 255);
        CHECK(std::abs(static_cast<int>(color & 255) - each.r) <= 2);
        CHECK(std::abs(static_cast<int>(color >> 8 & 255) - each.g) <= 2);
        CHECK(std::abs(static_cast<int>(color >> 16 & 255) - each.b) <= 2);
        CHECK((color >> 24) == 255);
    }
}

TEST_CASE("colour maps clamp, show NaN as a colour of its own, and are centred on 0 where signs matter") {
    CHECK(map_color(ColorMap::grey, -1) == 0xff000000);
    CHECK(map_color(ColorMap::grey, 2) == 0xffffffff);
    CHECK(map_color(ColorMap::viridis, NAN) == 0xffff00ff);
    CHECK(map_color(ColorMap::grey, 0.5f) == 0xff808080);
    const float values[] = {-1, 3, 0.5f, NAN, INFINITY};
    const ColorScale all = ColorScale::of(ColorMap::viridis, values, 5);
    CHECK(all.low == -1);
    CHECK(all.high == 3);
    const ColorScale centred = ColorScale::of(ColorMap::diverging, values, 5);
    CHECK(centred.low == -3);
    const ImU32 zero = centred.color(0);
    CHECK((zero & 255) > 235);
    CHECK((zero >> 16 & 255) > 235);
    const float same[] = {2, 2};
    const ColorScale flat = ColorScale::of(ColorMap::magma, same, 2);
    CHECK(flat.high > flat.low);
    CHECK(ColorScale::of(ColorMap::magma, nullptr, 0).high == 1);
}

TEST_CASE("every string is there in both languages, names the same parts, and Chinese is Chinese") {
    int han = 0;
    for (int i = 0; i < static_cast<int>(Text::count); ++i) {
        const char* english = say(static_cast<Text>(i), Language::english);
        const char* chinese = say(static_cast<Text>(i), Language::chinese);
        if (static_cast<Text>(i) == Text::section_none) continue;
        CAPTURE(english);
        CHECK(std::strlen(english) > 0);
        CHECK(std::strlen(chinese) > 0);
        for (const char* part : {"{0}", "{1}", "{2}"})
            CHECK((std::strstr(english, part) != nullptr) == (std::strstr(chinese, part) != nullptr));
        for (const char* c = chinese; *c; ++c) han += static_cast<unsigned char>(*c) >= 0xe4 && static_cast<unsigned char>(*c) <= 0xe9;
        if (static_cast<Text>(i) != Text::app_other_language)
            for (const char* c = english; *c; ++c) CHECK_MESSAGE(static_cast<unsigned char>(*c) < 0xe4, "English holds Chinese");
    }
    CHECK(han > 100);
    CHECK(std::string(say(Text::inspector_kernel, Language::chinese)) == "卷积核");
}

TEST_CASE("parts are filled in and languages found by their codes") {
    set_language(Language::english);
    CHECK(say(Text::scale_from_to, {"1", "2"}) == "1 to 2");
    CHECK(language_of("zh-CN") == Language::chinese);
    CHECK(language_of("en_GB") == Language::english);
    CHECK_THROWS_AS(language_of("fr"), ValueError);
    CHECK(number(-0.0) == "0");
    CHECK(number(0.123456) == "0.1235");
}

TEST_CASE("all text has at least the contrast that WCAG AA asks for, light and dark") {
    TestScreen screen;
    for (const char* name : {"light", "dark"}) {
        CAPTURE(name);
        screen.api->set_theme(name);
        screen.settle();
        const Palette& c = theme().color;
        for (const ImU32 ground : {c.ground, c.card})
            for (const ImU32 ink :
                 {c.text, c.text_soft, c.accent, c.good, c.warning, c.input, c.weight, c.activation, c.gradient, c.attention})
                CHECK(contrast(ink, ground) >= 4.5);
        for (const ImU32 ground : {c.control, c.control_hovered, c.accent_soft}) CHECK(contrast(c.text, ground) >= 4.5);
        CHECK(contrast(c.on_accent, c.accent) >= 4.5);
    }
}

TEST_CASE("axes are marked with round numbers") {
    CHECK(axis_ticks(0, 1, 5, false) == std::vector<double>{0, 0.2, 0.4, 3 * 0.2, 0.8, 1});
    CHECK(axis_ticks(-3, 7, 5, false) == std::vector<double>{-2, 0, 2, 4, 6});
    CHECK(axis_ticks(0.001, 1000, 6, true) == std::vector<double>{0.001, 0.01, 0.1, 1, 10, 100, 1000});
    CHECK(axis_ticks(4, 64, 6, true) == std::vector<double>{5, 10, 20, 50});
    CHECK(axis_ticks(20, 40, 6, true) == std::vector<double>{20, 25, 30, 35, 40});
    CHECK(axis_ticks(2, 9, 1, false).size() >= 2);
    CHECK(axis_ticks(0.7265, 0.7345, 2, false) == std::vector<double>{364 * 0.002, 365 * 0.002, 366 * 0.002, 367 * 0.002});
    CHECK(axis_ticks(1, 1, 5, false).empty());
    CHECK(axis_ticks(-1, 1, 5, true).empty());
}

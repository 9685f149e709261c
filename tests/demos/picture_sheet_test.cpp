// The sheet of pictures: where they stand, which was clicked, what their one texture holds.
#include "demos/widgets/picture_sheet.h"

#include <doctest/doctest.h>

#include <vector>

#include "demos/widgets/image_texture.h"
#include "engine/errors.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

// A picture all of whose cells are different, and different from other pictures'.
SheetPicture picture(int64_t height, int64_t width, int number) {
    Tensor values({1, 1, height, width});
    for (int64_t i = 0; i < values.elements(); ++i) values.data()[i] = static_cast<float>(number * values.elements() + i);
    return {values, "no. " + std::to_string(number)};
}

struct Book {
    std::vector<SheetPicture> pictures;
    SheetStyle style{.side = 40};
    float width = 400, height = 0;
    std::vector<int> clicked;
    Rect area;
    std::function<void(Stage&)> afterwards = [](Stage&) {};
    WidgetScreen screen{[this](Stage& stage, Rect where) {
        area = {where.x, where.y, width, 0};
        height = picture_sheet_height(stage, pictures, width, style);
        if (const int at = draw_picture_sheet(stage, "sheet", pictures, area, style); at >= 0) clicked.push_back(at);
        afterwards(stage);
        return height;
    }};

    explicit Book(std::vector<SheetPicture> content) : pictures(std::move(content)) { screen.draw_again(); }
    bool drawn(const std::string& name) const {
        for (const NamedRect& each : screen.app->rects())
            if (each.name == name) return true;
        return false;
    }
};

std::vector<SheetPicture> alike(int count) {
    std::vector<SheetPicture> out;
    for (int i = 0; i < count; ++i) out.push_back(picture(4, 4, i));
    return out;
}

}  // namespace

TEST_CASE("pictures are wrapped to the width, keep apart, and stay within") {
    Book book(alike(20));
    for (const float width : {120.0f, 400.0f, 1100.0f}) {
        book.width = width;
        book.screen.draw_again();
        std::vector<Rect> places;
        for (int i = 0; i < 20; ++i) places.push_back(book.screen.rect("sheet." + std::to_string(i)));
        for (size_t i = 0; i < places.size(); ++i) {
            CHECK(places[i].w == 40);
            CHECK(places[i].h == 40);
            CHECK(places[i].x >= book.area.x);
            CHECK(places[i].right() <= book.area.right());
            CHECK(places[i].bottom() <= book.area.y + book.height);
            if (i == 0) continue;
            const bool beside = places[i].y == places[i - 1].y;
            CHECK((beside ? places[i].x >= places[i - 1].right() : places[i].y >= places[i - 1].bottom()));
        }
        CHECK((places.back().y > places.front().y) == (width < 1100));
    }
}

TEST_CASE("a click tells the picture") {
    Book book(alike(20));
    for (const int at : {0, 7, 19}) {
        book.screen.click(book.screen.middle("sheet." + std::to_string(at)));
        REQUIRE(!book.clicked.empty());
        CHECK(book.clicked.back() == at);
    }
    CHECK(book.clicked.size() == 3);
    book.screen.click({book.area.right() + 20, book.area.y + 5});
    CHECK(book.clicked.size() == 3);
}

TEST_CASE("rows are limited, and what is left out is not drawn") {
    Book book(alike(20));
    const float full = book.height;
    book.style.rows = 1;
    book.screen.draw_again();
    CHECK(book.height < full);
    CHECK(book.drawn("sheet.0"));
    CHECK_FALSE(book.drawn("sheet.19"));
    int shown = 0;
    while (book.drawn("sheet." + std::to_string(shown))) ++shown;
    CHECK(book.screen.rect("sheet." + std::to_string(shown - 1)).y == book.screen.rect("sheet.0").y);
}

TEST_CASE("one texture serves all pictures of a size and is made again only if one of them changed") {
    Book book(alike(9));
    book.style.scale = ColorScale{ColorMap::grey, 0, 2000};
    book.screen.draw_again();
    CHECK(book.screen.textures == 1);
    const int uploads = book.screen.uploads;
    book.screen.draw_again();
    CHECK(book.screen.uploads == uploads);
    book.pictures[4] = picture(4, 4, 77);
    book.screen.draw_again();
    CHECK(book.screen.uploads == uploads + 1);
    book.pictures.push_back(picture(5, 3, 1));
    book.screen.draw_again();
    CHECK(book.screen.textures == 2);
}

TEST_CASE("the texture holds every value of every picture as its colour, on the scale of all") {
    Book book(alike(5));   // three beside each other, two rows; a cell is 10 units
    std::vector<uint32_t> pixels;
    book.afterwards = [&](Stage& stage) {
        const auto all = stage.textures.get("sheet:4x4", 120, 80).texture.pixels();
        pixels.assign(all.begin(), all.end());
    };
    book.screen.draw_again();
    const ColorScale scale{ColorMap::grey, 0, 5 * 16 - 1};
    REQUIRE(pixels.size() == 120 * 80);
    for (int number = 0; number < 5; ++number)
        for (int cell = 0; cell < 16; ++cell) {
            const int x = number % 3 * 40 + cell % 4 * 10, y = number / 3 * 40 + cell / 4 * 10;
            for (const int within : {0, 9})
                CHECK(pixels[static_cast<size_t>((y + within) * 120 + x + within)] == scale.color(static_cast<float>(number * 16 + cell)));
        }
    CHECK(pixels[50 * 120 + 100] == 0);   // no sixth picture
}

TEST_CASE("signals are drawn as curves, wider than high, without a texture") {
    Book book({picture(1, 128, 0), picture(1, 128, 1)});
    CHECK(book.screen.textures == 0);
    CHECK(book.screen.rect("sheet.0").w == 80);
    CHECK(book.screen.rect("sheet.0").h == 40);
    book.screen.click(book.screen.middle("sheet.1"));
    CHECK(book.clicked == std::vector<int>{1});
}

TEST_CASE("a picture of several channels is refused with its shape") {
    std::string said;
    const std::vector<SheetPicture> wrong = {{Tensor({1, 3, 4, 4}), "colour"}};
    WidgetScreen screen([&](Stage& stage, Rect area) {
        try {
            draw_picture_sheet(stage, "sheet", wrong, area);
        } catch (const ShapeError& error) {
            said = error.what();
        }
        return 100.0f;
    });
    CHECK(said.find("[1, 3, 4, 4]") != std::string::npos);
}

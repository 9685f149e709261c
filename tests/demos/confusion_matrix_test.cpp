// The confusion matrix under a pointer: which cell is where, what it says, and that it fits.
#include "demos/widgets/confusion_matrix.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "demos/text/text.h"
#include "engine/errors.h"
#include "tests/demos/widget_screen.h"

using namespace trilens;

namespace {

struct Table {
    std::vector<int64_t> counts;
    std::vector<std::string> labels;
    float width = 400;
    std::optional<ConfusionCell> selected;
    std::vector<ConfusionCell> clicked;
    Rect area;
    float height = 0;
    WidgetScreen screen{[this](Stage& stage, Rect where) {
        area = {where.x, where.y, width, 0};
        height = confusion_height(counts, labels, width);
        if (const auto cell = draw_confusion(stage, "matrix", counts, labels, selected, area)) clicked.push_back(*cell);
        return height;
    }};

    Table(std::vector<int64_t> numbers, std::vector<std::string> names) : counts(std::move(numbers)), labels(std::move(names)) {
        screen.draw_again();
    }
    ImVec2 middle(int32_t truth, int32_t predicted) const {
        const Rect cells = screen.rect("matrix");
        const auto classes = static_cast<float>(labels.size());
        return {cells.x + cells.w * (static_cast<float>(predicted) + 0.5f) / classes,
                cells.y + cells.h * (static_cast<float>(truth) + 0.5f) / classes};
    }
};

std::vector<std::string> digits(size_t classes) {
    std::vector<std::string> labels;
    for (size_t i = 0; i < classes; ++i) labels.push_back(std::to_string(i));
    return labels;
}

}  // namespace

TEST_CASE("a click tells the cell: rows are the truth, columns the prediction; a drag tells nothing") {
    Table table({5, 1, 0, 2, 7, 3, 0, 0, 9}, {"sine", "square", "noise"});
    CHECK(table.clicked.empty());
    table.screen.click(table.middle(1, 2));
    REQUIRE(table.clicked.size() == 1);
    CHECK(table.clicked[0] == ConfusionCell{1, 2});
    table.screen.click(table.middle(2, 0));
    REQUIRE(table.clicked.size() == 2);
    CHECK(table.clicked[1] == ConfusionCell{2, 0});
    table.screen.press_at(table.middle(0, 0));
    table.screen.drag_to(table.middle(0, 2));
    table.screen.release();
    CHECK(table.clicked.size() == 2);
    const Rect cells = table.screen.rect("matrix");
    table.screen.click({cells.x - 10, cells.y + 10});
    CHECK(table.clicked.size() == 2);
}

TEST_CASE("sentences name the classes and count the samples of the row, in both languages") {
    const std::vector<int64_t> counts = {86, 12, 0, 0};
    const std::vector<std::string> labels = {"4", "9"};
    set_language(Language::english);
    CHECK(confusion_sentence(counts, labels, {0, 1}) == "Class 4: taken for 9 in 12 of 98 samples.");
    CHECK(confusion_sentence(counts, labels, {0, 0}) == "Class 4: recognised in 86 of 98 samples.");
    CHECK(confusion_sentence(counts, labels, {1, 0}) == "Class 9 has no samples.");
    set_language(Language::chinese);
    CHECK(confusion_sentence(counts, labels, {0, 1}) == "类别“4”：98 个样本中有 12 个被判断为“9”。");
    set_language(Language::english);
    CHECK_THROWS_AS(confusion_sentence(std::vector<int64_t>{1, 2, 3}, labels, {0, 0}), ValueError);
}

TEST_CASE("from 2 to 10 classes, with short names and long ones, it fits into 300 to 700 units, and cells can be hit") {
    for (const size_t classes : {2, 5, 10})
        for (const bool wordy : {false, true}) {
            std::vector<std::string> labels = digits(classes);
            if (wordy)
                for (std::string& label : labels) label = "a rather long name " + label;
            Table table(std::vector<int64_t>(classes * classes, 1234), labels);
            for (const float width : {300.0f, 480.0f, 700.0f}) {
                CAPTURE(classes);
                CAPTURE(wordy);
                CAPTURE(width);
                table.width = width;
                table.screen.draw_again();
                const Rect cells = table.screen.rect("matrix"), recall = table.screen.rect("matrix.recall");
                CHECK(cells.x > table.area.x);
                CHECK(recall.x >= cells.right());
                CHECK(recall.right() <= table.area.right());
                CHECK(cells.bottom() <= table.area.y + table.height + 1);
                CHECK(cells.w / static_cast<float>(classes) >= 20);
                CHECK(cells.h / static_cast<float>(classes) >= 22);
            }
        }
}

TEST_CASE("the selected cell is outlined") {
    Table table({5, 1, 2, 7}, {"a", "b"});
    table.screen.move({1, 1});
    // The outline is the only thing that its colour draws around the cell: its vertices lie on the cell's border.
    const auto near_corner = [&](int32_t truth, int32_t predicted) {
        const Rect cells = table.screen.rect("matrix");
        const ImVec2 corner{cells.x + cells.w / 2 * static_cast<float>(predicted), cells.y + cells.h / 2 * static_cast<float>(truth)};
        int count = 0;
        for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists)
            for (const ImDrawVert& vertex : list->VtxBuffer)
                count += std::abs(vertex.pos.x - corner.x) < 7 && std::abs(vertex.pos.y - corner.y) < 7;
        return count;
    };
    const int plain = near_corner(0, 1), other = near_corner(0, 0);
    table.selected = ConfusionCell{0, 1};
    table.screen.draw_again();
    CHECK(near_corner(0, 1) > plain);
    CHECK(near_corner(0, 0) == other);
}

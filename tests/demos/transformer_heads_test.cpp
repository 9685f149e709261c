// Heads: what is drawn against the tensors of the graph, and the view as a learner uses it.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>

#include "demos/transformer/heads_view.h"
#include "engine/errors.h"
#include "tests/demos/transformer_view_room.h"

using namespace trilens;

namespace {

class HeadsRoom : public TransformerViewRoom<TransformerHeadsView> {
public:
    HeadsRoom() {
        TransformerSettings& s = bench.settings;
        fields_.effect(Field::Effect::computes);
        fields_.choice("transformer.task", Text::field_transformer_task, Text::help_transformer_task, s.task,
                       {{"layer", Text::transformer_task_layer},
                        {"sequences", Text::transformer_task_sequences},
                        {"generate", Text::transformer_task_generate},
                        {"mask", Text::transformer_task_mask},
                        {"translate", Text::transformer_task_translate},
                        {"vision", Text::transformer_task_vision}});
        fields_.choice("transformer.stack", Text::heads_empty, Text::heads_empty, s.stack,
                       {{"encoder", Text::transformer_stack_encoder},
                        {"decoder", Text::transformer_stack_decoder},
                        {"cross", Text::transformer_stack_cross}});
        fields_.flag("transformer.scaled", Text::heads_empty, Text::heads_empty, s.scaled);
        fields_.integer("transformer.length", Text::heads_empty, Text::heads_empty, s.length, {1, 256, 1});
        fields_.integer("transformer.layer", Text::heads_empty, Text::heads_empty, s.layer, {1, most_layers, 1});
        fields_.integer("transformer.head", Text::heads_empty, Text::heads_empty, s.head, {1, most_heads, 1});
        fields_.integer("transformer.token", Text::heads_empty, Text::heads_empty, s.token, {0, 999, 1});
        constexpr const char* names[] = {"transformer.head.", "transformer.decoder_head.", "transformer.cross_head."};
        for (size_t where = 0; where < 3; ++where)
            for (size_t layer = 0; layer < most_layers; ++layer)
                for (size_t head = 0; head < most_heads; ++head)
                    fields_.choice(names[where] + std::to_string(layer) + "." + std::to_string(head), Text::heads_empty, Text::heads_empty,
                                   s.heads[where][layer][head],
                                   {{"on", Text::transformer_head_on},
                                    {"off", Text::transformer_head_off},
                                    {"uniform", Text::transformer_head_uniform}});
        view.list_fields(fields_);
        s.task = transformer_task_number("layer");
        bench.compute();
        made = this;
    }

    static inline HeadsRoom* made = nullptr;
};

struct HeadsScreen : TestScreen {
    static constexpr RoomEntry table[] = {
        {"transformer", Text::room_transformer, [] { return std::unique_ptr<Room>(std::make_unique<HeadsRoom>()); }}};

    explicit HeadsScreen(const char* task = "layer", float width = 1280, float height = 2400) : TestScreen(width, height, 1, false, table) {
        put("transformer.task", std::string("\"") + task + "\"");
    }
    TransformerWorkbench& bench() { return HeadsRoom::made->bench; }
    TransformerHeadsView& view() { return HeadsRoom::made->view; }
    const Graph& graph() { return *bench().graph(); }
    HeadsReading reading() { return HeadsReading(graph(), bench().stack(), bench().layer()); }
    void put(const char* field, const std::string& json) {
        api->set(field, json);
        settle(200);
    }
    void press_button(const std::string& name) { click(middle(name)); }
    ImVec2 cell(int64_t query, int64_t key) {
        const HeadsMap& map = view().map();
        const Rect cells = rect("transformer.heads.map");
        return {cells.x + (static_cast<float>(key - map.first().key) + 0.5f) * map.cell(),
                cells.y + (static_cast<float>(query - map.first().query) + 0.5f) * map.cell()};
    }
    // Pixels of all maps in sight that have the scale's last colour.
    int64_t full_colour() const {
        int64_t count = 0;
        for (ImTextureData* texture : ImGui::GetPlatformIO().Textures)
            if (texture->Format == ImTextureFormat_RGBA32 && texture->Pixels) {
                const auto* pixels = reinterpret_cast<const uint32_t*>(texture->Pixels);
                count += std::count(pixels, pixels + texture->Width * texture->Height, map_color(ColorMap::viridis, 1));
            }
        return count;
    }
    int commands() {
        int count = 0;
        for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) count += list->CmdBuffer.Size;
        return count;
    }
    // How many rectangles of the view stand within the width; fails for one that does not.
    int inside(float width) const {
        int found = 0;
        for (const NamedRect& each : app->rects()) {
            if (!each.name.starts_with("transformer.heads")) continue;
            ++found;
            CHECK_MESSAGE(each.rect.x >= 0, each.name);
            CHECK_MESSAGE(each.rect.right() <= width + 0.5f, each.name);
            CHECK_MESSAGE(each.rect.w > 1, each.name);
        }
        return found;
    }
};

} // namespace

TEST_CASE("a row's softmax and its entropy are those of the definition") {
    const float x[] = {1, 2, 5, 3}, mask[] = {1, 1, 0, 1};
    const SoftmaxRow row = softmax_row(x, mask);
    const double total = std::exp(-2.0) + std::exp(-1.0) + 1;
    CHECK(row.largest == 3);
    CHECK(static_cast<double>(row.total) == doctest::Approx(total));
    CHECK(static_cast<double>(row.weights[1]) == doctest::Approx(std::exp(-1.0) / total));
    CHECK(row.weights[2] == 0);
    const float even[] = {0.25f, 0.25f, 0, 0.25f, 0.25f}, sure[] = {0, 1, 0};
    CHECK(static_cast<double>(entropy(even)) == doctest::Approx(std::log(4.0)));
    CHECK(entropy(sure) == 0);
    const float low[] = {-5, -7};
    CHECK(softmax_row(low, {}).largest == -5);
}

TEST_CASE("a map with more cells than pixels shows the strongest of those that a pixel covers") {
    std::vector<float> values(64, 0.0f);
    values[9 * 0 + 3 * 8 + 5] = 1; // row 3, column 5 of 8 x 8
    std::vector<uint32_t> pixels(4 * 4, 0);
    const ColorScale scale{ColorMap::grey, 0, 1};
    paint_map(pixels.data(), 4, 4, 4, {values, 8, 0, 0, 8, 8}, scale);
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 4; ++x) CHECK(pixels[static_cast<size_t>(y * 4 + x)] == scale.color(y == 1 && x == 2 ? 1.0f : 0.0f));
  // Part of it, larger: rows 3 to 4, columns 4 to 5, two pixels a cell.
    paint_map(pixels.data(), 4, 4, 4, {values, 8, 3, 4, 2, 2}, scale);
    CHECK(pixels[0] == scale.color(0));
    CHECK(pixels[2] == scale.color(1));
    CHECK(pixels[3] == scale.color(1));
    CHECK(pixels[4 + 3] == scale.color(1));
    CHECK(pixels[2 * 4 + 3] == scale.color(0));
}

TEST_CASE("the worked example: two heads as small maps, one enlarged over ten queries and ten keys, and the shapes that it asks for") {
    HeadsScreen screen;
    const HeadsReading r = screen.reading();
    CHECK(r.heads == 2);
    CHECK(r.queries == 10);
    CHECK(r.keys == 10);
    CHECK(r.key_size == 16);
    CHECK(r.out.shape() == Shape{10, 16});
    for (const char* name : {"transformer.heads.small:0.0", "transformer.heads.small:0.1", "transformer.heads.map",
                             "transformer.heads.map.colours", "transformer.heads.shapes", "transformer.encoder.0.weights"})
        CHECK(screen.drawn(name));
    CHECK(screen.view().map().rows() == 10);
    CHECK(screen.view().map().columns() == 10);
    CHECK(!screen.drawn("transformer.heads.stack:encoder")); // one kind of attention
    CHECK(!screen.drawn("transformer.heads.map.zoom_in")); // cells are large
}

TEST_CASE("a hovered cell is the graph's, whichever stage is shown, and is what the inspector explains") {
    HeadsScreen screen;
    screen.press_button("transformer.heads.small:0.1");
    CHECK(screen.bench().settings.head == 2);
    const HeadsReading r = screen.reading();
    const struct {
        const char* id;
        const Tensor& tensor;
    } stages[] = {{"scores", r.scores}, {"scaled", r.scaled}, {"weights", r.weights}};
    for (const auto& each : stages) {
        screen.press_button(std::string("transformer.heads.stage:") + each.id);
        screen.move(screen.cell(3, 7));
        CHECK(screen.view().subject() == HeadsCell{3, 7});
        const Element* subject = screen.app->inspector().subject();
        REQUIRE(subject);
        CHECK(subject->node == "transformer.encoder.0." + std::string(each.id));
        CHECK(subject->index == r.flat(1, 3, 7));
        CHECK(screen.drawn("transformer.encoder.0." + std::string(each.id)));
        const std::string index = "[1,3,7]";
        const auto shown = screen.json(screen.api->explain("transformer.encoder.0." + std::string(each.id), index));
        CHECK(shown["value"].get<float>() == each.tensor.data()[r.flat(1, 3, 7)]);
    }
    float product = 0;
    for (int64_t i = 0; i < 16; ++i) product += r.q.data()[(10 + 3) * 16 + i] * r.k.data()[(10 + 7) * 16 + i];
    CHECK(static_cast<double>(product) == doctest::Approx(static_cast<double>(r.scores.data()[r.flat(1, 3, 7)])));
    CHECK(static_cast<double>(r.factor) == doctest::Approx(0.25));
    const SoftmaxRow row = softmax_row(r.row(r.scaled, 1, 3), {});
    CHECK(static_cast<double>(row.weights[7]) == doctest::Approx(static_cast<double>(r.weights.data()[r.flat(1, 3, 7)])));
}

TEST_CASE("a click pins the cell, another lets go, and a number of its formula is followed to where it comes from") {
    HeadsScreen screen;
    screen.click(screen.cell(4, 5));
    REQUIRE(screen.app->inspector().pinned_element());
    CHECK(*screen.app->inspector().pinned_element() == Element{"transformer.encoder.0.weights", 45});
    const Rect product = screen.rect("transformer.heads.formula.product");
    screen.click({product.x + 80, product.y + 8});
    REQUIRE(screen.app->inspector().pinned_element());
    CHECK(*screen.app->inspector().pinned_element() == Element{"transformer.encoder.0.q", 4 * 16});
    screen.app->inspector().release();
    screen.click(screen.cell(4, 5));
    screen.click(screen.cell(4, 5));
    CHECK(!screen.app->inspector().pinned());
    screen.press_button("transformer.heads.stage:scores");
    screen.click(screen.cell(4, 5));
    CHECK(*screen.app->inspector().pinned_element() == Element{"transformer.encoder.0.scores", 45});
}

TEST_CASE("without a hand on the map the greatest weight of the followed query is spelled out; a click follows another") {
    HeadsScreen screen;
    screen.put("transformer.token", "4");
    const HeadsReading r = screen.reading();
    const auto row = r.row(r.weights, 0, 3);
    CHECK(screen.view().subject() == HeadsCell{3, std::ranges::max_element(row) - row.begin()});
    screen.click(screen.cell(6, 2));
    CHECK(screen.bench().settings.token == 7);
    screen.move({5, 5});
    CHECK(screen.view().subject() == HeadsCell{6, 2}); // pinned
    screen.api->undo();
    screen.settle();
    CHECK(screen.bench().settings.token == 4);
}

TEST_CASE("the map is walked with the keyboard") {
    HeadsScreen screen;
    screen.click(screen.cell(2, 2));
    screen.click(screen.cell(2, 2)); // lets go of the pin, the map has the keyboard
    screen.move({5, 5});
    screen.press(ImGuiKey_RightArrow);
    screen.press(ImGuiKey_DownArrow);
    CHECK(screen.view().subject() == HeadsCell{3, 3});
    screen.press(ImGuiKey_End);
    CHECK(screen.view().subject() == HeadsCell{3, 9});
    screen.press(ImGuiKey_RightArrow);
    CHECK(screen.view().subject() == HeadsCell{3, 9}); // the last key
    screen.press(ImGuiKey_Enter);
    CHECK(screen.bench().settings.token == 4);
}

TEST_CASE("the bars under the map are the row of the query: pointing at one chooses its key") {
    HeadsScreen screen;
    screen.put("transformer.token", "2");
    const Rect bars = screen.rect("transformer.heads.row");
    screen.move({bars.x + screen.view().map().cell() * 5.5f, bars.y + bars.h / 2});
    CHECK(screen.view().subject() == HeadsCell{1, 5});
}

TEST_CASE("a head is switched off or made uniform from the view; the outputs that move are those of the graph") {
    HeadsScreen screen;
    CHECK(screen.view().effect() == nullptr);
    const Tensor before = screen.graph().find("transformer.encoder.0.norm2").tensor().clone();
    screen.press_button("transformer.heads.mode:off");
    CHECK(screen.bench().settings.heads[0][0][0] == HeadMode::off);
    const HeadsEffect* effect = screen.view().effect();
    REQUIRE(effect);
    CHECK(effect->node == "transformer.encoder.0.norm2");
    const Tensor after = screen.graph().find(effect->node).tensor();
    REQUIRE(effect->distance.size() == 10);
    for (int64_t token = 0; token < 10; ++token) {
        double sum = 0;
        for (int64_t i = 0; i < 16; ++i) {
            const double difference =
                static_cast<double>(after.data()[token * 16 + i]) - static_cast<double>(before.data()[token * 16 + i]);
            sum += difference * difference;
        }
        CHECK(sum > 0);
        CHECK(static_cast<double>(effect->distance[static_cast<size_t>(token)]) == doctest::Approx(std::sqrt(sum)).epsilon(1e-4));
    }
    CHECK(screen.drawn("transformer.heads.change:9"));
    screen.press_button("transformer.heads.mode:uniform");
    CHECK(screen.bench().settings.heads[0][0][0] == HeadMode::uniform);
    const HeadsReading r = screen.reading();
    for (const float weight : r.map(r.weights, 0)) CHECK(weight == 0.1f);
    screen.press_button("transformer.heads.mode:on");
    CHECK(screen.view().effect() == nullptr);
    CHECK(!screen.drawn("transformer.heads.change:9"));
}

TEST_CASE("the division by the root of the key size is switched beside the stages, and rows become sharper without it") {
    HeadsScreen screen;
    const auto mean = [&] {
        const HeadsReading r = screen.reading();
        float sum = 0;
        for (int64_t query = 0; query < r.queries; ++query) sum += entropy(r.row(r.weights, 0, query));
        return sum;
    };
    const float scaled = mean();
    screen.press_button("transformer.heads.scaled");
    CHECK(!screen.bench().settings.scaled);
    CHECK(screen.reading().factor == 1);
    CHECK(mean() < scaled);
    screen.press_button("transformer.heads.scaled");
    CHECK(screen.bench().settings.scaled);
    CHECK(mean() == scaled);
}

TEST_CASE("several heads are drawn as lines; a hovered token isolates its own, a click keeps them") {
    HeadsScreen screen;
    CHECK(screen.view().line_heads() == 1u);
    const size_t one = screen.view().lines().lines();
    CHECK(one > 0);
    CHECK(one <= 100);
    screen.press_button("transformer.heads.chip:1");
    CHECK(screen.view().line_heads() == 3u);
    CHECK(screen.view().lines().lines() > one);
    screen.press_button("transformer.heads.chip:0");
    CHECK(screen.view().line_heads() == 2u);
    screen.press_button("transformer.heads.chip:all");
    CHECK(screen.view().line_heads() == 3u);

    const HeadsReading r = screen.reading();
    const float most = *std::ranges::max_element(r.weights.values());
    const auto visible = [&](auto&& picked) {
        size_t count = 0;
        for (int64_t head = 0; head < 2; ++head)
            for (int64_t query = 0; query < 10; ++query)
                for (int64_t key = 0; key < 10; ++key)
                    count += picked(query, key) && r.weights.data()[r.flat(head, query, key)] >= 0.02f * most;
        return count;
    };
    screen.move(screen.middle("transformer.heads.lines.query:4"));
    CHECK(screen.view().lines().isolated() == LineEnd{false, 4});
    CHECK(screen.view().lines().lines() == visible([](int64_t query, int64_t) { return query == 4; }));
    CHECK(screen.view().subject().query == 4);
    screen.click(screen.middle("transformer.heads.lines.key:6"));
    screen.move({5, 5});
    CHECK(screen.view().lines().isolated() == LineEnd{true, 6});
    CHECK(screen.view().lines().lines() == visible([](int64_t, int64_t key) { return key == 6; }));
    screen.press(ImGuiKey_LeftArrow);
    CHECK(screen.view().lines().isolated() == LineEnd{true, 5});
    screen.press(ImGuiKey_UpArrow);
    CHECK(screen.view().lines().isolated() == LineEnd{false, 5});
    screen.click(screen.middle("transformer.heads.lines.key:6"));
    screen.move({5, 5});
    CHECK(!screen.view().lines().isolated());
    CHECK(screen.view().lines().lines() == visible([](int64_t, int64_t) { return true; }));
}

TEST_CASE("256 tokens are drawn with few commands and lines, zoomed, moved and still told cell by cell") {
    HeadsScreen screen;
    screen.put("transformer.length", "256");
    screen.press_button("transformer.heads.chip:all");
    const HeadsReading r = screen.reading();
    REQUIRE(r.queries == 256);
    const HeadsMap& map = screen.view().map();
    CHECK(map.rows() == 256);
    CHECK(map.columns() == 256);
    CHECK(screen.view().lines().lines() <= HeadsLines::most_lines);
    CHECK(screen.commands() < 120);
    int vertices = 0;
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) vertices += list->VtxBuffer.Size;
    CHECK(vertices < 60000);
    const int uploads = screen.uploads;
    screen.move(screen.cell(100, 200));
    CHECK(std::llabs(screen.view().subject().query - 100) <= 1);  // a pointer stands on whole pixels, cells are hardly larger
    CHECK(std::llabs(screen.view().subject().key - 200) <= 1);
    CHECK(screen.uploads == uploads); // nothing is painted anew for a hover
    for (int i = 0; i < 6; ++i) screen.press_button("transformer.heads.map.zoom_in");
    CHECK(map.cell() > 10);
    CHECK(map.rows() < 60);
    CHECK(screen.drawn("transformer.heads.map.overview"));
    const Rect overview = screen.rect("transformer.heads.map.overview");
    screen.click({overview.right() - 1, overview.bottom() - 1});
    CHECK(map.first().query + map.rows() == 256);
    CHECK(map.first().key + map.columns() == 256);
    screen.move(screen.cell(255, 254));
    CHECK(screen.view().subject() == HeadsCell{255, 254});
    screen.press_button("transformer.heads.map.zoom_fit");
    CHECK(map.rows() == 256);
    CHECK(screen.drawn("transformer.heads.lines.scroll"));
    CHECK(screen.rect("transformer.heads.lines.query:0").w >= 14); // legible without zooming first

    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) screen.frame();
    const double each = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count() / 20;
    MESSAGE("milliseconds for a frame of 256 tokens: " << each);
    CHECK(each < 100); // loose: other work may go on; the measured number is printed
}

TEST_CASE("colours end at the greatest weight of all heads, or at 1") {
    HeadsScreen screen;
    const Rect row = screen.rect("transformer.heads.map.colours");
    CHECK(row.w > 0);
    const auto opaque = [&] {
        const HeadsReading r = screen.reading();
        float most = 0;
        for (const float weight : r.weights.values()) most = std::max(most, weight);
        return most;
    };
    const float most = opaque();
    CHECK(most < 0.5f);
    size_t seen = 0, faint = 0;
    const HeadsReading r = screen.reading();
    for (const float weight : r.map(r.weights, 0)) seen += weight >= 0.02f * most, faint += weight >= 0.02f;
    CHECK(screen.view().lines().lines() == seen);
    screen.put("transformer.heads_stretched", "false");
    CHECK(screen.view().lines().lines() == faint);
    screen.put("transformer.length", "100"); // each weight is about 0.01
    CHECK(screen.view().lines().lines() == 0);
    screen.put("transformer.heads_stretched", "true");
    CHECK(screen.view().lines().lines() > 100);
}

TEST_CASE("rows relative to their greatest weight keep their order, and a row of nothing stays so") {
    const float map[] = {1, 0, 0, 0.25f, 0.5f, 0.25f, 0, 0, 0};
    CHECK(relative_to_rows(map, 3) == std::vector<float>{1, 0, 0, 0.5f, 1, 0.5f, 0, 0, 0});
}

TEST_CASE("a long causal map is coloured row by row: its last rows are as bright as its first") {
    HeadsScreen screen("generate");
    screen.api->text(std::string(100, 't') + "winkle");
    screen.settle(200);
    const HeadsReading r = screen.reading();
    REQUIRE(r.queries >= 100);
    const auto row = r.row(r.weights, 0, r.queries - 1);
    REQUIRE(std::ranges::max(row) < 0.5f);  // on the scale of the first row, whose weight is 1, it would be dark
    const std::vector<float> drawn = relative_to_rows(r.map(r.weights, 0), r.keys);
    for (int64_t query = 0; query < r.queries; ++query)
        CHECK(std::ranges::max(std::span(drawn).subspan(static_cast<size_t>(query * r.keys), static_cast<size_t>(r.keys))) == 1.0f);
    const int64_t by_rows = screen.full_colour();
    screen.put("transformer.heads_stretched", "false");
    CHECK(by_rows > 20 * screen.full_colour());
}

TEST_CASE("an encoder has no mask to draw: a sentence says so") {
    HeadsScreen screen("mask");
    CHECK(screen.drawn("transformer.heads.map"));
    screen.press_button("transformer.heads.stage:mask");
    CHECK(!screen.drawn("transformer.heads.map"));
    screen.press_button("transformer.heads.stage:weights");
    CHECK(screen.drawn("transformer.heads.map"));
}

TEST_CASE("a token that the network does not know takes no room above the columns where its label is not drawn") {
    HeadsScreen screen("generate");
    screen.bench().settings.step = 1;  // a network without training writes tokens that it does not know, too
    const auto above = [&](const std::string& text) {
        screen.api->text(text);
        screen.settle(200);
        return screen.rect("transformer.heads.map").y - screen.rect("transformer.heads.stage:mask").bottom();
    };
    const std::string letters(60, 't');
    const float plain = above(letters + "tt");
    std::string with = letters + "tt";
    with.replace(1, 1, "\u597d");  // the second label: every third or so is drawn
    CHECK(plain < 60);
    CHECK(above(with) == plain);
}

TEST_CASE("a picture's patches are named by row and column") {
    set_language(Language::english);
    TransformerWorkbench bench;
    bench.settings.task = transformer_task_number("vision");
    bench.compute();
    const auto& labels = bench.source().labels;
    REQUIRE(labels.size() == 50);
    CHECK(labels[1] == "r1 c1");
    CHECK(labels[7] == "r1 c7");
    CHECK(labels[8] == "r2 c1");
    CHECK(labels[49] == "r7 c7");
}

TEST_CASE("an encoder and a decoder have three kinds of attention, each with its own switches and mask") {
    HeadsScreen screen("sequences");
    if (screen.bench().stacks().size() < 3) return;
    for (const char* stack : {"decoder", "cross", "encoder"}) {
        CAPTURE(stack);
        screen.press_button(std::string("transformer.heads.stack:") + stack);
        const HeadsReading r = screen.reading();
        CHECK(r.queries == screen.bench().queries(screen.bench().stack()).size());
        CHECK(r.keys == screen.bench().keys(screen.bench().stack()).size());
        screen.press_button("transformer.heads.mode:off");
        CHECK(screen.bench().settings.heads[static_cast<size_t>(screen.bench().stack())][0][0] == HeadMode::off);
        REQUIRE(screen.view().effect());
        CHECK(screen.view().effect()->answers > 0);
        screen.press_button("transformer.heads.mode:on");
    }
    screen.press_button("transformer.heads.stack:decoder");
    screen.press_button("transformer.heads.stage:mask");
    const HeadsReading r = screen.reading();
    REQUIRE(!r.mask_name.empty());
    CHECK(!r.seen(0, 1));
    CHECK(r.seen(1, 0));
    CHECK(r.keys_seen(1) == 2);
    CHECK(screen.drawn("transformer.decoder.mask"));
}

TEST_CASE("everything follows while the sentence is edited") {
    HeadsScreen screen("mask");
    const int64_t before = screen.reading().queries;
    screen.api->text("we [MASK] a book");
    screen.settle(200);
    const int64_t after = screen.reading().queries;
    CHECK(after != before);
    CHECK(screen.view().map().rows() == after);
    CHECK(screen.drawn("transformer.heads.lines.query:" + std::to_string(after - 1)));
    CHECK(!screen.drawn("transformer.heads.lines.query:" + std::to_string(after)));
}

TEST_CASE("nothing to read is said, and nothing else is drawn") {
    HeadsScreen screen("mask");
    screen.api->text("");
    screen.settle(200);
    if (screen.bench().graph()) return; // an empty sentence may still hold the special tokens
    CHECK(screen.drawn("transformer.heads.empty"));
    CHECK(!screen.drawn("transformer.heads.map"));
}

TEST_CASE("heads are drawn inside the screen, wide and narrow, in both languages") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), {390.0f, 844.0f}})
        for (const char* language : {"en", "zh"})
            for (const char* task : {"layer", "sequences", "mask"}) {
                CAPTURE(task);
                CAPTURE(language);
                HeadsScreen screen(task, width, height);
                screen.api->set_language(language);
                screen.settle(200);
                screen.put("transformer.head.0.0", "\"off\"");
                CHECK(screen.inside(width) > 30);
                screen.api->set_language("en");
            }
    HeadsScreen screen("layer", 390, 844);
    screen.put("transformer.length", "256");
    CHECK(screen.inside(390) > 30);
}

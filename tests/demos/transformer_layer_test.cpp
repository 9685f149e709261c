// The view that follows one token through a layer: its strips hold the graph's numbers, its sums end at the tensor's elements.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>

#include "demos/transformer/layer_view.h"
#include "demos/widgets/inspector.h"
#include "engine/errors.h"
#include "tests/demos/transformer_view_room.h"

namespace trilens {

namespace {

class LayerRoom : public TransformerViewRoom<TransformerLayerView> {
public:
    LayerRoom() {
        TransformerSettings& s = bench.settings;
        s.task = transformer_task_number("layer");
        fields_.effect(Field::Effect::computes);
        fields_.choice("transformer.task", Text::field_transformer_task, Text::help_transformer_task, s.task,
                       {{"layer", Text::transformer_task_layer},
                        {"sequences", Text::transformer_task_sequences},
                        {"generate", Text::transformer_task_generate}});
        fields_.choice("transformer.norm", Text::field_transformer_norm, Text::help_transformer_norm, s.norm,
                       {{"auto", Text::transformer_by_task}, {"post", Text::transformer_norm_post}, {"pre", Text::transformer_norm_pre}});
        fields_.choice("transformer.show", Text::field_show, Text::help_transformer_show, s.gradients,
                       {{"values", Text::show_values}, {"gradients", Text::show_gradients}});
        fields_.integer("transformer.length", Text::field_rnn_length, Text::help_transformer_length, s.length, {1, 256, 1});
        fields_.integer("transformer.layers", Text::field_transformer_layers, Text::help_transformer_layers, s.layers, {0, 6, 1});
        fields_.integer("transformer.layer", Text::field_transformer_layer, Text::help_transformer_layer, s.layer, {1, 6, 1});
        fields_.integer("transformer.token", Text::field_transformer_token, Text::help_transformer_token, s.token, {0, 999, 1});
        view.list_fields(fields_);
        bench.compute();
        made = this;
    }

    static inline LayerRoom* made = nullptr;
};

struct LayerScreen : TestScreen {
    static constexpr RoomEntry table[] = {
        {"transformer", Text::room_transformer, [] { return std::unique_ptr<Room>(std::make_unique<LayerRoom>()); }}};

    explicit LayerScreen(float width = 1280, float height = 3000) : TestScreen(width, height, 1, false, table) {}
    LayerRoom& room() { return *LayerRoom::made; }
    TransformerLayerView& view() { return room().view; }
    const Graph& graph() { return *room().bench.graph(); }
    const Tensor& tensor(const std::string& name) { return graph().find("transformer." + name).tensor(); }
    void put(const char* field, const std::string& json) {
        api->set(field, json);
        settle();
    }
    float top(std::string_view name) const { return rect(name).y; }
};

bool same_bits(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0; }

}  // namespace

TEST_CASE("layer norm's numbers are those of the token's vector") {
    LayerScreen screen;
    for (const char* name : {"transformer.encoder.0.norm1", "transformer.encoder.0.norm2"}) {
        const NormReading norm(screen.graph(), name, 3, 1e-6f);
        REQUIRE(norm.x.size() == 16);
        double mean = 0, variance = 0;
        for (const float value : norm.x) mean += static_cast<double>(value) / 16;
        for (const float value : norm.x) variance += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean) / 16;
        CHECK(static_cast<double>(norm.mean) == doctest::Approx(mean).epsilon(1e-5));
        CHECK(norm.variance == doctest::Approx(variance).epsilon(1e-5));
        CHECK(static_cast<double>(norm.inverse) == doctest::Approx(1 / std::sqrt(variance + 1e-6)).epsilon(1e-5));
        for (size_t i = 0; i < 16; ++i) {
            const double y = (static_cast<double>(norm.x[i]) - mean) / std::sqrt(variance + 1e-6) * static_cast<double>(norm.gammas[i]) +
                             static_cast<double>(norm.betas[i]);
            CHECK(static_cast<double>(norm.y[i]) == doctest::Approx(y).epsilon(1e-4));
        }
    }
    CHECK(NormReading(screen.graph(), "transformer.encoder.0.norm1", 3, 1e-6f).input == "transformer.encoder.0.add1");
    CHECK_THROWS_AS(NormReading(screen.graph(), "transformer.encoder.0.add1", 0, 1e-6f), ValueError);
    CHECK_THROWS_AS(NormReading(screen.graph(), "transformer.encoder.0.norm1", 10, 1e-6f), ValueError);
}

TEST_CASE("the worked example shows its shapes, and every value of the layer from top to bottom") {
    LayerScreen screen;
    CHECK(screen.tensor("encoder.0.norm2").shape() == Shape{10, 16});
    CHECK(screen.tensor("encoder.0.weights").shape() == Shape{2, 10, 10});
    CHECK(screen.drawn("transformer.layer.shapes"));
    float above = 0;
    for (const char* part : {"q", "k", "v", "weights", "heads", "out", "add1", "norm1", "ff.sum", "ff.hidden", "ff.out", "add2", "norm2"}) {
        CAPTURE(part);
        const float y = screen.top(std::string("transformer.encoder.0.") + part);
        CHECK(y > above);
        above = y;
    }
    CHECK(screen.drawn("transformer.layer.residual:transformer.encoder.0.norm1"));
    screen.put("transformer.norm", "\"pre\"");
    CHECK(screen.top("transformer.encoder.0.norm1") < screen.top("transformer.encoder.0.q"));
    CHECK(screen.top("transformer.encoder.0.norm2") > screen.top("transformer.encoder.0.add1"));
    CHECK(screen.drawn("transformer.layer.residual:transformer.encoder.0.add1"));
    CHECK(screen.drawn("transformer.encoder.norm"));
}

TEST_CASE("a cell under the pointer is the element that the inspector spells out") {
    LayerScreen screen;
    screen.put("transformer.token", "4");
    const Rect strip = screen.rect("transformer.encoder.0.out");
    screen.click({strip.x + strip.w * 5.5f / 16, strip.y + strip.h / 2});
    const auto pinned = screen.json(screen.api->inspected());
    CHECK(pinned["name"] == "transformer.encoder.0.out");
    CHECK(pinned["index"] == nlohmann::json({3, 5}));
    CHECK(same_bits(pinned["value"].get<float>(), screen.tensor("encoder.0.out").data()[3 * 16 + 5]));
    // The same cell of a tensor of heads: the second head begins in the middle.
    const Rect q = screen.rect("transformer.encoder.0.q");
    screen.click({q.x + q.w * 17.5f / 32, q.y + q.h / 2});
    const auto other = screen.json(screen.api->inspected());
    CHECK(other["name"] == "transformer.encoder.0.q");
    CHECK(other["index"] == nlohmann::json({1, 3, 1}));
}

TEST_CASE("another token is followed by a click on it") {
    LayerScreen screen;
    CHECK(screen.room().bench.token() == 9);
    screen.click(screen.middle("transformer.layer.chips:2"));
    CHECK(screen.room().bench.settings.token == 3);
    CHECK(screen.room().bench.token() == 2);
    screen.put("transformer.layers", "3");
    screen.click(screen.middle("transformer.layer.at:encoder:1"));
    CHECK(screen.room().bench.layer() == 1);
    CHECK(screen.drawn("transformer.encoder.1.norm2"));
    CHECK(screen.drawn("transformer.encoder.0.norm2"));  // where the layer's x comes from
    CHECK(screen.drawn("transformer.layer.stream:transformer.encoder.2.norm1"));
}

TEST_CASE("every product is played to the tensor's own element") {
    LayerScreen screen;
    for (const char* task : {"layer", "generate"}) {
        screen.put("transformer.task", std::string("\"") + task + "\"");
        for (const char* product : {"q", "k", "v", "out", "hidden", "ff_out"}) {
            CAPTURE(product);
            screen.put("transformer.product", std::string("\"") + product + "\"");
            const std::string node = screen.view().product_node();
            REQUIRE(!node.empty());
            CHECK(screen.drawn("transformer.product.output"));
            const TokenVectors all = token_vectors(screen.graph().find(node).tensor());
            const int64_t token = screen.room().bench.token();
            for (int64_t element : {int64_t{0}, all.width / 2 + 1, all.width - 1}) {
                const ProductSum sum(screen.graph(), node, all.flat(token, element));
                CHECK(sum.count() == sum.products + 1);  // and the bias
                const float end = all.row(token)[static_cast<size_t>(element)];
                CHECK(same_bits(sum.partial(sum.count()), end));
                CHECK(same_bits(sum.added(sum.count()), end));  // the engine adds in the same order
                CHECK(sum.partial(0) == 0);
                CHECK(sum.partial(1) == sum.terms[0].value * sum.terms[0].factor);
            }
        }
    }
    CHECK_THROWS_AS(ProductSum(screen.graph(), "transformer.decoder.0.norm1", 0), ValueError);
}

TEST_CASE("the player steps term by term, goes on with the next number, and can be skipped") {
    LayerScreen screen;
    screen.api->step(3);
    CHECK(!screen.room().stepped);  // no product is open: the step is the room's
    screen.click(screen.middle("transformer.product:ff_out"));
    CHECK(screen.view().product_node() == "transformer.encoder.0.ff.out");
    const SumPlayer& player = screen.view().player();
    screen.api->step(3);
    screen.settle();
    CHECK(screen.room().stepped);
    CHECK(player.reached() == 3);
    const ProductSum sum = *screen.view().product();
    CHECK(sum.count() == 65);
    CHECK(same_bits(sum.partial(3), sum.terms[0].value * sum.terms[0].factor + sum.terms[1].value * sum.terms[1].factor +
                                        sum.terms[2].value * sum.terms[2].factor));
    screen.click(screen.middle("transformer.product.forward"));
    CHECK(player.reached() == 4);
    screen.click(screen.middle("transformer.product.back"));
    CHECK(player.reached() == 3);
    screen.click(screen.middle("transformer.product.skip"));
    CHECK(player.complete());
    CHECK(same_bits(screen.view().product()->partial(player.reached()), screen.tensor("encoder.0.ff.out").data()[9 * 16]));
    screen.click(screen.middle("transformer.product.more"));
    CHECK(player.element() == 1);
    CHECK(player.reached() == 0);
    const Rect output = screen.rect("transformer.product.output");
    screen.click({output.x + output.w * 7.5f / 16, output.y + output.h / 2});
    CHECK(player.element() == 7);
    screen.api->step(66);  // its 65 terms, and on to the next number
    CHECK(player.element() == 8);
    CHECK(player.reached() == 0);
    screen.api->step(-1);
    CHECK(player.element() == 7);
    CHECK(player.complete());
    const Rect matrix = screen.rect("transformer.encoder.0.ff.out.weight");
    screen.click({matrix.x + matrix.w / 2, matrix.y + matrix.h * 2.5f / 16});
    CHECK(player.element() == 2);
    screen.click(screen.middle("transformer.product:none"));
    CHECK(screen.view().product_node().empty());
    CHECK(!screen.drawn("transformer.product.output"));
}

TEST_CASE("a product that the layer has not is none; a row's label opens its own") {
    LayerScreen screen;
    screen.put("transformer.product", "\"cross_q\"");
    CHECK(screen.view().product_node().empty());
    CHECK(!screen.view().product());
    CHECK(!screen.drawn("transformer.product:cross_q"));
    screen.click(screen.middle("transformer.layer.label:transformer.encoder.0.v"));
    CHECK(screen.view().product_node() == "transformer.encoder.0.v");
    screen.click(screen.middle("transformer.product.play"));
    CHECK(screen.view().player().playing());
    CHECK(screen.view().player().reached() > 0);
}

TEST_CASE("it plays at its speed and stops at the end") {
    SumPlayer player;
    player.resize(2, 17);
    player.play(true, 10);
    int64_t frames = 0;
    double now = 10;
    for (; player.playing() && frames < 100000; ++frames, now += 0.01) player.advance(now, 4);
    CHECK(player.element() == 1);
    CHECK(player.complete());
    CHECK(now - 10 == doctest::Approx(34 / (4 * 17.0 / 16) + SumPlayer::rest_seconds + 0.25).epsilon(0.1));
    player.resize(1, 5);
    CHECK(player.element() == 0);
    CHECK(player.complete());
    player.play(true, now);  // from the end: again
    CHECK(player.reached() == 0);
}

TEST_CASE("all tokens at once: maps whose rows are the tokens") {
    LayerScreen screen;
    screen.click(screen.middle("transformer.layer.tokens:all"));
    REQUIRE(screen.view().all_tokens());
    const Rect map = screen.rect("transformer.encoder.0.norm1");
    screen.click({map.x + map.w * 2.5f / 16, map.y + map.h * 6.5f / 10});
    const auto pinned = screen.json(screen.api->inspected());
    CHECK(pinned["name"] == "transformer.encoder.0.norm1");
    CHECK(pinned["index"] == nlohmann::json({6, 2}));
    CHECK(screen.room().bench.token() == 6);  // and it is followed
    const Rect hidden = screen.rect("transformer.layer.ff_map");
    screen.move({hidden.x + hidden.w * 40.5f / 64, hidden.y + hidden.h * 1.5f / 10});
    screen.api->inspect("", "");
    screen.settle();
    const auto hovered = screen.json(screen.api->inspected());
    CHECK(hovered["name"] == "transformer.encoder.0.ff.hidden");
    CHECK(hovered["index"] == nlohmann::json({1, 40}));
}

TEST_CASE("gradients stand in the place of the values where there are some") {
    LayerScreen screen;
    screen.put("transformer.task", "\"generate\"");
    screen.api->text("the sea");
    screen.settle();
    screen.put("transformer.show", "\"gradients\"");
    const Rect strip = screen.rect("transformer.decoder.0.add1");
    screen.click({strip.x + strip.w * 0.5f / 48, strip.y + strip.h / 4});
    const auto pinned = screen.json(screen.api->inspected());
    CHECK(pinned["name"] == "grad:transformer.decoder.0.add1");
    const Node& node = screen.graph().node(screen.graph().find("transformer.decoder.0.add1").node);
    REQUIRE(!node.gradient.empty());
    CHECK(same_bits(pinned["value"].get<float>(), node.gradient.data()[screen.room().bench.token() * 48]));
}

TEST_CASE("the position in a product is kept; what makes no sense is refused") {
    LayerScreen screen;
    screen.put("transformer.product", "\"out\"");
    screen.click(screen.middle("transformer.product.more"));
    screen.api->step(5);
    const std::string saved = screen.api->state();
    screen.api->step(9);
    screen.api->restore(saved);
    screen.settle();
    CHECK(screen.view().player().element() == 1);
    CHECK(screen.view().player().reached() == 5);
    CHECK_THROWS_AS(screen.view().restore({{"element", -1}, {"reached", 0}}), FormatError);
    CHECK_THROWS_AS(screen.view().restore(nlohmann::json::array()), FormatError);
}

TEST_CASE("everything stands inside the screen, wide and narrow, in both languages") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), {390.0f, 844.0f}})
        for (const char* language : {"en", "zh"})
            for (const char* task : {"layer", "generate"})
                for (const char* tokens : {"one", "all"}) {
                    CAPTURE(task);
                    CAPTURE(language);
                    LayerScreen screen(width, height);
                    screen.api->set_language(language);
                    screen.put("transformer.task", std::string("\"") + task + "\"");
                    screen.put("transformer.product", "\"hidden\"");
                    screen.put("transformer.layer_tokens", std::string("\"") + tokens + "\"");
                    int found = 0;
                    for (const NamedRect& each : screen.app->rects()) {
                        if (!each.name.starts_with("transformer.")) continue;
                        ++found;
                        CHECK_MESSAGE(each.rect.x >= 0, each.name << " at " << width);
                        CHECK_MESSAGE(each.rect.right() <= width + 0.5f, each.name << " at " << width);
                        CHECK_MESSAGE(each.rect.w > 1, each.name << " at " << width);
                        CHECK_MESSAGE(each.rect.h > 0.9f, each.name << " at " << width);
                        // What a row is called and its number, whole and not over each other.
                        const std::string words = "transformer.layer.words:";
                        if (width > 400 || !each.name.starts_with(words)) continue;
                        const std::string number = "transformer.layer.statistic:" + each.name.substr(words.size());
                        if (screen.drawn(number)) CHECK_MESSAGE(each.rect.right() < screen.rect(number).x, number);
                    }
                    CHECK(found > 60);
                    screen.api->set_language("en");
                }
    LayerScreen screen(390, 844);
    screen.put("transformer.length", "256");
    screen.put("transformer.layer_tokens", "\"all\"");
    CHECK(screen.rect("transformer.encoder.0.weights").right() <= 390);
    CHECK(screen.textures < 12);  // only what is in sight
}

TEST_CASE("nothing computed is nothing to follow") {
    LayerScreen screen;
    screen.put("transformer.task", "\"sequences\"");
    screen.api->text("");
    screen.settle();
    if (!screen.room().bench.graph()) CHECK(screen.drawn("transformer.layer.empty"));
    screen.put("transformer.task", "\"layer\"");
    CHECK(!screen.drawn("transformer.layer.empty"));
}

}  // namespace trilens

// The stages of a layer as they are read off a graph: which nodes in which order, and which numbers of them are a token's.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "demos/transformer/layer_stages.h"
#include "engine/errors.h"

using namespace trilens;

namespace {

using Where = TransformerLook::Where;

bool same_bits(float a, float b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// An encoder-decoder of a few numbers, as the shipped one is built.
struct TinyTranslator {
    TransformerPlan plan;
    std::unique_ptr<Transformer> model;
    Graph graph{"transformer."};

    explicit TinyTranslator(TransformerLayerSettings::Norm norm) {
        plan.kind = TransformerPlan::Kind::encoder_decoder;
        plan.vocabulary = 7;
        plan.layer = {8, 2, 4, 12};
        plan.layer.norm = norm;
        plan.layers = 2;
        Random random(3);
        model = std::make_unique<Transformer>(plan, random);
        Tensor source(Shape{4}), target(Shape{3});
        for (int i = 0; i < 4; ++i) source.data()[i] = static_cast<float>(i + 1);
        for (int i = 0; i < 3; ++i) target.data()[i] = static_cast<float>(i + 2);
        model->forward(graph, source, target);
    }
    std::string order(Where where, int64_t layer) const {
        const LayerStages stages(graph, where, layer);
        std::string text;
        for (const StageBlock& block : stages.blocks) {
            for (const StageRow& row : block.rows) text += row.node.substr(std::string("transformer.").size()) + " ";
            text += "| ";
        }
        return text;
    }
};

}  // namespace

TEST_CASE("a post-norm decoder's layer goes through its sub-layers with the norm after each sum") {
    const TinyTranslator tiny(TransformerLayerSettings::Norm::post);
    CHECK(tiny.order(Where::encoder, 0) ==
          "encoder.embedding encoder.positions encoder.input | "
          "encoder.0.q encoder.0.k encoder.0.v encoder.0.weights encoder.0.heads encoder.0.out encoder.0.add1 encoder.0.norm1 | "
          "encoder.0.ff.sum encoder.0.ff.hidden encoder.0.ff.out encoder.0.add2 encoder.0.norm2 | ");
    CHECK(tiny.order(Where::cross, 1) ==
          "decoder.0.norm3 | "
          "decoder.1.q decoder.1.k decoder.1.v decoder.1.weights decoder.1.heads decoder.1.out decoder.1.add1 decoder.1.norm1 | "
          "decoder.1.cross.q decoder.1.cross.weights decoder.1.cross.heads decoder.1.cross.out decoder.1.add2 decoder.1.norm2 | "
          "decoder.1.ff.sum decoder.1.ff.hidden decoder.1.ff.out decoder.1.add3 decoder.1.norm3 | ");
    CHECK(!LayerStages(tiny.graph, Where::decoder, 1).pre);
    CHECK_THROWS_AS(LayerStages(tiny.graph, Where::encoder, 2), ValueError);
}

TEST_CASE("a pre-norm layer has its norms first, and the stack one at its end") {
    const TinyTranslator tiny(TransformerLayerSettings::Norm::pre);
    CHECK(tiny.order(Where::encoder, 1) ==
          "encoder.0.add2 | "
          "encoder.1.norm1 encoder.1.q encoder.1.k encoder.1.v encoder.1.weights encoder.1.heads encoder.1.out encoder.1.add1 | "
          "encoder.1.norm2 encoder.1.ff.sum encoder.1.ff.hidden encoder.1.ff.out encoder.1.add2 | encoder.norm | ");
    CHECK(LayerStages(tiny.graph, Where::encoder, 0).blocks.back().kind == StageBlock::Kind::feed_forward);
    const std::vector<std::string> stream = residual_stream(tiny.graph, Where::encoder, 2);
    CHECK(stream == std::vector<std::string>{"transformer.encoder.input", "transformer.encoder.0.add1", "transformer.encoder.0.add2",
                                             "transformer.encoder.1.add1", "transformer.encoder.1.add2", "transformer.encoder.norm"});
}

// Each sum is the graph's: what is drawn around the sub-layer is what was added.
TEST_CASE("the residual connection adds what its arrow begins at") {
    for (const auto norm : {TransformerLayerSettings::Norm::post, TransformerLayerSettings::Norm::pre}) {
        const TinyTranslator tiny(norm);
        const auto& graph = tiny.graph;
        for (const Where where : {Where::encoder, Where::decoder})
            for (int64_t layer = 0; layer < 2; ++layer)
                for (const StageBlock& block : LayerStages(graph, where, layer).blocks) {
                    if (block.residual.empty()) continue;
                    const auto at = std::ranges::find(block.rows, StageRow::Kind::add, &StageRow::kind);
                    REQUIRE(at != block.rows.end());
                    const Tensor &sum = graph.find(at->node).tensor(), &in = graph.find(block.residual).tensor(),
                                 &out = graph.find((at - 1)->node).tensor();
                    for (int64_t i = 0; i < sum.elements(); ++i) CHECK(same_bits(sum.data()[i], in.data()[i] + out.data()[i]));
                }
    }
}

TEST_CASE("heads stand beside each other in a token's vector; one head's weights are its own row") {
    const TinyTranslator tiny(TransformerLayerSettings::Norm::post);
    const TokenVectors q = vectors_of(tiny.graph, {StageRow::Kind::q, "transformer.encoder.0.q"}, false, 0, 4);
    CHECK(q.width == 8);
    CHECK(q.size == 4);
    const Tensor& tensor = tiny.graph.find("transformer.encoder.0.q").tensor();
    REQUIRE(tensor.shape() == Shape{2, 4, 4});
    CHECK(same_bits(q.row(2)[5], tensor.data()[(1 * 4 + 2) * 4 + 1]));
    const TokenVectors weights = vectors_of(tiny.graph, {StageRow::Kind::weights, "transformer.decoder.0.cross.weights"}, false, 1, 3);
    const std::vector<float> row = weights.row(2);
    REQUIRE(row.size() == 4);
    const Tensor& maps = tiny.graph.find("transformer.decoder.0.cross.weights").tensor();
    for (size_t key = 0; key < 4; ++key) CHECK(same_bits(row[key], maps.data()[(1 * 3 + 2) * 4 + static_cast<int64_t>(key)]));
}

TEST_CASE("a class token has no embedding of a patch") {
    Graph graph("transformer.");
    TransformerPlan plan;
    plan.features = 3;
    plan.layer = {8, 2, 4, 12};
    plan.layers = 1;
    plan.head = TransformerPlan::Head::class_token;
    plan.outputs = 2;
    Random random(1);
    Transformer model(plan, random);
    model.forward(graph, Tensor::full(Shape{5, 3}, 0.5f));
    const TokenVectors embedding = vectors_of(graph, {StageRow::Kind::embedding, "transformer.encoder.embedding"}, false, 0, 6);
    CHECK(!embedding.has(0));
    CHECK(embedding.has(1));
    CHECK(same_bits(embedding.row(5)[0], graph.find("transformer.encoder.embedding").tensor().data()[4 * 8]));
}

TEST_CASE("norms and what is added have scales of their own where the stream outgrows them, and are the stream's otherwise") {
    using Kind = StageRow::Kind;
    for (const Kind kind : {Kind::input, Kind::add, Kind::norm, Kind::out, Kind::ff_out})
        CHECK(scale_of(kind, false) == StageScale::stream);
    CHECK(scale_of(Kind::norm, true) == StageScale::norm);
    for (const Kind kind : {Kind::out, Kind::ff_out}) CHECK(scale_of(kind, true) == StageScale::added);
    for (const Kind kind : {Kind::input, Kind::add}) CHECK(scale_of(kind, true) == StageScale::stream);
}

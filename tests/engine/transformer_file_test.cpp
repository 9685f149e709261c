// A Transformer in one file: there and back, and what is refused.
#include "engine/models/transformer_file.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/errors.h"
#include "engine/io/half.h"
#include "engine/io/safetensors.h"

using namespace trilens;

namespace {

using Kind = TransformerPlan::Kind;

TransformerPlan small_plan(Kind kind = Kind::encoder_decoder) {
    TransformerPlan plan;
    plan.kind = kind;
    plan.vocabulary = 4;
    if (kind == Kind::encoder_decoder) plan.target_vocabulary = 3;
    plan.layer = {6, 2, 4, 10};
    plan.layer.norm = TransformerLayerSettings::Norm::pre;
    plan.layer.dropout = 0.1f;
    plan.positions = Positions::learned;
    plan.max_length = 5;
    return plan;
}
const Vocabulary words({"good", "bad", "\n"}), characters({"a", "\\"}), none;

std::vector<uint8_t> small_file() {
    Random random(3);
    Transformer model(small_plan(), random);
    return write_transformer_file(model, words, characters, {{"command", "train nothing"}});
}

// What the reader says about the file after `change`.
std::string refusal(const std::function<void(WeightFile&)>& change) {
    WeightFile file = read_safetensors(small_file());
    change(file);
    try {
        read_transformer_file(write_safetensors(file));
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}
bool says(const std::string& message, const char* part) { return message.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a Transformer, both its vocabularies and its metadata come back from one file; weights are rounded to float16 only once") {
    Random random(3);
    Transformer model(small_plan(), random);
    const TransformerFile read = read_transformer_file(small_file());
    CHECK(read.model->plan() == small_plan());
    CHECK(read.metadata.at("command") == "train nothing");
    CHECK(read.vocabulary.text() == words.text());
    CHECK(read.target_vocabulary.text() == characters.text());
    const auto before = model.parameters(), after = read.model->parameters();
    REQUIRE(before.size() == after.size());
    bool rounded = false;
    for (size_t p = 0; p < before.size(); ++p) {
        REQUIRE(before[p]->name == after[p]->name);
        for (int64_t i = 0; i < before[p]->value.elements(); ++i) {
            const float was = before[p]->value.data()[i], is = after[p]->value.data()[i];
            REQUIRE(is == from_float16(to_float16(was)));
            rounded |= is != was;
        }
    }
    CHECK(rounded);
    CHECK(write_transformer_file(*read.model, read.vocabulary, read.target_vocabulary, {{"command", "train nothing"}}) == small_file());
}

TEST_CASE("an encoder of vectors has no vocabulary, a decoder one, and both come back") {
    TransformerPlan pictures = small_plan(Kind::encoder);
    pictures.vocabulary = 0;
    pictures.features = 7;
    pictures.head = TransformerPlan::Head::class_token;
    pictures.outputs = 10;
    Random random(1);
    Transformer vision(pictures, random);
    const TransformerFile seen = read_transformer_file(write_transformer_file(vision, none, none, {}));
    CHECK(seen.model->plan() == pictures);
    CHECK(seen.vocabulary.size() == 1);

    TransformerPlan writer = small_plan(Kind::decoder);
    writer.tied = true;
    Transformer language(writer, random);
    const TransformerFile written = read_transformer_file(write_transformer_file(language, words, none, {}));
    CHECK(written.model->plan() == writer);
    CHECK(written.vocabulary.text() == words.text());
    CHECK_THROWS_AS(write_transformer_file(language, characters, none, {}), ValueError);
    CHECK_THROWS_AS(write_transformer_file(language, words, characters, {}), ValueError);
}

TEST_CASE("a Transformer's plan goes through its line of text and back, with every choice") {
    TransformerPlan plan;
    plan.kind = Kind::decoder;
    plan.vocabulary = 11;
    plan.target_vocabulary = 12;
    plan.features = 13;
    plan.layer = {24, 3, 7, 48};
    plan.layer.activation = TransformerLayerSettings::Activation::gelu;
    plan.layer.dropout = 0.15f;
    plan.layer.norm_epsilon = 1e-12f;
    plan.layers = 4;
    plan.max_length = 99;
    plan.outputs = 5;
    plan.scale_embedding = false;
    plan.tied = true;
    for (const Positions positions : {Positions::none, Positions::sinusoidal, Positions::learned, Positions::rotary}) {
        plan.positions = positions;
        for (const auto head : {TransformerPlan::Head::none, TransformerPlan::Head::every, TransformerPlan::Head::class_token}) {
            plan.head = head;
            CHECK(transformer_plan_from_text(plan_text(plan)) == plan);
        }
    }
    CHECK(transformer_plan_from_text(plan_text(small_plan())) == small_plan());
    for (const char* text : {"kind=lstm", "d_model=-3", "d_model=", "d_model=12a", "layers=99999999999", "dropout=x",
                             "dropout=", "dropout=0.1x", "norm=batch", "positions=far", "colour=red"})
        CHECK_THROWS_AS(transformer_plan_from_text(text), FormatError);
}

TEST_CASE("what is no Transformer's file is refused with what is wrong") {
    CHECK(refusal([](WeightFile&) {}) == "accepted");
    CHECK(says(refusal([](WeightFile& file) { file.metadata.erase("plan"); }), "no \"plan\""));
    CHECK(says(refusal([](WeightFile& file) { file.metadata.erase("vocabulary"); }), "no \"vocabulary\""));
    CHECK(says(refusal([](WeightFile& file) { file.metadata.erase("target_vocabulary"); }), "no \"target_vocabulary\""));
    CHECK(says(refusal([](WeightFile& file) { file.metadata["vocabulary"] = "good"; }), "a vocabulary of 2 tokens"));
    CHECK(says(refusal([](WeightFile& file) { file.metadata["target_vocabulary"] = "a"; }), "a target_vocabulary of 2 tokens"));
    CHECK(says(refusal([](WeightFile& file) { file.tensors.erase("decoder.1.cross.k.bias"); }), "decoder.1.cross.k.bias"));
    CHECK(says(refusal([](WeightFile& file) { file.tensors["decoder.1.q.weight"] = Tensor(Shape{2, 9}); }), "[2, 9]"));
    CHECK_THROWS_AS(read_transformer_file({}), FormatError);
    std::vector<uint8_t> cut = small_file();
    cut.resize(cut.size() - 2);
    CHECK_THROWS_AS(read_transformer_file(cut), FormatError);
}

TEST_CASE("a Transformer's plan far larger than the file that claims it is refused before memory is asked for") {
    const auto with = [](const std::string& name, const char* value) {
        return refusal([&](WeightFile& file) { file.metadata["plan"] += " " + name + "=" + value; });
    };
    CHECK(says(with("d_model", "100000"), "d_model"));
    CHECK(says(with("num_heads", "100000"), "num_heads"));
    CHECK(says(with("d_ff", "100000"), "d_ff"));
    CHECK(says(with("max_length", "100000"), "max_length"));
    CHECK(says(with("layers", "100000"), "layers"));
    CHECK(says(with("outputs", "100000"), "outputs"));
    CHECK(says(with("dropout", "2"), "dropout"));
}

// A sequence model in one file: there and back, and what is refused.
#include "engine/models/sequence_file.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/errors.h"
#include "engine/io/half.h"
#include "engine/io/safetensors.h"

using namespace trilens;

namespace {

SequencePlan small_plan() {
    SequencePlan plan;
    plan.vocabulary = 4;
    plan.embedding = 3;
    plan.cell = Cell::gru;
    plan.hidden_size = 5;
    plan.layers = 2;
    plan.bidirectional = true;
    return plan;
}
const Vocabulary words({"good", "bad", "\n"});

std::vector<uint8_t> small_file() {
    Random random(3);
    SequenceModel model(small_plan(), random);
    return write_sequence_file(model, words, {{"command", "train nothing"}});
}

// What the reader says about the file after `change`.
std::string refusal(const std::function<void(WeightFile&)>& change) {
    WeightFile file = read_safetensors(small_file());
    change(file);
    try {
        read_sequence_file(write_safetensors(file));
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}
bool says(const std::string& message, const char* part) { return message.find(part) != std::string::npos; }

}  // namespace

TEST_CASE(
    "a model, its vocabulary and its metadata come back from one file; weights are rounded to float16, and no further the second time") {
    Random random(3);
    SequenceModel model(small_plan(), random);
    const SequenceFile read = read_sequence_file(write_sequence_file(model, words, {{"command", "train nothing"}}));
    CHECK(read.model->plan() == small_plan());
    CHECK(read.metadata.at("command") == "train nothing");
    REQUIRE(read.vocabulary.size() == 4);
    for (int32_t i = 0; i < 4; ++i) CHECK(read.vocabulary.token(i) == words.token(i));
    const auto before = model.parameters(), after = read.model->parameters();
    REQUIRE(before.size() == after.size());
    bool rounded = false;
    for (size_t p = 0; p < before.size(); ++p) {
        REQUIRE(before[p]->name == after[p]->name);
        for (int64_t i = 0; i < before[p]->value.elements(); ++i) {
            const float was = before[p]->value.data()[i], is = after[p]->value.data()[i];
            REQUIRE(is == from_float16(to_float16(was)));
            REQUIRE(is == doctest::Approx(was).epsilon(0x1p-11));
            rounded |= is != was;
        }
    }
    CHECK(rounded);
    CHECK(write_sequence_file(*read.model, read.vocabulary, {{"command", "train nothing"}}) == small_file());
}

TEST_CASE("a plan goes through its line of text and back, with every cell") {
    for (const Cell cell : {Cell::rnn_tanh, Cell::rnn_relu, Cell::gru, Cell::gru_reset_before, Cell::lstm}) {
        SequencePlan plan;
        plan.cell = cell;
        plan.features = 2;
        plan.hidden_size = 7;
        plan.head = SequencePlan::Head::every;
        plan.regression = true;
        plan.outputs = 1;
        CHECK(plan_from_text(plan_text(plan)) == plan);
    }
    CHECK(plan_from_text(plan_text(small_plan())) == small_plan());
    for (const char* text :
         {"cell=transformer", "hidden_size=-3", "hidden_size=", "hidden_size=12a", "hidden_size", "layers=99999999999", "colour=red"})
        CHECK_THROWS_AS(plan_from_text(text), FormatError);
}

TEST_CASE("what is no sequence file is refused with what is wrong") {
    CHECK(refusal([](WeightFile&) {}) == "accepted");
    CHECK(says(refusal([](WeightFile& file) { file.metadata.erase("plan"); }), "no \"plan\""));
    CHECK(says(refusal([](WeightFile& file) { file.metadata.erase("vocabulary"); }), "no \"vocabulary\""));
    CHECK(says(refusal([](WeightFile& file) { file.metadata["vocabulary"] = "good"; }), "a vocabulary of 2 tokens"));
    CHECK(says(refusal([](WeightFile& file) { file.metadata["vocabulary"] = "good\ngood\nbad"; }), "twice"));
    CHECK(says(refusal([](WeightFile& file) { file.tensors.erase("b_o"); }), "b_o"));
    CHECK(says(refusal([](WeightFile& file) { file.tensors["W_ho"] = Tensor(Shape{2, 9}); }), "[2, 9]"));
    CHECK_THROWS_AS(read_sequence_file({}), FormatError);
    std::vector<uint8_t> cut = small_file();
    cut.resize(cut.size() - 2);
    CHECK_THROWS_AS(read_sequence_file(cut), FormatError);
}

TEST_CASE("a plan far larger than the file that claims it is refused before memory is asked for") {
    const auto with = [](const char* plan) { return refusal([&](WeightFile& file) { file.metadata["plan"] = plan; }); };
    CHECK(says(with("cell=gru vocabulary=4 embedding=3 hidden_size=100000 layers=2 bidirectional=1"), "hidden_size"));
    CHECK(says(with("cell=gru vocabulary=4 embedding=100000 hidden_size=100000 layers=2 bidirectional=1"), "embedding"));
    CHECK(says(with("cell=gru vocabulary=4 embedding=3 hidden_size=5 layers=100000 bidirectional=1"), "layers"));
    CHECK(says(with("cell=gru vocabulary=4 embedding=3 hidden_size=5 layers=2 bidirectional=1 outputs=100000"), "outputs"));
}

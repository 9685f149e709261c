// What the Transformer room computes: curriculum TA, writing step by step, heads switched off, masks that let nothing through.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "engine/errors.h"
#include "tests/demos/transformer_room.h"

using namespace trilens;

TEST_CASE("one layer is curriculum TA: ten random vectors of 16, two heads, 64 hidden units, rows of attention that sum to 1") {
    TransformerScreen screen("layer");
    const Tensor input = screen.tensor("encoder.input");
    CHECK(input.shape() == Shape{10, 16});
    std::set<float> different;
    double sum = 0;
    for (const float value : input.values()) {
        CHECK(value >= 0);
        CHECK(value < 1);
        different.insert(value);
        sum += static_cast<double>(value);
    }
    CHECK(different.size() > 150);
    CHECK(sum / 160 == doctest::Approx(0.5).epsilon(0.2));
    const Tensor weights = screen.tensor("encoder.0.weights");
    REQUIRE(weights.shape() == Shape{2, 10, 10});
    for (int64_t query = 0; query < 20; ++query) {
        double total = 0;
        for (const float weight : row_of(weights, query)) {
            CHECK(weight >= 0);
            total += static_cast<double>(weight);
        }
        CHECK(std::abs(total - 1) < 1e-6);
    }
    for (const char* name : {"encoder.0.q", "encoder.0.k", "encoder.0.v"}) CHECK(screen.tensor(name).shape() == Shape{2, 10, 16});
    CHECK(screen.tensor("encoder.0.ff.hidden").shape() == Shape{10, 64});
    const Tensor output = screen.tensor("encoder.0.norm2");
    CHECK(output.shape() == Shape{10, 16});
    CHECK_THROWS_AS(screen.api->tensor("transformer.probabilities"), Error);

    // Keras' epsilon, 1e-6: each row's variance is v / (v + epsilon), v that of the sum before it.
    const Tensor before = screen.tensor("encoder.0.add2");
    for (int64_t i = 0; i < 10; ++i) {
        double mean = 0, variance = 0, most = 0;
        for (const float value : row_of(before, i)) mean += static_cast<double>(value) / 16;
        for (const float value : row_of(before, i))
            variance += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean) / 16;
        for (size_t at = 0; at < 16; ++at) {
            const double wanted = (static_cast<double>(row_of(before, i)[at]) - mean) / std::sqrt(variance + 1e-6);
            most = std::max(most, std::abs(wanted - static_cast<double>(row_of(output, i)[at])));
        }
        CHECK(most < 2e-6);
    }
    CHECK(Bench("layer").plan().layer.norm_epsilon == 1e-6f);
    CHECK_THROWS_AS(screen.api->step(1), ValueError);
    CHECK_THROWS_AS(screen.api->train("true"), ValueError);
    CHECK_THROWS_AS(screen.api->clear(), ValueError);
}

TEST_CASE("length, heads and seed of the one layer are the learner's") {
    TransformerScreen screen("layer");
    const uint64_t before = checksum(screen.tensor("encoder.input"));
    screen.put("transformer.length", "256");
    screen.put("transformer.num_heads", "4");
    CHECK(screen.tensor("encoder.0.weights").shape() == Shape{4, 256, 256});
    screen.put("transformer.length", "1");
    CHECK(screen.tensor("encoder.0.weights").shape() == Shape{4, 1, 1});
    CHECK(screen.tensor("encoder.0.weights").data()[0] == 1);
    screen.put("transformer.length", "10");
    CHECK(checksum(screen.tensor("encoder.input")) == before);
    screen.put("transformer.seed", "2");
    CHECK(checksum(screen.tensor("encoder.input")) != before);
}

TEST_CASE("a sentence is translated, and token by token it comes to the same") {
    Bench bench("translate", "I love you.");
    CHECK(bench.written_text() == "我爱你。");
    CHECK(bench.written().finished);
    const std::vector<int32_t> whole = bench.written().tokens;
    REQUIRE(whole.size() == 5);
    for (int n = 1; n <= 7; ++n) {
        bench.settings.step = n;
        bench.compute();
        const auto count = std::min<size_t>(static_cast<size_t>(n), whole.size());
        CHECK(std::ranges::equal(bench.written().tokens, std::span(whole).first(count)));
        CHECK(bench.written().finished == (count == whole.size()));
        CHECK(bench.target().size() == static_cast<int64_t>(1 + std::min<size_t>(count, 4)));
    }
    bench.settings.step = 0;
    bench.compute();
    CHECK(bench.written().tokens == whole);
}

TEST_CASE("steps of the room write a token more or fewer, and none beyond the end is to be undone first") {
    TransformerScreen screen("translate");
    screen.type("I love you.");
    CHECK(screen.tensor("logits").extent(0) == 5);
    screen.api->step(-4);
    CHECK(screen.tensor("logits").extent(0) == 2);
    screen.api->step(1);
    CHECK(screen.tensor("logits").extent(0) == 3);
    screen.api->step(-100);
    CHECK(screen.api->get("transformer.step") == "1");
    screen.api->step(100);
    CHECK(screen.tensor("logits").extent(0) == 5);
    screen.api->step(-2);
    CHECK(screen.tensor("logits").extent(0) == 4);
}

TEST_CASE("what is written is what the uncached network would write: its largest logit at every step, bit for bit") {
    for (const auto& [task, text] : {std::pair("translate", "Where is the station?"), {"sequences", "3 1 4 1 5"}, {"generate", "the "}}) {
        CAPTURE(task);
        Bench bench(task, text);
        bench.settings.decoding = TransformerSettings::Decoding::greedy;
        bench.settings.step = 12;
        bench.compute();
        REQUIRE(bench.graph());
        const Tensor logits = bench.graph()->find("transformer.logits").tensor();
        const std::vector<int32_t>& written = bench.written().tokens;
        REQUIRE(!written.empty());
        const std::vector<int32_t> read = bench.target().numbers;
        for (size_t i = 0; i < written.size(); ++i)
            CHECK(written[i] == greedy_token(row_of(logits, bench.given() - 1 + static_cast<int64_t>(i))));

        const auto model = bench.model();
        Tensor source(Shape{std::max<int64_t>(bench.source().size(), 1)});
        std::ranges::transform(bench.source().numbers, source.data(), [](int32_t number) { return static_cast<float>(number); });
        Decoder decoder = task == std::string("translate") ? Decoder(*model, source, bench.look()) : Decoder(*model, bench.look());
        Tensor scores = decoder.append(std::span(read).first(static_cast<size_t>(bench.given())));
        CHECK(same_bits(scores.values(), row_of(logits, bench.given() - 1)));
        for (int64_t at = bench.given(); at < bench.target().size(); ++at) {
            scores = decoder.append(std::span(read).subspan(static_cast<size_t>(at), 1));
            CHECK(same_bits(scores.values(), row_of(logits, at)));
        }
    }
}

TEST_CASE("beam search keeps its texts the best first; one beam is greedy") {
    Bench bench("translate", "I do not know where he lives.");
    const std::string greedy = bench.written_text();
    CHECK(bench.beams().empty());
    bench.settings.decoding = TransformerSettings::Decoding::beam;
    bench.settings.beams = 1;
    bench.compute();
    CHECK(bench.written_text() == greedy);
    bench.settings.beams = 4;
    bench.compute();
    REQUIRE(bench.beams().size() == 4);
    for (size_t i = 0; i < 4; ++i) {
        const Hypothesis& each = bench.beams()[i];
        // Wu et al. 2016, equation 14, with alpha 0.6.
        const double penalty = std::pow((5.0 + static_cast<double>(each.tokens.size())) / 6.0, 0.6);
        CHECK(each.score == doctest::Approx(each.log_probability / penalty).epsilon(1e-6));
        if (i > 0) CHECK(each.score <= bench.beams()[i - 1].score);
    }
    CHECK(bench.written().tokens == bench.beams().front().tokens);
    CHECK(bench.written().log_probability <= 0);
}

TEST_CASE("the same draw gives the same text, another draw another, temperature 0 the greedy one") {
    Bench bench("generate", "the ");
    CHECK(bench.decoding() == TransformerSettings::Decoding::sample);
    const auto drawn = [&](int draw) {
        bench.settings.draw = draw;
        bench.compute();
        return bench.written_text();
    };
    const std::string first = drawn(1);
    CHECK(bench.written().tokens.size() == 64);
    CHECK(drawn(2) != first);
    CHECK(drawn(1) == first);
    bench.settings.temperature = 0;
    const std::string cold = drawn(1);
    CHECK(drawn(5) == cold);
    bench.settings.decoding = TransformerSettings::Decoding::greedy;
    CHECK(drawn(1) == cold);
}

TEST_CASE("a head that is off gives zeros, a uniform one looks at all keys alike, and both change what comes out until it is on again") {
    TransformerScreen screen("translate");
    screen.put("transformer.step", "1");
    const Tensor before = screen.tensor("probabilities");
    for (const auto& [field, prefix] : {std::pair("transformer.head.1.2", "encoder.1."),
                                        {"transformer.decoder_head.1.2", "decoder.1."},
                                        {"transformer.cross_head.1.2", "decoder.1.cross."}}) {
        CAPTURE(field);
        screen.choose(field, "off");
        const Tensor heads = screen.tensor((std::string(prefix) + "heads").c_str());
        const int64_t queries = heads.extent(1);
        for (int64_t query = 0; query < queries; ++query) {
            CHECK(std::ranges::all_of(row_of(heads, 2 * queries + query), [](float value) { return value == 0; }));
            CHECK(std::ranges::any_of(row_of(heads, queries + query), [](float value) { return value != 0; }));
        }
        CHECK(!same_bits(row_of(screen.tensor("probabilities"), 0), row_of(before, 0)));
        screen.choose(field, "uniform");
        const Tensor weights = screen.tensor((std::string(prefix) + "weights").c_str());
        const auto row = row_of(weights, 2 * queries);  // a decoder's first query has one key
        const float share = std::string_view(prefix) == "decoder.1." ? 1.0f : 1.0f / static_cast<float>(row.size());
        CHECK(row[0] == doctest::Approx(share).epsilon(1e-6));
        screen.choose(field, "on");
        CHECK(checksum(screen.tensor("probabilities")) == checksum(before));
    }
    screen.choose("transformer.head.5.7", "off");  // a head that it may not have is without effect
    CHECK(checksum(screen.tensor("probabilities")) == checksum(before));
}

TEST_CASE("without the division scores go into the softmax as they are, and the weights are others") {
    TransformerScreen screen("layer");
    const Tensor weights = screen.tensor("encoder.0.weights"), scores = screen.tensor("encoder.0.scores");
    const Tensor scaled = screen.tensor("encoder.0.scaled");
    for (size_t i = 0; i < 200; ++i) CHECK(scaled.values()[i] == scores.values()[i] / 4);  // sqrt(16)
    screen.put("transformer.scaled", "false");
    CHECK(checksum(screen.tensor("encoder.0.scores")) == checksum(scores));
    CHECK(same_bits(screen.tensor("encoder.0.scaled").values(), scores.values()));
    CHECK(checksum(screen.tensor("encoder.0.weights")) != checksum(weights));
    screen.api->undo();
    CHECK(checksum(screen.tensor("encoder.0.weights")) == checksum(weights));
}

TEST_CASE("no row looks ahead: another last character leaves every row before it as it was, bit for bit") {
    for (const auto& [task, first, second] :
         {std::tuple("sequences", "3 1 4 1 5", "3 1 4 1 9"), std::tuple("generate", "the sea", "the set")}) {
        CAPTURE(task);
        TransformerScreen screen(task);
        screen.put("transformer.step", "1");
        screen.type(first);
        const Tensor before = screen.tensor("logits"), weights = screen.tensor("decoder.0.weights");
        screen.type(second);
        const Tensor after = screen.tensor("logits");
        const int64_t changed = std::string_view(task) == "sequences" ? 4 : 6;
        for (int64_t i = 0; i < changed; ++i) CHECK(same_bits(row_of(after, i), row_of(before, i)));
        CHECK(!same_bits(row_of(after, changed), row_of(before, changed)));
        const int64_t rows = weights.extent(1), keys = weights.extent(2);
        for (int64_t query = 0; query < rows; ++query)
            for (int64_t key = query + 1; key < keys; ++key) CHECK(weights.data()[query * keys + key] == 0);
    }
}

TEST_CASE("one layer alone sends back the mean square of output - input, and the gradient reaches its attention weights") {
    for (const auto norm : {TransformerSettings::Norm::post, TransformerSettings::Norm::pre}) {
        Bench bench("layer");
        bench.settings.norm = norm;
        bench.compute();
        const Graph& graph = *bench.graph();
        const auto value = [&](const char* name) { return graph.find(std::string("transformer.encoder.") + name).tensor(); };
        const auto gradient = [&](const char* name) {
            return graph.node(graph.find(std::string("transformer.encoder.") + name).node).gradient;
        };
        const char* output = norm == TransformerSettings::Norm::post ? "0.norm2" : "norm";
        const Tensor y = value(output), x = value("vectors");
        double loss = 0;
        for (int64_t i = 0; i < x.elements(); ++i) {
            const double apart = static_cast<double>(y.data()[i]) - static_cast<double>(x.data()[i]);
            loss += apart * apart / static_cast<double>(x.elements());
            CHECK(static_cast<double>(gradient(output).data()[i]) ==
                  doctest::Approx(2 * apart / static_cast<double>(x.elements())).epsilon(1e-4));
        }
        CHECK(static_cast<double>(graph.find("transformer.loss").tensor().item()) == doctest::Approx(loss).epsilon(1e-5));
        // A head's output is its weights times v: so is the gradient of a weight the output's times v.
        const Tensor v = value("0.v"), to_heads = gradient("0.heads"), to_weights = gradient("0.weights");
        const int64_t heads = v.extent(-3), steps = v.extent(-2), size = v.extent(-1);
        float most = 0;
        for (int64_t head = 0; head < heads; ++head)
            for (int64_t query = 0; query < steps; ++query)
                for (int64_t key = 0; key < steps; ++key) {
                    double sum = 0;
                    for (int64_t i = 0; i < size; ++i)
                        sum += static_cast<double>(to_heads.data()[(head * steps + query) * size + i]) *
                               static_cast<double>(v.data()[(head * steps + key) * size + i]);
                    const float is = to_weights.data()[(head * steps + query) * steps + key];
                    most = std::max(most, std::fabs(is));
                    CHECK(std::fabs(static_cast<double>(is) - sum) < 1e-6);
                }
        CHECK(most > 1e-4f);
    }
}

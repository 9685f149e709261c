// The Transformer room as a learner uses it, without a screen: curriculum TA, writing step by step, switches, texts that make no sense, every task in every
// view, links, undo.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "demos/transformer/workbench.h"
#include "engine/errors.h"
#include "tests/demos/transformer_room.h"

using namespace trilens;

namespace {

constexpr const char* tasks[] = {"layer", "sequences", "generate", "mask", "translate", "vision"};
constexpr const char* text_tasks[] = {"sequences", "generate", "mask", "translate"};

TransformerTask number_of(std::string_view task) {
    return static_cast<TransformerTask>(std::ranges::find(tasks, task) - std::begin(tasks));
}

// A bench that has this task on it, and a text of the learner's where one is given.
struct Bench : TransformerWorkbench {
    explicit Bench(TransformerTask task, const char* text = nullptr) {
        settings.task = task;
        if (text) text_of(input) = text;
        compute();
    }
};

std::vector<std::string> view_names(const TestScreen& screen) {
    std::vector<std::string> names;
    for (const Choice& choice : screen.app->room().fields().at("transformer.view").choices) names.push_back(choice.name);
    return names;
}

std::string repeated(const char* text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

void check_inside(const TestScreen& screen, float width) {
    int found = 0;
    std::set<std::string> names;
    for (const NamedRect& each : screen.app->rects()) {
        CHECK_MESSAGE(names.insert(each.name).second, each.name << " twice");
        if (!each.name.starts_with("transformer.") && !each.name.starts_with("training.")) continue;
        ++found;
        CHECK_MESSAGE(std::isfinite(each.rect.x + each.rect.y + each.rect.w + each.rect.h), each.name);
        CHECK_MESSAGE(each.rect.x >= -1, each.name);
        CHECK_MESSAGE(each.rect.right() <= width + 1, each.name);
    }
    CHECK(found > 3);
}

}  // namespace

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
    CHECK(Bench(TransformerTask::layer).plan().layer.norm_epsilon == 1e-6f);
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
    Bench bench(TransformerTask::translate, "I love you.");
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
    for (const auto& [task, text] : {std::pair(TransformerTask::translate, "Where is the station?"),
                                     {TransformerTask::sequences, "3 1 4 1 5"},
                                     {TransformerTask::generate, "the "}}) {
        CAPTURE(static_cast<int>(task));
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
        Decoder decoder = task == TransformerTask::translate ? Decoder(*model, source, bench.look()) : Decoder(*model, bench.look());
        Tensor scores = decoder.append(std::span(read).first(static_cast<size_t>(bench.given())));
        CHECK(same_bits(scores.values(), row_of(logits, bench.given() - 1)));
        for (int64_t at = bench.given(); at < bench.target().size(); ++at) {
            scores = decoder.append(std::span(read).subspan(static_cast<size_t>(at), 1));
            CHECK(same_bits(scores.values(), row_of(logits, at)));
        }
    }
}

TEST_CASE("beam search keeps its texts the best first; one beam is greedy") {
    Bench bench(TransformerTask::translate, "I do not know where he lives.");
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
    Bench bench(TransformerTask::generate, "the ");
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

TEST_CASE("texts that cannot be read get a sentence in the place of the values, in every view, and the next text is read again") {
    for (const char* task : text_tasks) {
        CAPTURE(task);
        TransformerScreen screen(task);
        REQUIRE(screen.computed());
        const std::string good = nlohmann::json::parse(screen.api->state())["state"].dump();
        const uint64_t before = checksum(screen.tensor("logits"));
        const std::string saved = screen.api->state();
        for (const std::string& text :
             {std::string(), std::string("   "), repeated("a b ", 2500), repeated("7", 10000), std::string(10000, '\n'),
              std::string("\U0001f469\u200d\U0001f467 \U0001f642"), std::string("3 x 1"), std::string("\xff\xfe"), repeated("好", 10000)}) {
            CAPTURE(text.substr(0, 20));
            screen.type(text);
            for (const std::string& view : view_names(screen)) {
                CAPTURE(view);
                screen.choose("transformer.view", view);
                CHECK(screen.drawn("transformer.input_card"));
                if (!screen.computed()) CHECK_THROWS_AS(screen.api->tensor("transformer.logits"), Error);
            }
            Bench bench(number_of(task), text.c_str());
            CHECK(bench.problem().empty() == screen.computed());
        }
        screen.api->restore(saved);
        screen.settle();
        CHECK(checksum(screen.tensor("logits")) == before);
        CHECK(nlohmann::json::parse(screen.api->state())["state"].dump() == good);
    }
}

TEST_CASE("what is wrong with a text is said in the learner's words") {
    set_language(Language::english);
    const auto problem = [](TransformerTask task, const std::string& text) { return Bench(task, text.c_str()).problem(); };
    for (const char* text : {"3 x 1", "", "1+2", "\U0001f642"})
        CHECK(problem(TransformerTask::sequences, text) == say(Text::transformer_sequence_signs));
    CHECK(problem(TransformerTask::sequences, std::string(100, '7')) == say(Text::transformer_too_long, {"101", "40"}));
    CHECK(problem(TransformerTask::generate, "") == say(Text::transformer_prompt_empty));
    CHECK(problem(TransformerTask::generate, std::string(10000, 'a')) == say(Text::transformer_too_long, {"10000", "256"}));
    CHECK(problem(TransformerTask::generate, "\U0001f642").empty());  // a sign that it does not know
    CHECK(problem(TransformerTask::translate, " ") == say(Text::transformer_source_empty));
    CHECK(problem(TransformerTask::translate, repeated("a ", 300)) == say(Text::transformer_too_long, {"300", "256"}));
    CHECK(problem(TransformerTask::translate, "\U0001f642").empty());
    CHECK(problem(TransformerTask::translate, repeated("a ", 256)).empty());
}

TEST_CASE("the right answer stands beside what the network wrote, where there is one") {
    Bench bench(TransformerTask::sequences, "3 1 4 1 5");
    CHECK(bench.right_answer() == "11345");
    bench.settings.problem = SequenceProblem::dates;
    bench.compute();
    CHECK(bench.right_answer() == "2024-03-03");
    bench.text_of(bench.input) = "3 march";
    bench.compute();
    CHECK(bench.problem().empty());
    CHECK(!bench.right_answer());
    bench.settings.problem = SequenceProblem::addition;
    bench.compute();
    CHECK(bench.right_answer() == "85");
}

TEST_CASE("every task is drawn in every view, wide and narrow, in both languages, light and dark") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), std::pair(390.0f, 844.0f)})
        for (const char* language : {"en", "zh"}) {
            TransformerScreen screen("layer", width, height);
            screen.api->set_language(language);
            screen.api->set_theme(std::string_view(language) == "en" ? "light" : "dark");
            screen.settle();
            for (const char* task : tasks)
                for (const std::string& view : view_names(screen)) {
                    CAPTURE(width);
                    CAPTURE(language);
                    CAPTURE(task);
                    CAPTURE(view);
                    screen.choose("transformer.task", task);
                    screen.choose("transformer.view", view);
                    check_inside(screen, width);
                    if (Bench(number_of(task)).problem().empty()) {
                        CHECK(screen.computed());
                        CHECK(!screen.drawn("transformer.problem"));
                    } else {
                        CHECK(screen.drawn("transformer.problem"));
                    }
                }
        }
    set_language(Language::english);
}

TEST_CASE("another language of the page is another text and another network at once, with nothing left of the old ones") {
    for (const char* task : {"generate", "mask"}) {
        CAPTURE(task);
        TransformerScreen screen(task);
        REQUIRE(screen.computed());
        const Tensor english = screen.tensor("logits");
        for (const char* language : {"zh", "en"})
            for (const std::string& view : view_names(screen)) {
                CAPTURE(view);
                screen.api->set_language(language);
                screen.choose("transformer.view", view);
                Bench bench(number_of(task));
                CHECK(checksum(screen.tensor("logits")) == checksum(bench.graph()->find("transformer.logits").tensor()));
            }
        CHECK(checksum(screen.tensor("logits")) == checksum(english));
    }
    set_language(Language::english);
}

TEST_CASE("fields and texts of other tasks keep their values, and come back") {
    TransformerScreen screen("sequences");
    screen.type("9 8 7");
    screen.choose("transformer.problem", "addition");
    screen.type("12+34");
    screen.put("transformer.digits", "3");
    screen.choose("transformer.task", "layer");
    screen.put("transformer.length", "33");
    screen.choose("transformer.task", "translate");
    screen.type("Good morning.");
    screen.choose("transformer.task", "sequences");
    CHECK(screen.api->get("transformer.digits") == "3");
    CHECK(screen.api->get("transformer.problem") == "\"addition\"");
    CHECK(screen.tensor("decoder.input").extent(0) >= 6);
    screen.choose("transformer.task", "layer");
    CHECK(screen.tensor("encoder.input").extent(0) == 33);
    const auto input = screen.json(screen.api->state())["state"]["input"];
    CHECK(input["sort"] == "9 8 7");
    CHECK(input["addition"] == "12+34");
    CHECK(input["source"] == "Good morning.");
}

TEST_CASE("a field's value that makes no sense is refused by name, and nothing changes") {
    TransformerScreen screen("translate");
    const std::string before = screen.api->state();
    for (const auto& [field, value] : {std::pair("transformer.task", "\"bake\""),
                                       {"transformer.layers", "7"},
                                       {"transformer.d_model", "-8"},
                                       {"transformer.num_heads", "2.5"},
                                       {"transformer.temperature", "\"hot\""},
                                       {"transformer.top_p", "0"},
                                       {"transformer.length", "257"},
                                       {"transformer.head.0.0", "true"},
                                       {"transformer.head.6.0", "\"off\""},
                                       {"transformer.warmup", "2001"},
                                       {"transformer.beams", "null"}}) {
        CAPTURE(field);
        try {
            screen.api->set(field, value);
            FAIL("taken");
        } catch (const ValueError& error) {
            CHECK(std::string(error.what()).find(field) != std::string::npos);
        }
    }
    CHECK(screen.api->state() == before);
}

TEST_CASE("any size of network, any encoding, norm and activation computes, whatever the task") {
    for (const char* task : {"layer", "sequences", "generate", "mask"}) {
        CAPTURE(task);
        TransformerScreen screen(task);
        REQUIRE(screen.computed());
        for (const char* heads : {"1", "5", "8"})
            for (const char* width : {"8", "40", "0"}) {
                screen.put("transformer.num_heads", heads);
                screen.put("transformer.d_model", width);
                CHECK(screen.computed());
            }
        screen.put("transformer.layers", "6");
        for (const auto& [field, values] :
             {std::pair("transformer.encoding", std::vector{"none", "sinusoidal", "learned", "rotary", "auto"}),
              {"transformer.norm", {"post", "pre"}},
              {"transformer.activation", {"relu", "gelu"}}})
            for (const char* value : values) {
                CAPTURE(value);
                screen.choose(field, value);
                CHECK(screen.computed());
                for (const std::string& view : view_names(screen)) screen.choose("transformer.view", view);
            }
    }
}

TEST_CASE("a link and a saved state bring task, texts and settings back; undo takes a text back") {
    auto screen = std::make_unique<TransformerScreen>("translate");
    screen->type("He is my friend.");
    screen->choose("transformer.cross_head.0.1", "off");
    screen->put("transformer.step", "3");
    const std::string link = screen->api->link(), state = screen->api->state();
    const uint64_t sum = checksum(screen->tensor("logits"));
    screen->type("I am here.");
    CHECK(checksum(screen->tensor("logits")) != sum);
    screen->api->undo();
    CHECK(checksum(screen->tensor("logits")) == sum);
    screen->api->redo();
    CHECK(checksum(screen->tensor("logits")) != sum);
    screen->api->restore(state);
    CHECK(checksum(screen->tensor("logits")) == sum);
    screen.reset();
    TransformerScreen other("translate");
    other.api->follow(link);
    other.settle();
    CHECK(checksum(other.tensor("logits")) == sum);
}

TEST_CASE("states that make no sense are refused and change nothing") {
    TransformerScreen screen("translate");
    const uint64_t sum = checksum(screen.tensor("logits"));
    const auto state = screen.json(screen.api->state());
    const auto refused = [&](const nlohmann::json& inner) {
        auto wrong = state;
        wrong["state"] = inner;
        CAPTURE(inner.dump().substr(0, 60));
        CHECK_THROWS_AS(screen.api->restore(wrong.dump()), Error);
        CHECK(checksum(screen.tensor("logits")) == sum);
    };
    refused({{"input", 5}});
    refused({{"input", {{"source", 5}}}});
    refused({{"input", {{"sort", nullptr}}}});
    refused({{"input", {{"corpus", std::string(50000, 'a')}}}});
    refused({{"input", {{"drawing", "a 3"}}}});
    refused({{"layer", nlohmann::json::array()}});
}

TEST_CASE("what the room says of itself it takes back, whatever was typed") {
    for (const char* task : text_tasks) {
        CAPTURE(task);
        TransformerScreen screen(task);
        for (const std::string& text : {std::string("\xff\xfe"), std::string("a\nb"), repeated("好", 20000)}) {
            try {
                screen.type(text);
            } catch (const ValueError&) {
                continue;  // refused is fine; taken and lost is not
            }
            CHECK_NOTHROW(screen.api->restore(screen.api->state()));
        }
    }
}

TEST_CASE("weights are saved, loaded, and refused where they belong to another network or to a shipped one") {
    TransformerScreen screen("sequences");
    const std::vector<uint8_t> bytes = screen.api->save();
    const std::string sum = screen.api->checksum();
    screen.put("transformer.seed", "7");
    CHECK(screen.api->checksum() != sum);
    screen.api->load(bytes, "weights.safetensors");
    CHECK(screen.api->checksum() == sum);
    const uint64_t logits = checksum(screen.tensor("logits"));
    screen.put("transformer.layers", "3");
    CHECK_THROWS_AS(screen.api->load(bytes, "weights.safetensors"), Error);
    CHECK_THROWS_AS(screen.api->load(std::vector<uint8_t>{1, 2, 3}, "weights.safetensors"), Error);
    screen.put("transformer.layers", "0");
    screen.put("transformer.seed", "1");
    CHECK(checksum(screen.tensor("logits")) == logits);
    screen.choose("transformer.task", "translate");
    const std::string shipped = screen.api->checksum();
    CHECK_THROWS_AS(screen.api->load(bytes, "weights.safetensors"), ValueError);
    CHECK_THROWS_AS(screen.api->train("true"), ValueError);
    CHECK(screen.api->checksum() == shipped);
}

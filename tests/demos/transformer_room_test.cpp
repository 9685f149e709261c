// The Transformer room as a learner uses it, without a screen: texts that make no sense, every task in every view, links, undo, weights.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "demos/task_room.h"
#include "engine/errors.h"
#include "tests/demos/transformer_room.h"

using namespace trilens;

namespace {

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
            Bench bench(task, text.c_str());
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
    const auto problem = [](const char* task, const std::string& text) { return Bench(task, text.c_str()).problem(); };
    for (const char* text : {"3 x 1", "", "1+2", "\U0001f642"}) CHECK(problem("sequences", text) == say(Text::transformer_sequence_signs));
    CHECK(problem("sequences", std::string(100, '7')) == say(Text::transformer_too_long, {"101", "40"}));
    CHECK(problem("generate", "") == say(Text::transformer_prompt_empty));
    CHECK(problem("generate", std::string(10000, 'a')) == say(Text::transformer_too_long, {"10000", "256"}));
    CHECK(problem("generate", "\U0001f642").empty());  // a sign that it does not know
    CHECK(problem("translate", " ") == say(Text::transformer_source_empty));
    CHECK(problem("translate", repeated("a ", 300)) == say(Text::transformer_too_long, {"300", "256"}));
    CHECK(problem("translate", "\U0001f642").empty());
    CHECK(problem("translate", repeated("a ", 256)).empty());
}

TEST_CASE("the right answer stands beside what the network wrote, where there is one") {
    Bench bench("sequences", "3 1 4 1 5");
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
                    if (Bench(task).problem().empty()) {
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
                Bench bench(task);
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
    refused({{"input", {{"prompt_english", std::string(50000, 'a')}}}});
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
    CHECK_THROWS_AS(screen.api->load(std::vector<uint8_t>{1, 2, 3}, "weights.safetensors"), ValueError);
    CHECK_THROWS_AS(screen.api->train("true"), ValueError);
    CHECK(screen.api->checksum() == shipped);
}

TEST_CASE("fields that are only looked at compute nothing anew, those that change a number do") {
    TransformerScreen screen("sequences");
    screen.choose("transformer.problem", "dates");
    for (const auto& [field, value] : {std::pair("transformer.layer", "2"),
                                       {"transformer.head", "3"},
                                       {"transformer.token", "2"},
                                       {"transformer.stack", "\"cross\""},
                                       {"transformer.show", "\"gradients\""},
                                       {"transformer.speed", "5.0"},
                                       {"transformer.heads_stage", "\"scores\""},
                                       {"transformer.heads_lines", "3"},
                                       {"transformer.heads_stretched", "false"},
                                       {"transformer.layer_tokens", "\"all\""},
                                       {"transformer.product", "\"q\""},
                                       {"transformer.pattern", "\"own\""},
                                       {"transformer.rate", "0.001"},
                                       {"transformer.view", "\"layer\""}}) {
        const Graph* before = screen.app->room().graph().get();
        screen.put(field, value);
        CHECK_MESSAGE(screen.app->room().graph().get() == before, field);
        CHECK_MESSAGE(screen.api->get(field) == value, field);
    }
    for (const auto& [field, value] : {std::pair("transformer.scaled", "false"),
                                       {"transformer.step", "1"},
                                       {"transformer.head.0.0", "\"off\""},
                                       {"transformer.seed", "3"}}) {
        const std::shared_ptr<const Graph> before = screen.app->room().graph();
        screen.put(field, value);
        CHECK_MESSAGE(screen.app->room().graph() != before, field);
    }
}

TEST_CASE("work that may take half of the time waits as long as it took") {
    HalfOfTheTime pace;
    CHECK(pace.due(0));
    pace.worked(100, 130);
    CHECK(!pace.due(159));
    CHECK(pace.due(160));
    pace.worked(160, 161);
    CHECK(!pace.due(161.5));
    CHECK(pace.due(162));
}

TEST_CASE("the text that GPT learns is a field: the page sets it, a state keeps it, undo takes it back") {
    TransformerScreen screen("generate");
    CHECK(screen.api->get("transformer.corpus") == "\"\"");
    const auto width = [&] { return screen.tensor("logits").extent(-1); };
    const int64_t before = width();
    screen.put("transformer.corpus", "\"" + repeated("abcde ", 40) + "\"");
    const int64_t few = width();
    CHECK(few < 10);
    CHECK(before > 20);
    const std::string state = screen.api->state();
    screen.api->undo();
    screen.settle();
    CHECK(width() == before);
    screen.api->restore(state);
    screen.settle();
    CHECK(width() == few);
    CHECK(screen.api->get("transformer.corpus") == "\"" + repeated("abcde ", 40) + "\"");
    CHECK_THROWS_AS(screen.api->set("transformer.corpus", "\"" + std::string(40001, 'a') + "\""), ValueError);
    screen.train(R"({"steps":2})");
    CHECK(screen.last("done")["step"] == 2);
}

TEST_CASE("an answer and a label of a word without end have an end") {
    TransformerScreen screen("mask");
    screen.type(std::string(10000, 'a') + " _");
    REQUIRE(screen.computed());
    CHECK(screen.rect("transformer.answer").h < 300);
    const Bench bench("mask", (std::string(10000, 'a') + " _").c_str());
    CHECK(bench.source().labels[0] == std::string(32, 'a') + "...");
    CHECK(shortened("\u597d\u597d\u597d", 2) == "\u597d\u597d...");
    CHECK(shortened("\u597d\u597d", 2) == "\u597d\u597d");
}

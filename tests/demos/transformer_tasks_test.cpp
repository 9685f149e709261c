// The table of the Transformer room's tasks: what is true of every task, whichever there are.
#include "demos/transformer/tasks/tasks.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "demos/transformer/tasks/problems.h"
#include "engine/errors.h"
#include "tests/demos/transformer_room.h"

namespace trilens {

namespace {

bool says_something(Text id) {
    return std::string_view(say(id, Language::english)).size() > 1 && std::string_view(say(id, Language::chinese)).size() > 1 &&
           std::string_view(say(id, Language::english)) != say(id, Language::chinese);
}

}  // namespace

TEST_CASE("each task has an id of its own, and its names in both languages") {
    std::set<std::string> ids;
    for (const TransformerTask* task : transformer_tasks()) {
        CAPTURE(task->id());
        CHECK(ids.insert(task->id()).second);
        for (const Text text : {task->label(), task->read_title(), task->read_hint(), task->no_answer()}) CHECK(says_something(text));
    }
}

TEST_CASE("a task is found by its id, and what is none is refused with the ids that there are") {
    for (int number = 0; const TransformerTask* task : transformer_tasks()) CHECK(transformer_task_number(task->id()) == number++);
    CHECK_THROWS_WITH_AS(transformer_task_number("poem"),
                         "no task \"poem\", expected one of layer, sequences, generate, mask, translate, vision", ValueError);
    TransformerScreen screen("layer");
    CHECK_THROWS_AS(screen.api->set("transformer.task", "\"poem\""), ValueError);
    CHECK(screen.api->get("transformer.task") == "\"layer\"");
}

TEST_CASE("the texts of all tasks have names of their own, and each task reads one of its own") {
    std::set<std::string> names;
    TransformerWorkbench bench;
    for (const TransformerTask* task : transformer_tasks()) {
        CAPTURE(task->id());
        for (const TransformerText& text : task->texts()) {
            CHECK(names.insert(text.name).second);
            CHECK(bench.input.texts.at(text.name) == text.example);
            CHECK(!text.example.empty());
        }
        const char* reads = task->text_name(bench.context());
        const auto texts = task->texts();
        CHECK((reads != nullptr) == !texts.empty());
        if (reads) CHECK(std::ranges::any_of(texts, [&](const TransformerText& text) { return text.name == std::string_view(reads); }));
    }
}

TEST_CASE("texts keep the names that links have") {
    std::set<std::string> names;
    for (const auto& [name, text] : example_transformer_input().texts) names.insert(name);
    for (const char* name :
         {"sort", "reverse", "copy", "addition", "dates", "prompt_english", "prompt_chinese", "blank_english", "blank_chinese", "source"})
        CHECK_MESSAGE(names.contains(name), name);
}

TEST_CASE("each task computes a graph with gradients from what the room opens with, in both languages") {
    for (const Language each : {Language::english, Language::chinese}) {
        set_language(each);
        for (const TransformerTask* task : transformer_tasks()) {
            CAPTURE(task->id());
            const Bench bench(task->id());
            CHECK(bench.problem() == "");
            REQUIRE(bench.graph());
            // Where no word is asked for there is no loss; every example asks for one.
            CHECK(bench.graph()->contains("transformer.loss"));
            CHECK(bench.token() >= 0);
            CHECK(bench.token() < bench.queries(bench.stack()).size());
            const bool classes = task->answers() != TransformerAnswer::none;
            CHECK(bench.classes().empty() == !classes);
            CHECK(bench.graph()->contains("transformer.probabilities") == classes);
            if (classes) {
                const Tensor& probabilities = bench.graph()->find("transformer.probabilities").tensor();
                CHECK(probabilities.extent(-1) == static_cast<int64_t>(bench.classes().size()));
                CHECK(task->answer(bench.context(), probabilities, bench.source()).empty() == bench.writes());
            }
            CHECK(bench.writes() == (task->answers() == TransformerAnswer::text));
            CHECK((bench.most_steps() > 0) == bench.writes());
            CHECK(bench.blanks().empty() == (task->answers() != TransformerAnswer::blanks));
        }
    }
    set_language(Language::english);
}

TEST_CASE("a task is shipped, or it is trained on data of its own, or neither; a network goes with its slot") {
    std::set<std::string> keys;
    for (const TransformerTask* task : transformer_tasks()) {
        CAPTURE(task->id());
        Bench bench(task->id());
        CHECK(keys.insert(bench.network_key()).second);
        CHECK(bench.is_shipped() == (task->shipped() != nullptr));
        CHECK(!(bench.is_shipped() && bench.trainable()));
        if (bench.trainable()) {
            const auto data = bench.data();
            CHECK(data->size() > 1);
            CHECK(bench.data() == data);
            bench.settings.seed += 1;
            CHECK(bench.data() != data);
        } else {
            CHECK_THROWS_AS(bench.data(), ValueError);
        }
    }
}

TEST_CASE("what is typed stays with its task, and comes back from the state under the name that links have") {
    TransformerScreen screen("layer");
    for (const TransformerTask* task : transformer_tasks()) {
        if (task->texts().empty()) continue;
        CAPTURE(task->id());
        screen.choose("transformer.task", task->id());
        screen.type("1 2");
        const std::string name = task->text_name(TransformerWorkbench().context());
        const auto state = nlohmann::json::parse(screen.api->state())["state"];
        CHECK(state["input"][name] == "1 2");
        screen.api->undo();
        screen.settle();
        CHECK(!nlohmann::json::parse(screen.api->state())["state"].contains("input"));
    }
}

TEST_CASE("each problem on sequences is a network of its own, with a right answer to the text that it opens with") {
    Bench bench("sequences");
    std::set<std::string> keys;
    for (const ProblemEntry& each : problem_table()) {
        CAPTURE(each.id);
        bench.settings.problem = each.problem;
        bench.compute();
        CHECK(keys.insert(bench.network_key()).second);
        CHECK(says_something(each.label));
        REQUIRE(bench.graph());
        REQUIRE(bench.right_answer());
        CHECK(!bench.right_answer()->empty());
        if (each.size_field) CHECK(bench.task().has_field(each.size_field, bench.context()));
    }
}

TEST_CASE("a task that reads no text says so, and changes nothing") {
    Bench bench("vision");
    CHECK(!bench.reads_text());
    CHECK_THROWS_AS(bench.text_of(bench.input), ValueError);
    CHECK_THROWS_AS(bench.text(), ValueError);
}

}  // namespace trilens

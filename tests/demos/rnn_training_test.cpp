// Training in the RNN room as a learner does it, without a screen: curriculum RA, the first five sequences, the time machine, three cells
// side by side.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>

#include "demos/rnn/experiment.h"
#include "demos/rnn/sequence_table.h"
#include "demos/rnn/training_setup.h"
#include "engine/data/needle.h"
#include "engine/data/number_sums.h"
#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

std::unique_ptr<TestScreen> training_screen(float width = 1280, float height = 1800) {
    auto screen = std::make_unique<TestScreen>(width, height, 1.0f, false, rooms());
    screen->api->open("rnn");
    screen->api->set("rnn.view", "\"train\"");
    screen->settle();
    return screen;
}

void train(TestScreen& screen, const std::string& how) {
    screen.api->train(how);
    screen.settle(20000);
}

void put(TestScreen& screen, const char* field, const char* json) {
    screen.api->set(field, json);
    screen.settle();
}

nlohmann::json last(TestScreen& screen, const char* name) {
    nlohmann::json found;
    for (const auto& event : screen.json(screen.api->take_events()))
        if (event["event"] == name) found = event["detail"];
    return found;
}

bool same_bits(std::span<const float> a, std::span<const float> b) {
    return std::ranges::equal(a, b, [](float x, float y) { return std::bit_cast<uint32_t>(x) == std::bit_cast<uint32_t>(y); });
}

// The engine without a room: curriculum RA with some kind of cell.
struct ByHand {
    NumberSums data{1000, 10, 5, 1};
    Split split = random_split(1000, 0.3, 1);
    std::unique_ptr<SequenceModel> model;
    std::shared_ptr<const TrainingSnapshot> result;

    ByHand(Cell cell, int64_t epochs) {
        SequencePlan plan;
        plan.cell = cell;
        plan.hidden_size = 32;
        Random random(1);
        model = std::make_unique<SequenceModel>(plan, random);
        TrainerSettings settings;
        settings.optimizer.kind = OptimizerKind::adam;
        settings.optimizer.rate = 1e-3f;
        settings.batch = 32;
        settings.epochs = epochs;
        settings.seed = 1;
        settings.history_bytes = 0;
        const auto loss = [this](Graph& graph, const Batch& batch) { return model->loss(graph, batch); };
        Trainer trainer(model->parameters(), {}, loss, data, split, settings);
        while (trainer.step([] { return true; })) continue;
        result = trainer.snapshot();
    }

    std::string checksum() const {
        const auto parameters = model->parameters();
        uint64_t sum = trilens::checksum(parameters.front()->value);
        for (const Parameter* parameter : std::span(parameters).subspan(1)) sum = trilens::checksum(parameter->value, sum);
        char text[17];
        std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(sum));
        return text;
    }
    // p of both classes for one sequence.
    std::vector<float> probabilities(int32_t sample) const {
        Graph graph;
        model->forward(graph, data.batch(std::span(&sample, 1)).inputs);
        const auto values = graph.find("probabilities").tensor().values();
        return {values.begin(), values.end()};
    }
};

// What the input and its answer are: the ten numbers, and p after the last step.
std::vector<float> numbers(TestScreen& screen) {
    const Tensor input = screen.api->tensor("rnn.input");
    return {input.values().begin(), input.values().end()};
}
std::vector<float> answer(TestScreen& screen) {
    const Tensor all = screen.api->tensor("rnn.probabilities");
    const auto row = all.values().last(2);
    return {row.begin(), row.end()};
}
std::vector<float> sequence(const DataSet& data, int32_t sample) {
    const Batch batch = data.batch(std::span(&sample, 1));
    return {batch.inputs.values().begin(), batch.inputs.values().end()};
}

}  // namespace

TEST_CASE("each epoch's event says the step of its own end") {
    auto screen = training_screen();
    screen->api->take_events();
    train(*screen, R"({"epochs": 10})");
    std::vector<int64_t> steps;
    for (const auto& event : screen->json(screen->api->take_events()))
        if (event["event"] == "epoch") steps.push_back(event["detail"]["step"]);
    CHECK(steps == std::vector<int64_t>{22, 44, 66, 88, 110, 132, 154, 176, 198, 220});
}

TEST_CASE("of a long run a bounded number of steps is kept, each with the gradients of that step") {
    RnnWorkbench bench;
    SessionSetup setup = rnn_training_setup(bench);
    const size_t parameters = setup.contenders.front().parameters.size();
    const auto session = std::make_shared<Session>(std::move(setup));
    const auto job = session->run({.steps = 9000});
    while (job->step([] { return true; })) continue;
    const auto now = session->snapshot();
    const auto& steps = now->first().steps;
    CHECK(now->first().step == 9000);
    CHECK(steps.back().step == 8999);
    CHECK(steps.size() <= 3072);
    REQUIRE(now->gradient_norms.size() == steps.size() * parameters);
    for (const size_t row : {size_t{0}, steps.size() / 3, steps.size() - 1}) {
        double squares = 0;  // the norm of all parameters is made of theirs
        for (size_t at = 0; at < parameters; ++at) {
            const auto norm = static_cast<double>(now->gradient_norms[row * parameters + at]);
            squares += norm * norm;
        }
        CHECK(std::sqrt(squares) == doctest::Approx(static_cast<double>(steps[row].gradient_norm)).epsilon(1e-4));
    }
    CHECK(now->first().restorable.size() <= 4096);
}

TEST_CASE("one click trains curriculum RA: ten epochs, the engine's own losses and weights, bit for bit") {
    auto screen = training_screen();
    screen->api->take_events();
    screen->click(screen->middle("rnn.train_ten"));
    screen->settle(20000);
    const ByHand hand(Cell::rnn_relu, 10);
    CHECK(screen->api->checksum() == hand.checksum());
    std::vector<nlohmann::json> epochs;
    nlohmann::json done;
    for (const auto& event : screen->json(screen->api->take_events())) {
        if (event["event"] == "epoch") epochs.push_back(event["detail"]);
        if (event["event"] == "done") done = event["detail"];
    }
    REQUIRE(epochs.size() == 10);
    for (size_t i = 0; i < 10; ++i) {
        CHECK(epochs[i]["loss"].get<double>() == hand.result->epochs[i].training_loss);
        CHECK(epochs[i]["accuracy"].get<double>() == hand.result->epochs[i].training_accuracy);
        CHECK(epochs[i]["validation_loss"].get<double>() == hand.result->epochs[i].validation_loss);
        CHECK(epochs[i]["validation_accuracy"].get<double>() == hand.result->epochs[i].validation_accuracy);
    }
    CHECK(done["validation_accuracy"].get<double>() > 0.8);
    for (const char* name : {"training.loss", "training.accuracy", "training.time", "training.confusion", "training.weights:W_hh",
                             "training.gradients:W_xh", "rnn.parameters"})
        CHECK_MESSAGE(screen->drawn(name), name);
}

TEST_CASE("the experiment says what the data and the network really are") {
    set_language(Language::english);
    RnnWorkbench bench;
    CHECK(experiment_data(bench) ==
          "1000 sequences of 10 numbers uniform in [0, 1); label 1 where they sum to more than 5. 700 are trained on, "
          "300 are kept for validation.");
    CHECK(experiment_network(bench) ==
          "RNN (ReLU) with 32 hidden units, then a dense layer with 2 outputs and softmax; loss: cross-entropy.");
    CHECK(experiment_plan(bench) == "Adam, learning rate 0.001, batches of 32.");
    bench.settings.samples = 50;
    bench.settings.length = 7;
    bench.settings.threshold = 3.5f;
    bench.settings.cell = rnn_cell("lstm");
    CHECK(experiment_data(bench).starts_with("50 sequences of 7 numbers"));
    CHECK(experiment_data(bench).ends_with("more than 3.5. 35 are trained on, 15 are kept for validation."));
    CHECK(experiment_network(bench).starts_with("LSTM with 32 hidden units"));
    bench.settings.task = rnn_task_number("forecast");
    CHECK(experiment_network(bench).ends_with("loss: mean squared error."));
    bench.input.curve = {0, 1};
    CHECK_THROWS_AS(experiment_data(bench), ValueError);
    bench.settings.task = rnn_task_number("sentiment");
    for (const auto language : {RnnSettings::TextLanguage::english, RnnSettings::TextLanguage::chinese}) {
        bench.settings.text_language = language;
        CHECK(experiment_shipped(bench).find("train sentiment --language") != std::string::npos);
        CHECK(experiment_shipped(bench).find("% of") != std::string::npos);
    }
}

TEST_CASE("the table holds the model's own probabilities of the first five validation sequences; a row becomes the input") {
    auto screen = training_screen();
    train(*screen, R"({"epochs":3})");
    const ByHand hand(Cell::rnn_relu, 3);
    REQUIRE(screen->api->checksum() == hand.checksum());

    RnnWorkbench bench;
    bench.load(read_safetensors(screen->api->save()));
    const auto first = std::span(hand.split.validation).first(5);
    const JudgedSequences judged = judge_sequences(bench, first);
    REQUIRE(judged.rows() == 5);
    for (int64_t row = 0; row < 5; ++row) {
        const std::vector<float> p = hand.probabilities(first[static_cast<size_t>(row)]);
        const auto shown = judged.probabilities.values().subspan(static_cast<size_t>(row) * 2, 2);
        for (size_t i = 0; i < 2; ++i) CHECK(shown[i] == doctest::Approx(p[i]).epsilon(1e-6));
        CHECK(judged.answer(row) == (p[1] > p[0] ? 1 : 0));
    }

    const std::vector<float> before = numbers(*screen);
    for (size_t row = 0; row < 5; ++row) {
        screen->click(screen->middle("rnn.first:" + std::to_string(row)));
        CHECK(same_bits(numbers(*screen), sequence(hand.data, first[row])));
        const auto p = answer(*screen);
        for (size_t i = 0; i < 2; ++i) CHECK(p[i] == doctest::Approx(judged.probabilities.values()[row * 2 + i]).epsilon(1e-6));
    }
    CHECK_FALSE(screen->drawn("rnn.first:5"));
    for (int i = 0; i < 5; ++i) screen->api->undo();
    CHECK(same_bits(numbers(*screen), before));
    CHECK(screen->api->checksum() == hand.checksum());
}

TEST_CASE("a cell of the confusion matrix puts its sequences into the table, and once more the first") {
    auto screen = training_screen();
    train(*screen, R"({"epochs":2})");
    const NumberSums data(1000, 10, 5, 1);
    const std::vector<int32_t> validation = random_split(1000, 0.3, 1).validation;
    RnnWorkbench bench;
    bench.load(read_safetensors(screen->api->save()));
    const JudgedSequences judged = judge_sequences(bench, validation);
    const Rect matrix = screen->rect("training.confusion");
    int cells = 0;
    for (const int32_t truth : {0, 1})
        for (const int32_t predicted : {0, 1}) {
            std::vector<int32_t> behind;
            for (int64_t row = 0; row < judged.rows(); ++row)
                if (judged.batch.labels[static_cast<size_t>(row)] == truth && judged.answer(row) == predicted)
                    behind.push_back(validation[static_cast<size_t>(row)]);
            if (behind.empty()) continue;
            ++cells;
            const ImVec2 at{matrix.x + matrix.w * (0.25f + 0.5f * static_cast<float>(predicted)),
                            matrix.y + matrix.h * (0.25f + 0.5f * static_cast<float>(truth))};
            screen->click(at);
            const size_t rows = std::min<size_t>(behind.size(), 5);
            CHECK(screen->drawn("rnn.first:" + std::to_string(rows - 1)));
            CHECK_FALSE(screen->drawn("rnn.first:" + std::to_string(rows)));
            screen->click(screen->middle("rnn.first:" + std::to_string(rows - 1)));
            CHECK(same_bits(numbers(*screen), sequence(data, behind[rows - 1])));
            screen->click(at);
            screen->click(screen->middle("rnn.first:0"));
            CHECK(same_bits(numbers(*screen), sequence(data, validation[0])));
        }
    CHECK(cells >= 2);
}

TEST_CASE("going back in time brings the weights of that step back, and training on gives the same bits again") {
    auto screen = training_screen();
    CHECK_THROWS_AS(screen->api->step(-1), ValueError);
    const std::string start = screen->api->checksum();
    train(*screen, R"({"steps":10})");
    const std::string at_10 = screen->api->checksum();
    train(*screen, R"({"steps":30})");
    const std::string at_40 = screen->api->checksum();
    CHECK(at_40 != at_10);
    screen->api->step(-30);
    screen->settle(20000);
    CHECK(screen->api->checksum() == at_10);
    screen->api->step(30);
    screen->settle(20000);
    CHECK(screen->api->checksum() == at_40);
    screen->api->step(-1000);
    screen->settle(20000);
    CHECK(screen->api->checksum() == start);
}

TEST_CASE("three cells compared train on the same batches, and each keeps its weights in its own network") {
    auto screen = training_screen();
    train(*screen, R"({"steps":5})");
    put(*screen, "rnn.compare", "true");
    screen->api->take_events();
    train(*screen, R"({"epochs":2})");
    const auto done = last(*screen, "epoch");
    CHECK(done["contenders"].size() == 3);
    const std::map<std::string, Cell> cells{{"rnn", Cell::rnn_relu}, {"gru", Cell::gru}, {"lstm", Cell::lstm}};
    for (const auto& [name, cell] : cells) {
        put(*screen, "rnn.cell", ("\"" + name + "\"").c_str());
        CHECK_MESSAGE(screen->api->checksum() == ByHand(cell, 2).checksum(), name);
    }
}

TEST_CASE("a comparison that was trained stays while another sequence is looked at; switching it is another run") {
    auto screen = training_screen();
    for (const char* compared : {"true", "false"}) {
        put(*screen, "rnn.compare", compared);
        CHECK_FALSE(screen->drawn("training.loss"));
        train(*screen, R"({"steps":2})");
        screen->api->take_events();
        screen->click(screen->middle("rnn.first:2"));
        CHECK(screen->drawn("training.loss"));
        train(*screen, R"({"steps":2})");
        CHECK_MESSAGE(last(*screen, "done")["step"] == 4, compared);
    }
}

TEST_CASE("the learning rate changes under way; another optimizer, batch or seed begins another run") {
    auto screen = training_screen();
    train(*screen, R"({"steps":3})");
    put(*screen, "rnn.rate", "0.01");
    train(*screen, R"({"steps":3})");
    CHECK(last(*screen, "done")["step"] == 6);
    for (const auto& [field, value] : {std::pair("rnn.optimizer", "\"sgd\""),
                                       {"rnn.batch", "16"},
                                       {"rnn.samples", "200"},
                                       {"rnn.clip", "1"},
                                       {"rnn.seed", "2"},
                                       {"rnn.length", "12"},
                                       {"rnn.cell", "\"gru\""}}) {
        put(*screen, field, value);
        CHECK_FALSE(screen->drawn("training.loss"));
        train(*screen, R"({"steps":2})");
        CHECK_MESSAGE(last(*screen, "done")["step"] == 2, field);
        CHECK(screen->drawn("training.loss"));
    }
}

TEST_CASE("numbers that leave all bounds are explained, and one click goes back to sound weights and a tenth of the rate") {
    auto screen = training_screen();
    put(*screen, "rnn.optimizer", "\"sgd\"");
    train(*screen, R"({"steps":5})");
    CHECK_FALSE(screen->drawn("training.divergence"));
    put(*screen, "rnn.rate", "10");
    train(*screen, R"({"steps":60})");
    REQUIRE(screen->drawn("training.divergence"));
    screen->click(screen->middle("training.rescue"));
    screen->settle(2000);
    CHECK(screen->app->room().fields().get("rnn.rate") == FieldValue(1.0));
    CHECK_FALSE(screen->drawn("training.divergence"));
    for (const float value : screen->api->tensor("rnn.logits").values()) CHECK(std::abs(value) < 100);
}

TEST_CASE("the task with one value to remember has the table, a curve has curves and nothing about classes") {
    auto screen = training_screen();
    put(*screen, "rnn.task", "\"needle\"");
    put(*screen, "rnn.samples", "100");
    train(*screen, R"({"epochs":1})");
    CHECK(screen->drawn("rnn.first:4"));
    CHECK(screen->drawn("training.confusion"));
    const std::string before = screen->api->state();
    screen->click(screen->middle("rnn.first:1"));  // its sequences are chosen by number, not put in
    CHECK(screen->api->state() == before);
    put(*screen, "rnn.task", "\"forecast\"");
    train(*screen, R"({"epochs":2})");
    CHECK(screen->drawn("training.loss"));
    for (const char* name : {"rnn.first", "training.confusion", "training.accuracy"}) CHECK_MESSAGE(!screen->drawn(name), name);
    // Without classes there is no loss of guessing, but numbers still leave all bounds.
    CHECK_FALSE(screen->drawn("training.divergence"));
    put(*screen, "rnn.optimizer", "\"sgd\"");
    put(*screen, "rnn.rate", "10");
    train(*screen, R"({"steps":300})");
    CHECK(screen->drawn("training.divergence"));
}

TEST_CASE("a network trained beforehand says so, is not trained, and shows the way to those that are") {
    auto screen = training_screen();
    put(*screen, "rnn.task", "\"sentiment\"");
    for (const char* name : {"training.run", "rnn.train_ten", "rnn.first"}) CHECK_MESSAGE(!screen->drawn(name), name);
    CHECK_THROWS_AS(screen->api->train("true"), ValueError);
    for (const char* task : {"sum", "needle", "generate", "forecast"}) {
        put(*screen, "rnn.task", "\"sentiment\"");
        screen->click(screen->middle(std::string("rnn.train_task:") + task));
        CHECK(screen->api->get("rnn.task") == nlohmann::json(task).dump());
        CHECK_MESSAGE(screen->drawn("rnn.train_ten"), task);
    }
}

TEST_CASE("the training view stands inside on a wide screen and on a phone, in both languages, and no card on another") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), {390.0f, 844.0f}})
        for (const char* language : {"en", "zh"})
            for (const char* task : {"sum", "needle", "sentiment", "forecast"}) {
                CAPTURE(width);
                CAPTURE(language);
                CAPTURE(task);
                auto screen = training_screen(width, height);
                screen->api->set_language(language);
                put(*screen, "rnn.task", nlohmann::json(task).dump().c_str());
                put(*screen, "rnn.compare", "true");
                if (std::string_view(task) != "sentiment") train(*screen, R"({"epochs":1})");
                std::vector<NamedRect> cards;
                for (const NamedRect& each : screen->app->rects()) {
                    if (!each.name.starts_with("training.") && !each.name.starts_with("rnn.")) continue;
                    CHECK_MESSAGE(each.rect.x >= 0, each.name);
                    CHECK_MESSAGE(each.rect.right() <= width + 0.5f, each.name);
                    for (const char* name :
                         {"rnn.input_card", "training.experiment", "training.run", "training.first", "training.results", "training.spread"})
                        if (each.name == name) cards.push_back(each);
                }
                CHECK(cards.size() == (std::string_view(task) == "sentiment" ? 2 : std::string_view(task) == "forecast" ? 4 : 6));
                for (size_t i = 0; i + 1 < cards.size(); ++i)
                    CHECK_MESSAGE(cards[i].rect.bottom() <= cards[i + 1].rect.y, cards[i].name << " on " << cards[i + 1].name);
                // What stands in a card stays in it.
                const auto inside = [&](const char* name, const char* card) {
                    if (!screen->drawn(name)) return;
                    const Rect inner = screen->rect(name), outer = screen->rect(card);
                    CHECK_MESSAGE(inner.y >= outer.y, name);
                    CHECK_MESSAGE(inner.bottom() <= outer.bottom(), name);
                    CHECK_MESSAGE(inner.right() <= outer.right(), name);
                };
                inside("rnn.parameters", "training.experiment");
                inside("rnn.train_ten", "training.experiment");
                inside("training.accuracy", "training.run");
                inside("training.time", "training.run");
                inside("rnn.first", "training.first");
                inside("training.confusion", "training.results");
                if (screen->drawn("rnn.parameters")) {
                    const Rect button = screen->rect("rnn.train_ten"), table = screen->rect("rnn.parameters");
                    CHECK((button.right() <= table.x || button.bottom() <= table.y));
                }
            }
}

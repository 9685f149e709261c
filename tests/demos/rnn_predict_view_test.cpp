// What comes next, as a learner sees it: in a room that is nothing but a workbench and this view.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "demos/rnn/predict_view.h"
#include "demos/rnn/tasks/tasks.h"
#include "engine/errors.h"
#include "tests/demos/screen.h"

using namespace trilens;

namespace {

class PredictRoom : public Room {
public:
    PredictRoom()
        : view(bench),
          training_({[this] { return setup(); },
                     [this](const SessionSnapshot& now) {
                         bench.use_weights(bench.cell(), now.first().weights);
                         recompute();
                     }}) {
        fields_.effect(Field::Effect::computes);
        fields_.choice("rnn.task", Text::field_rnn_task, Text::help_rnn_task, bench.settings.task, rnn_task_choices());
        fields_.choice("rnn.source", Text::field_rnn_source, Text::help_rnn_source, bench.settings.source,
                       {{"shipped", Text::rnn_source_shipped}, {"own", Text::rnn_source_own}});
        view.list_fields(fields_);
        bench.compute();
        made = this;
    }

    std::string_view id() const override { return "rnn"; }
    Text title() const override { return Text::room_rnn; }
    std::shared_ptr<const Graph> graph() const override { return bench.graph(); }
    void attached() override {
        training_.attach(host());
        view.attach(RoomView::Services{&host(), &training_, [this] { recompute(); },
                                       [this](std::string_view name, const FieldValue& value) { set(name, value); }, [] {}});
        const auto set_input = [this](RnnInput input, bool joins) {
            host().record({"input", [this, before = bench.input] { put(before); }, [this, input] { put(input); }}, joins);
            put(std::move(input));
        };
        view.attach(RnnView::InputServices{set_input, [](std::vector<Held>, bool) {}, [](std::optional<int64_t>) {}});
    }
    void field_changed(const Field& field) override {
        view.field_changed(field);
        if (field.name == "rnn.task" || field.name == "rnn.source") training_.forget();
        recompute();
    }
    void text(std::string_view sentence) override {
        RnnInput input = bench.input;
        bench.text_of(input) = sentence;
        put(std::move(input));
    }
    void train(const Training& wanted) override { training_.train(wanted); }
    void advance(int64_t steps) override { view.advance(steps); }
    std::shared_ptr<Job> job() override { return training_.job(); }
    void update() override {
        training_.update();
        view.update();
    }
    nlohmann::json state() const override { return view.state(); }
    void restore(const nlohmann::json& state) override { view.restore(state); }
    float draw(Stage& stage, Rect area) override { return view.draw(stage, area); }

    void recompute() {
        bench.compute();
        host().changed();
    }
    void put(RnnInput input) {
        bench.input = std::move(input);
        recompute();
    }

    RnnWorkbench bench;
    RnnPredictView view;
    static inline PredictRoom* made = nullptr;

private:
    SessionSetup setup() {
        const std::shared_ptr<SequenceModel> model = bench.copy(bench.cell());
        SessionSetup out;
        out.data = bench.data();
        out.split = bench.split();
        out.trainer.optimizer.rate = 0.01f;
        out.trainer.epochs = 100'000;  // until paused
        out.contenders.push_back(
            {model, model->parameters(), {}, [model](Graph& graph, const Batch& batch) { return model->loss(graph, batch); }});
        return out;
    }

    TrainingRun training_;
};

constexpr RoomEntry table[] = {{"rnn", Text::room_rnn, [] { return std::unique_ptr<Room>(std::make_unique<PredictRoom>()); }}};

const char* const poem =
    "the sun is up, the sun is down, the moon is over all the town. the cat is in, the cat is out, the mouse is running all about. "
    "the sun is up, the sun is down, the moon is over all the town. the cat is in, the cat is out, the mouse is running all about. ";

struct PredictScreen : TestScreen {
    explicit PredictScreen(const char* task, float width = 1280, float height = 1600) : TestScreen(width, height, 1, false, table) {
        RnnInput input = room().bench.input;
        input.corpus = poem;
        input.texts["prompt_english"] = "the sun ";
        room().put(input);
        api->set("rnn.source", "\"own\"");
        api->set("rnn.task", std::string("\"") + task + "\"");
        settle();
    }
    PredictRoom& room() { return *PredictRoom::made; }
    RnnWorkbench& bench() { return room().bench; }
    RnnPredictView& view() { return room().view; }
    void step(int64_t steps) {
        api->step(steps);
        settle();
    }
    void put(const char* field, const char* json) {
        api->set(field, json);
        settle();
    }
    void press_button(const char* name) { click(middle(name)); }
    void drag(std::initializer_list<ImVec2> way) {
        bool first = true;
        for (const ImVec2 to : way) {
            move(to);
            if (first) ImGui::GetIO().AddMouseButtonEvent(0, true), app->wake(), settle();
            first = false;
        }
        ImGui::GetIO().AddMouseButtonEvent(0, false);
        app->wake();
        settle();
    }
};

std::string by_hand(RnnWorkbench& bench, const TextGeneration::Settings& settings, int64_t length) {
    TextGeneration text(bench.model(), bench.sequence(), {}, settings);
    text.grow(length);
    std::string out;
    for (const auto& token : text.tokens())
        out += token.number == Vocabulary::unknown ? "\xef\xbf\xbd" : bench.task().vocabulary(bench.context())->token(token.number);
    return out;
}

}  // namespace

TEST_CASE("each step draws one more character, as the engine does by hand, and a step back takes it away") {
    PredictScreen screen("generate");
    CHECK(screen.view().generated().empty());
    screen.step(1);
    screen.step(1);
    screen.press_button("rnn.predict.next");
    CHECK(screen.view().text()->length() == 3);
    screen.step(27);
    const std::string text = screen.view().generated();
    CHECK(text == by_hand(screen.bench(), {{.temperature = 0.8f}, 1}, 30));
    screen.press_button("rnn.predict.back");
    CHECK(screen.view().text()->length() == 29);
    screen.step(-9);
    CHECK(screen.view().text()->length() == 20);
    CHECK(text.starts_with(screen.view().generated()));
    screen.step(10);
    CHECK(screen.view().generated() == text);
    screen.press_button("rnn.predict.clear");
    CHECK(screen.view().text()->length() == 0);
    screen.step(-1);
    CHECK(screen.view().text()->length() == 0);
    screen.step(5000);
    CHECK(screen.view().text()->length() == RnnPredictView::longest_text);
}

TEST_CASE("what was generated can be read like typed text, with the states it was generated with") {
    PredictScreen screen("generate");
    CHECK_FALSE(screen.drawn("rnn.predict.keep"));
    screen.step(12);
    const std::string text = screen.bench().text() + screen.view().generated();
    const Tensor hidden = screen.view().text()->hidden();
    screen.press_button("rnn.predict.keep");
    CHECK(screen.bench().text() == text);
    CHECK(screen.view().generated().empty());
    CHECK(checksum(screen.api->tensor("rnn.hidden")) == checksum(hidden));
    screen.api->undo();
    screen.settle();
    CHECK(screen.bench().text() == "the sun ");
}

TEST_CASE("what comes after the prompt is drawn from the last row of the probabilities on screen") {
    PredictScreen screen("generate");
    const Tensor probabilities = screen.api->tensor("rnn.probabilities");
    const auto last = probabilities.values().last(static_cast<size_t>(probabilities.shape()[-1]));
    REQUIRE(screen.view().text()->before().size() == last.size());
    for (size_t i = 0; i < last.size(); ++i) CHECK(screen.view().text()->before()[i] == last[i]);
}

TEST_CASE("temperature, top-k, seed and prompt are followed at once, and give the same text again") {
    PredictScreen screen("generate");
    screen.step(40);
    const std::string text = screen.view().generated();
    screen.put("rnn.temperature", "1.6");
    CHECK(screen.view().generated() == by_hand(screen.bench(), {{.temperature = 1.6f}, 1}, 40));
    screen.put("rnn.top_k", "3");
    CHECK(screen.view().generated() == by_hand(screen.bench(), {{.temperature = 1.6f, .top_k = 3}, 1}, 40));
    screen.put("rnn.sampling_seed", "5");
    CHECK(screen.view().generated() == by_hand(screen.bench(), {{.temperature = 1.6f, .top_k = 3}, 5}, 40));
    screen.put("rnn.temperature", "0.8");
    screen.put("rnn.top_k", "0");
    screen.put("rnn.sampling_seed", "1");
    CHECK(screen.view().generated() == text);
    screen.api->text("over all ");
    screen.settle();
    CHECK(screen.view().generated() == by_hand(screen.bench(), {{.temperature = 0.8f}, 1}, 40));
    screen.api->text("");
    screen.settle();
    CHECK(screen.view().text() == nullptr);
    CHECK_THROWS_AS(screen.api->set("rnn.temperature", "0"), ValueError);
    CHECK_THROWS_AS(screen.api->set("rnn.top_k", "51"), ValueError);
}

TEST_CASE("playing writes as many characters a second as the speed says, and stops when it is told to") {
    PredictScreen screen("generate");
    screen.bench().settings.speed = 10;
    screen.press_button("rnn.predict.play");
    const int64_t before = screen.view().text()->length();
    for (int i = 0; i < 120; ++i) screen.frame();  // two seconds
    CHECK(screen.view().text()->length() - before >= 19);
    CHECK(screen.view().text()->length() - before <= 21);
    screen.press_button("rnn.predict.play");
    const int64_t stopped = screen.view().text()->length();
    for (int i = 0; i < 60; ++i) screen.frame();
    CHECK(screen.view().text()->length() == stopped);
}

TEST_CASE("how far the learner went is kept, what makes no sense is refused") {
    PredictScreen screen("generate");
    screen.step(12);
    const std::string state = screen.api->state(), text = screen.view().generated();
    screen.step(20);
    screen.api->restore(state);
    screen.settle();
    CHECK(screen.view().generated() == text);
    CHECK_THROWS_AS(screen.view().restore({{"generated", -1}, {"forecast", 3}}), FormatError);
    CHECK_THROWS_AS(screen.view().restore({{"generated", 3}, {"forecast", 1e9}}), FormatError);
    CHECK_THROWS_AS(screen.view().restore({{"generated", 401}, {"forecast", 3}}), FormatError);
    CHECK_THROWS_AS(screen.view().restore({{"generated", 1}}), FormatError);
    CHECK_THROWS_AS(screen.view().restore(nlohmann::json::array()), FormatError);
    CHECK(screen.view().text()->length() == 12);
}

TEST_CASE("a text typed into the box is taken when the learner leaves it, in one step of undo") {
    PredictScreen screen("generate");
    screen.press_button("rnn.predict.corpus");
    for (const char* c = "and then some"; *c; ++c) ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(*c));
    screen.app->wake();
    screen.settle();
    CHECK(screen.bench().input.corpus == poem);
    screen.click({screen.rect("rnn.predict.learning").x + 3, screen.rect("rnn.predict.learning").y + 3});
    const std::string longer = screen.bench().input.corpus;
    CHECK(longer.size() == std::strlen(poem) + 13);
    CHECK(longer.find("and then some") != std::string::npos);
    screen.api->undo();
    screen.settle();
    CHECK(screen.bench().input.corpus == poem);
    screen.api->redo();
    screen.settle();
    CHECK(screen.bench().input.corpus == longer);
}

TEST_CASE("a network that learns the learner's text writes other texts on the way, with less loss") {
    PredictScreen screen("generate");
    screen.put("rnn.source", "\"shipped\"");
    screen.press_button("rnn.predict.learn");
    CHECK(screen.bench().settings.source == RnnSettings::Source::own);
    std::vector<std::string> seen;
    for (int i = 0; i < 400 && seen.size() < 4; ++i) {
        screen.frame();
        const std::string now = screen.view().generated();
        if (now.size() >= 80 && (seen.empty() || seen.back() != now)) seen.push_back(now);
    }
    CHECK(seen.size() >= 3);
    CHECK(screen.drawn("rnn.predict.loss"));
    screen.press_button("rnn.predict.learn");  // pauses
    for (int i = 0; i < 200 && screen.room().job(); ++i) screen.frame();
    CHECK(screen.room().job() == nullptr);
    screen.settle(200);
    CHECK(screen.view().generated() == by_hand(screen.bench(), {{.temperature = 0.8f}, 1}, screen.view().text()->length()));
}

TEST_CASE("without a text to learn from there is nothing to write; the example is enough to begin with") {
    PredictScreen screen("generate");
    RnnInput input = screen.bench().input;
    input.corpus.clear();
    screen.room().put(input);
    screen.settle();
    CHECK(screen.view().text() == nullptr);
    screen.press_button("rnn.predict.example");
    CHECK(screen.bench().input.corpus.starts_with("Twinkle"));
    CHECK(screen.view().text() != nullptr);
    screen.press_button("rnn.predict.learn");
    CHECK(screen.room().job() != nullptr);
    screen.api->set_language("zh");
    screen.press_button("rnn.predict.example");
    CHECK(screen.bench().data()->size() > 100);
}

TEST_CASE("too little text is refused with a sentence") {
    PredictScreen screen("generate");
    RnnInput input = screen.bench().input;
    input.corpus = "too short";
    screen.room().put(input);
    screen.settle();
    screen.press_button("rnn.predict.learn");
    CHECK(screen.room().job() == nullptr);
    CHECK(screen.view().text() != nullptr);
}

TEST_CASE("the forecast runs free from its step on, one step at a time, beyond the end of the curve") {
    PredictScreen screen("forecast");
    const std::vector<float> curve = screen.bench().input.curve;
    REQUIRE(curve.size() == 128);
    const auto matches = [&](int64_t from, size_t length) {
        CurveForecast forecast(screen.bench().model(), curve, from);
        forecast.grow(static_cast<int64_t>(length));
        return screen.view().forecast()->values() == forecast.values() && forecast.values().size() == length;
    };
    CHECK(matches(96, 32));
    screen.step(1);
    CHECK(matches(96, 33));
    screen.press_button("rnn.predict.next");
    CHECK(matches(96, 34));
    screen.step(-30);
    CHECK(matches(96, 4));
    screen.step(1000);
    CHECK(matches(96, 32 + 64));
    screen.put("rnn.free_from", "20");
    CHECK(matches(20, 96));
    screen.step(1000);
    CHECK(matches(20, 108 + 64));
    screen.put("rnn.free_from", "128");
    CHECK(matches(128, 64));
    const Tensor logits = screen.api->tensor("rnn.logits");
    CHECK(screen.view().forecast()->values()[0] == logits.values()[127]);
    const Rect slider = screen.rect("rnn.predict.from");
    screen.click({slider.x + slider.w / 2, slider.y + slider.h / 2});
    CHECK(std::abs(screen.view().forecast()->from() - 64) <= 1);
    screen.api->undo();
    screen.settle();
    CHECK(screen.view().forecast()->from() == 128);
}

TEST_CASE("a curve drawn on the pad is forecast at once, only what the hand passed changes, and undo brings it back") {
    PredictScreen screen("forecast");
    const std::vector<float> before = screen.bench().input.curve;
    const std::vector<float> predicted = screen.view().forecast()->values();
    const Rect pad = screen.rect("rnn.predict.pad");
    const auto at = [&](float x, float y) { return ImVec2{pad.x + x * pad.w, pad.y + y * pad.h}; };
    screen.drag({at(0.3f, 0.25f), at(0.4f, 0.25f), at(0.5f, 0.75f)});
    const std::vector<float> after = screen.bench().input.curve;
    REQUIRE(after.size() == 128);
    for (size_t i = 0; i < 128; ++i) {
        const float x = static_cast<float>(i) / 127;
        if (x < 0.29f || x > 0.51f) CHECK(std::memcmp(&after[i], &before[i], sizeof(float)) == 0);
        if (x > 0.305f && x < 0.395f) CHECK(after[i] == doctest::Approx(0.5).epsilon(0.02));
    }
    CHECK(after[63] == doctest::Approx(-0.5).epsilon(0.1));
    CHECK(screen.view().forecast()->values() != predicted);
    CHECK(screen.api->tensor("rnn.logits").elements() == 128);
    screen.api->undo();
    screen.settle();
    CHECK(screen.bench().input.curve == before);
    CHECK(screen.view().forecast()->values() == predicted);
    screen.api->redo();
    screen.settle();
    CHECK(screen.bench().input.curve == after);
    screen.press_button("rnn.predict.sawtooth");
    CHECK(screen.bench().input.curve == example_curve(ExampleCurve::sawtooth));
    screen.drag({at(0.7f, 0.5f), at(0.8f, 0.5f)});
    CHECK(screen.bench().input.curve[10] == example_curve(ExampleCurve::sawtooth)[10]);
    screen.api->undo();
    screen.settle();
    CHECK(screen.bench().input.curve == example_curve(ExampleCurve::sawtooth));
    screen.api->undo();
    screen.settle();
    CHECK(screen.bench().input.curve == after);
}

TEST_CASE("trained on the curve that is drawn, the forecast follows the weights and beats the last value") {
    PredictScreen screen("forecast");
    RnnInput input = screen.bench().input;
    input.curve = example_curve(ExampleCurve::sine);
    screen.room().put(input);
    const std::vector<float>& curve = screen.bench().input.curve;
    screen.put("rnn.free_from", "105");
    const std::vector<float> untrained = screen.view().forecast()->values();
    screen.api->train(R"({"steps":400})");
    screen.settle(20000);
    const std::vector<float>& forecast = screen.view().forecast()->values();
    CHECK(forecast != untrained);
    const float error = forecast_error(forecast, 105, curve, 105, 125);
    const float repeated = forecast_error(std::vector<float>(20, curve[104]), 105, curve, 105, 125);
    MESSAGE("free-running error " << error << ", repeating the last value " << repeated);
    CHECK(error < 0.5f * repeated);
}

TEST_CASE("in other tasks the view offers the two that go on") {
    PredictScreen screen("sum");
    CHECK(screen.view().text() == nullptr);
    CHECK(screen.view().forecast() == nullptr);
    screen.press_button("rnn.predict.generate");
    CHECK(screen.bench().task().id() == std::string_view("generate"));
    CHECK(screen.view().text() != nullptr);
    screen.api->undo();
    screen.settle();
    CHECK(screen.bench().task().id() == std::string_view("sum"));
    screen.press_button("rnn.predict.forecast");
    CHECK(screen.bench().task().id() == std::string_view("forecast"));
    CHECK(screen.view().forecast() != nullptr);
    CHECK(screen.view().text() == nullptr);
}

TEST_CASE("everything stands inside on a wide screen and on a phone, in both languages") {
    for (const auto& [width, height] : {std::pair(1280.0f, 720.0f), {390.0f, 844.0f}, {320.0f, 568.0f}})
        for (const char* language : {"en", "zh"})
            for (const char* task : {"generate", "forecast", "needle"}) {
                PredictScreen screen(task, width, height);
                screen.api->set_language(language);
                screen.step(60);
                int found = 0;
                for (const NamedRect& each : screen.app->rects()) {
                    if (!each.name.starts_with("rnn.predict.")) continue;
                    ++found;
                    CHECK_MESSAGE(each.rect.x >= 0, each.name << " at " << width);
                    CHECK_MESSAGE(each.rect.right() <= width + 0.5f, each.name << " at " << width << " in " << language);
                    CHECK_MESSAGE(each.rect.w > 10, each.name << " at " << width);
                }
                CHECK(found >= (std::string_view(task) == "needle" ? 3 : 8));
            }
}

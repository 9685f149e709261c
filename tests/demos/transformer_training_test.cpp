// Training in the Transformer room as a learner does it, without a screen: it learns to sort, the same bits with any number of threads,
// whole answers, the time machine over heads, warm-up.
#include <doctest/doctest.h>

#include <cmath>

#include "demos/transformer/head_history.h"
#include "demos/transformer/training_setup.h"
#include "demos/transformer/whole_answers.h"
#include "engine/data/sequence_problems.h"
#include "engine/errors.h"
#include "engine/io/safetensors.h"
#include "engine/parallel.h"
#include "engine/train/schedule.h"
#include "tests/demos/transformer_room.h"

using namespace trilens;

namespace {

struct TrainingScreen : TransformerScreen {
    explicit TrainingScreen(const char* task = "sequences", float width = 1280, float height = 2400)
        : TransformerScreen(task, width, height) {
        choose("transformer.view", "train");
    }
    // What the room told of its errors since it was asked.
    std::string errors() {
        std::string all;
        for (const auto& event : json(api->take_events()))
            if (event["event"] == "error") all += event["detail"].dump() + " ";
        return all;
    }
    std::vector<std::string> drawn_with(std::string_view beginning) const {
        std::vector<std::string> names;
        for (const NamedRect& each : app->rects())
            if (each.name.starts_with(beginning)) names.push_back(each.name);
        return names;
    }
};

// Notes the largest batch that is asked for outside of training.
class Watched : public DataSet {
public:
    explicit Watched(std::shared_ptr<const DataSet> data) : data_(std::move(data)) {}
    int64_t size() const override { return data_->size(); }
    Batch batch(std::span<const int32_t> samples) const override {
        const Batch out = data_->batch(samples);
        asked += static_cast<int64_t>(samples.size());
        most_samples = std::max(most_samples, static_cast<int64_t>(samples.size()));
        most_tokens = std::max({most_tokens, out.inputs.elements(), out.targets.elements()});
        return out;
    }
    Batch training_batch(std::span<const int32_t> samples, int64_t epoch) const override { return data_->training_batch(samples, epoch); }

    mutable int64_t asked = 0, most_samples = 0, most_tokens = 0;

private:
    std::shared_ptr<const DataSet> data_;
};

// A bench with the network that the screen shows.
std::unique_ptr<TransformerWorkbench> bench_of(TestScreen& screen, SequenceProblem problem = SequenceProblem::sort) {
    auto bench = std::make_unique<TransformerWorkbench>();
    bench->settings.task = transformer_task_number("sequences");
    bench->settings.problem = problem;
    bench->load(read_safetensors(screen.api->save()));
    bench->compute();
    return bench;
}

}  // namespace

TEST_CASE("a thousand steps learn to sort: the loss falls and 99 of 100 answers are right to the last token") {
    TrainingScreen screen;
    const auto before = judge_answers(*bench_of(screen), 200, 8);
    CHECK(before.judged == 200);
    CHECK(before.correct < 20);
    screen.train(R"({"steps":57})");
    const double first = screen.last("done")["loss"];
    screen.train(R"({"steps":943})");
    const auto done = screen.last("done");
    CHECK(done["step"] == 1000);
    CHECK(done["loss"].get<double>() < first / 20);
    CHECK(done["validation_loss"].get<double>() < 0.05);
    const auto bench = bench_of(screen);
    const WholeAnswers after = judge_answers(*bench, 200, 8);
    CHECK(after.judged == 200);
    CHECK(after.correct >= 198);
    REQUIRE(after.first.size() == 8);
    const SequenceProblems data(SequenceProblem::sort, 2000, 6, 1);
    const std::vector<int32_t> validation = random_split(2000, 0.1, 1).validation;
    for (size_t i = 0; i < 8; ++i) {
        std::string sorted = data.text(validation[i]);
        CHECK(after.first[i].prompt == sorted + "=");
        std::ranges::sort(sorted);
        CHECK(after.first[i].right == sorted);
        CHECK(after.first[i].correct == (after.first[i].written == sorted));
    }
    // And it sorts what a learner types.
    screen.type("4 2 9 1");
    bench->text_of(bench->input) = "4 2 9 1";
    bench->compute();
    CHECK(bench->written_text() == "1249");
    CHECK(bench->written().finished);
    CHECK(screen.drawn("transformer.whole_answers"));
    CHECK(screen.errors().empty());
}

TEST_CASE("answers are judged one by one where time is short, to the same verdicts, of the network that there was at the beginning") {
    TrainingScreen screen;
    const auto bench = bench_of(screen);
    const WholeAnswers at_once = judge_answers(*bench, 20, 3);
    AnswerJudge judge(*bench, 20, 3);
    int pieces = 1;
    while (judge.step([] { return false; })) {
        CHECK(judge.answers().judged == pieces++);
        bench->settings.seed = 2;  // training goes on under it
        bench->start_anew();
    }
    CHECK(pieces == 20);
    CHECK(judge.answers().correct == at_once.correct);
    for (size_t i = 0; i < 3; ++i) CHECK(judge.answers().first[i].written == at_once.first[i].written);
}

TEST_CASE("same seed, same bits, with one thread and with two; another seed is another network") {
    const int before = threads();
    std::string first;
    for (const int count : {1, 2}) {
        set_threads(count);
        TrainingScreen screen;
        screen.train(R"({"steps":60})");
        if (first.empty()) first = screen.api->checksum();
        CHECK(screen.api->checksum() == first);
        screen.click(screen.middle("transformer.anew"));
        CHECK(screen.api->checksum() != first);
        screen.train(R"({"steps":60})");
        CHECK(screen.api->checksum() == first);
        screen.put("transformer.seed", "2");
        screen.train(R"({"steps":60})");
        CHECK(screen.api->checksum() != first);
    }
    set_threads(before);
}

TEST_CASE("cut into pieces, stopped and gone on with, a run comes to the same bits") {
    TrainingScreen screen;
    screen.train(R"({"steps":40})");
    const std::string whole = screen.api->checksum();
    screen.click(screen.middle("transformer.anew"));
    screen.api->train("true");
    for (int i = 0; i < 3; ++i) screen.frame();
    screen.api->train("false");
    screen.settle(20000);
    const auto stopped = screen.last("done");
    const int64_t at = stopped["step"];
    CHECK(at > 0);
    REQUIRE(at < 40);
    screen.api->train("{\"steps\":" + std::to_string(40 - at) + "}");
    screen.settle(20000);
    CHECK(screen.api->checksum() == whole);
}

TEST_CASE("back in time the weights are the older ones, and forth again the same bits") {
    TrainingScreen screen;
    CHECK_THROWS_AS(screen.api->step(-1), ValueError);
    const std::string start = screen.api->checksum();
    screen.train(R"({"steps":10})");
    const std::string at_10 = screen.api->checksum();
    const Tensor weights = screen.tensor("decoder.0.weights");
    screen.train(R"({"steps":20})");
    const std::string at_30 = screen.api->checksum();
    CHECK(at_30 != at_10);
    screen.api->step(-20);
    screen.settle(20000);
    CHECK(screen.api->checksum() == at_10);
    screen.put("transformer.step", "1");
    screen.put("transformer.step", "0");
    CHECK(checksum(screen.tensor("decoder.0.weights")) == checksum(weights));
    screen.api->step(20);
    screen.settle(20000);
    CHECK(screen.api->checksum() == at_30);
    screen.api->step(-1000);
    screen.settle(20000);
    CHECK(screen.api->checksum() == start);
    CHECK(screen.errors().empty());
}

TEST_CASE("patterns of heads that look at all keys alike are those of the closed form") {
    TransformerWorkbench bench;
    bench.settings.task = transformer_task_number("sequences");
    std::vector<Tensor> zeros;
    for (const Parameter* parameter : bench.model()->parameters()) zeros.push_back(Tensor(parameter->value.shape()));
    bench.use_weights(zeros);
    // Query i of a causal head has i + 1 keys, each with 1 / (i + 1).
    const auto validation = bench.split().validation;
    double previous = 0, own = 0, same = 0;
    int64_t queries = 0, after_first = 0, met = 0;
    const auto data = bench.data();
    for (size_t sample = 0; sample < 16; ++sample) {
        const Tensor tokens = data->batch(std::span(validation).subspan(sample, 1)).inputs;
        for (int64_t i = 0; i < tokens.elements(); ++i) {
            const double share = 1.0 / static_cast<double>(i + 1);
            own += share, ++queries;
            if (i > 0) previous += share, ++after_first;
            const auto equal = std::count(tokens.data(), tokens.data() + i, tokens.data()[i]);
            if (equal > 0) same += share * static_cast<double>(equal), ++met;
        }
    }
    const auto check = [&](HeadPattern pattern, double wanted) {
        const PatternScores scores = pattern_scores(bench, pattern);
        REQUIRE(scores.size() == 2);
        for (const auto& layer : scores) {
            REQUIRE(layer.size() == 4);
            for (const float score : layer) CHECK(static_cast<double>(score) == doctest::Approx(wanted).epsilon(1e-5));
        }
    };
    check(HeadPattern::own, own / static_cast<double>(queries));
    check(HeadPattern::previous, previous / static_cast<double>(after_first));
    check(HeadPattern::first, previous / static_cast<double>(after_first));
    REQUIRE(met > 0);
    check(HeadPattern::same, same / static_cast<double>(met));
}

TEST_CASE("the history of heads keeps a curve, says where it rose, and forgets what is of another branch") {
    TrainingScreen screen;
    HeadHistory history;
    CHECK(history.curve(HeadPattern::own, 0, 0).steps.empty());
    CHECK(!history.clicked(HeadPattern::own, 0, 0));
    std::vector<PatternScores> scores;
    for (int i = 0; i < 4; ++i) {
        if (i > 0) screen.train(R"({"steps":60})");
        const auto bench = bench_of(screen);
        scores.push_back(pattern_scores(*bench, HeadPattern::previous));
        history.note(*bench, i * 60);
    }
    CHECK(history.size() == 4);
    for (size_t layer = 0; layer < 2; ++layer)
        for (size_t head = 0; head < 4; ++head) {
            const HeadHistory::Curve curve = history.curve(HeadPattern::previous, layer, head);
            CHECK(curve.steps == std::vector<float>{0, 60, 120, 180});
            // All rises of any two, the highest of them, and where its half is passed.
            float most = 0, half = 0;
            std::optional<int64_t> rise;
            for (size_t i = 0; i < 4; ++i) {
                CHECK(curve.scores[i] == scores[i][layer][head]);
                for (size_t j = i + 1; j < 4; ++j)
                    if (const float by = curve.scores[j] - curve.scores[i]; by > most) {
                        most = by, half = (curve.scores[i] + curve.scores[j]) / 2, rise.reset();
                        for (size_t k = j; k > i; --k)
                            if (curve.scores[k] >= half) rise = static_cast<int64_t>(k) * 60;
                    }
            }
            if (most < 0.2f) rise.reset();
            CHECK(history.clicked(HeadPattern::previous, layer, head) == rise);
        }
    history.note(*bench_of(screen), 180);  // a step that is there is computed anew
    CHECK(history.size() == 4);
    history.forget_after(120);
    CHECK(history.size() == 3);
    history.clear();
    CHECK(history.size() == 0);
}

TEST_CASE("the button where a head clicked leads back to weights that have the pattern, however long the run was") {
    TrainingScreen screen;
    for (int i = 0; i < 11; ++i) screen.train(R"({"steps":91})");
    const std::string end = screen.api->checksum();
    CHECK(screen.drawn("transformer.patterns"));
    bool found = false;
    for (const char* pattern : {"previous", "first", "own", "same"}) {
        screen.choose("transformer.view", "train");
        screen.choose("transformer.pattern", pattern);
        const auto buttons = screen.drawn_with("transformer.clicked:");
        if (buttons.empty()) continue;
        found = true;
        screen.api->take_events();
        screen.click(screen.middle(buttons.front()));
        screen.settle(20000);
        CHECK(screen.errors().empty());
        CHECK(screen.api->checksum() != end);
        CHECK(screen.api->get("transformer.view") == "\"heads\"");
    }
    CHECK(found);
}

TEST_CASE("a network of another size trained while the training view is away has its own heads' curves") {
    TrainingScreen screen;
    for (int i = 0; i < 3; ++i) screen.train(R"({"steps":5})");
    CHECK(screen.drawn("transformer.patterns"));
    screen.choose("transformer.view", "heads");
    screen.put("transformer.layers", "3");
    screen.put("transformer.num_heads", "6");
    screen.train(R"({"steps":5})");
    screen.choose("transformer.view", "train");
    screen.train(R"({"steps":5})");
    CHECK(screen.drawn("transformer.patterns"));
    CHECK(screen.errors().empty());
}

TEST_CASE("whole answers are of the problem and of the heads on screen") {
    TrainingScreen screen;
    screen.train(R"({"steps":500})");
    for (const SequenceProblem problem : {SequenceProblem::copy, SequenceProblem::addition, SequenceProblem::dates}) {
        constexpr const char* names[] = {"sort", "reverse", "copy", "addition", "dates"};
        screen.choose("transformer.problem", names[static_cast<size_t>(problem)]);
        CHECK(screen.drawn("transformer.whole_answers"));
        const auto bench = bench_of(screen, problem);
        const WholeAnswers untrained = judge_answers(*bench, 20, 3);
        CHECK(untrained.judged == 20);
        CHECK(untrained.correct <= 1);
        REQUIRE(untrained.first.size() == 3);
    }
    screen.choose("transformer.problem", "sort");
    const auto bench = bench_of(screen);
    const int64_t right = judge_answers(*bench, 200, 1).correct;
    CHECK(right > 120);
    for (auto& layer : bench->settings.heads[static_cast<size_t>(TransformerLook::Where::decoder)]) layer.fill(HeadMode::off);
    CHECK(judge_answers(*bench, 200, 1).correct < right / 2);
}

TEST_CASE("a warm-up leads the rate up along a line and down with the square root; the trainer follows it") {
    for (const int64_t step : {0, 9, 49}) CHECK(scheduled_rate(1, 50, step) == doctest::Approx((static_cast<double>(step) + 1) / 50));
    CHECK(scheduled_rate(1, 50, 199) == doctest::Approx(0.5));
    CHECK(scheduled_rate(0.25f, 0, 999) == 0.25f);

    TrainingScreen screen;
    screen.train(R"({"steps":3})");
    const std::string without = screen.api->checksum();
    screen.put("transformer.warmup", "1000");
    CHECK(!screen.drawn("training.loss"));  // another run
    screen.click(screen.middle("transformer.anew"));
    const Tensor start = screen.tensor("decoder.0.q");
    screen.train(R"({"steps":3})");
    const std::string with = screen.api->checksum();
    CHECK(with != without);
    // Adam's first steps are as long as the rate: a thousandth of it at first.
    const Tensor moved = screen.tensor("decoder.0.q");
    double most = 0;
    for (int64_t i = 0; i < std::min(start.elements(), moved.elements()); ++i)
        most = std::max(most, std::abs(static_cast<double>(start.data()[i]) - static_cast<double>(moved.data()[i])));
    CHECK(most < 0.01);
    CHECK(screen.drawn("transformer.schedule"));
}

TEST_CASE("settings of the run begin another one; the rate changes under way; what makes no sense is refused") {
    TrainingScreen screen;
    screen.train(R"({"steps":3})");
    screen.put("transformer.rate", "0.001");
    screen.train(R"({"steps":3})");
    CHECK(screen.last("done")["step"] == 6);
    for (const auto& [field, value] : {std::pair("transformer.optimizer", "\"sgd\""),
                                       {"transformer.batch", "16"},
                                       {"transformer.clip", "0.5"},
                                       {"transformer.warmup", "20"},
                                       {"transformer.samples", "200"},
                                       {"transformer.items", "4"},
                                       {"transformer.layers", "1"},
                                       {"transformer.seed", "3"},
                                       {"transformer.problem", "\"copy\""}}) {
        screen.put(field, value);
        CHECK_MESSAGE(!screen.drawn("training.loss"), field);
        screen.train(R"({"steps":2})");
        CHECK_MESSAGE(screen.last("done")["step"] == 2, field);
        CHECK(screen.drawn("training.loss"));
    }
    CHECK_THROWS_AS(screen.api->train(R"({"steps":-1})"), ValueError);
    CHECK_THROWS_AS(screen.api->train("5"), Error);
}

TEST_CASE("every task that is trained here trains, and the sequence on screen is computed with the new weights") {
    for (const char* task : {"sequences", "generate", "mask"}) {
        CAPTURE(task);
        TrainingScreen screen(task);
        screen.put("transformer.samples", "200");
        const uint64_t before = checksum(screen.tensor("logits"));
        screen.train(R"({"steps":8})");
        const double first = screen.last("step")["loss"];
        screen.train(R"({"steps":60})");
        CHECK(screen.last("step")["loss"].get<double>() < first);
        CHECK(checksum(screen.tensor("logits")) != before);
        CHECK(screen.errors().empty());
    }
}

TEST_CASE("a run that goes on after the text is unreadable, or has another page language, says no error") {
    TrainingScreen screen;
    screen.api->train("true");
    screen.frame();
    screen.api->text("x");
    for (int i = 0; i < 10; ++i) screen.frame();
    CHECK(screen.drawn("transformer.problem"));
    screen.api->text("3 1 2");
    for (int i = 0; i < 10; ++i) screen.frame();
    CHECK(!screen.drawn("transformer.problem"));
    screen.api->set_language("zh");
    for (int i = 0; i < 10; ++i) screen.frame();
    screen.api->set_language("en");
    screen.api->train("false");
    screen.settle(20000);
    CHECK(screen.errors().empty());
}

TEST_CASE("validation is looked at in batches of few tokens, and no larger than those of training") {
    struct Case {
        int task;
        SequenceProblem problem;
        int batch;
    };
    for (const auto& [task, problem, batch] : {Case{transformer_task_number("generate"), SequenceProblem::sort, 256},
                                               Case{transformer_task_number("generate"), SequenceProblem::sort, 8},
                                               Case{transformer_task_number("sequences"), SequenceProblem::dates, 256},
                                               Case{transformer_task_number("mask"), SequenceProblem::sort, 256}}) {
        TransformerWorkbench bench;
        bench.settings.task = task;
        bench.settings.problem = problem;
        bench.settings.training.batch = batch;
        for (int i = 0; i < 300; ++i) bench.input.corpus += "all of " + std::to_string(i);
        REQUIRE(bench.input.corpus.size() > 2500);
        SessionSetup setup = transformer_training_setup(bench);
        const auto watched = std::make_shared<Watched>(setup.data);
        setup.data = watched;
        setup.split.training.resize(4);  // an epoch is short
        const auto validated = static_cast<int64_t>(setup.split.validation.size());
        const auto session = std::make_shared<Session>(std::move(setup));
        const auto job = session->run({.epochs = 1});
        while (job->step([] { return true; })) continue;
        CHECK(watched->asked == validated);
        CHECK(watched->most_tokens <= most_validation_tokens);
        CHECK(watched->most_samples <= batch);
        CHECK(std::isfinite(session->snapshot()->first().epochs.at(0).validation_accuracy));
    }
}

TEST_CASE("heads are noted whatever view is on screen, and the weights of the end are those on screen") {
    TrainingScreen screen;
    screen.choose("transformer.view", "heads");
    for (int i = 0; i < 3; ++i) screen.train(R"({"steps":20})");
    const std::string end = screen.api->checksum();
    screen.choose("transformer.view", "train");
    CHECK(screen.drawn("transformer.patterns"));
    CHECK(screen.api->checksum() == end);
    CHECK(screen.errors().empty());
}

TEST_CASE("what was learned is not lost: New can be undone, and so can another seed or another size") {
    TrainingScreen screen;
    const std::string fresh = screen.api->checksum();
    screen.train(R"({"steps":5})");
    const std::string trained = screen.api->checksum();
    screen.click(screen.middle("transformer.anew"));
    CHECK(screen.api->checksum() == fresh);
    screen.api->undo();
    screen.settle();
    CHECK(screen.api->checksum() == trained);
    screen.api->redo();
    screen.settle();
    CHECK(screen.api->checksum() == fresh);
    screen.api->undo();
    screen.settle();
    for (const auto& [field, value] : {std::pair("transformer.seed", "2"), {"transformer.layers", "3"}, {"transformer.d_model", "32"}}) {
        screen.put(field, value);
        CHECK_MESSAGE(screen.api->checksum() != trained, field);
        screen.api->undo();
        screen.settle();
        CHECK_MESSAGE(screen.api->checksum() == trained, field);
    }
}

TEST_CASE("a network knows whether it was trained: fresh, trained, loaded, fresh again, and each task by itself") {
    TransformerWorkbench bench;
    CHECK(!bench.is_trained());  // a shipped one is not trained here
    bench.settings.task = transformer_task_number("sequences");
    CHECK(!bench.is_trained());
    std::vector<Tensor> weights;
    for (const Parameter* parameter : bench.model()->parameters()) weights.push_back(parameter->value.clone());
    bench.use_weights(weights);
    CHECK(bench.is_trained());
    bench.settings.training.warmup = 100;
    bench.settings.items = 4;
    CHECK(bench.is_trained());
    bench.settings.task = transformer_task_number("mask");
    CHECK(!bench.is_trained());
    bench.settings.task = transformer_task_number("sequences");
    CHECK(bench.is_trained());
    const auto saved = bench.save();
    bench.start_anew();
    CHECK(!bench.is_trained());
    bench.load(read_safetensors(saved));
    CHECK(bench.is_trained());
    bench.settings.seed = 2;
    CHECK(!bench.is_trained());
}

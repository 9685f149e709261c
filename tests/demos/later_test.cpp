// What drawing asks for is carried out after the frame: a frame draws one graph.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/errors.h"
#include "tests/demos/screen.h"

namespace trilens {

namespace {

// Its graph has one number. In the frame after `ask`, drawing asks for three commands: another graph, one that fails, and one more.
class AskingRoom : public Room {
public:
    AskingRoom() { compute(1), made = this; }
    std::string_view id() const override { return "asking"; }
    Text title() const override { return Text::room_cnn; }
    std::shared_ptr<const Graph> graph() const override { return graph_; }
    float draw(Stage& stage, Rect) override {
        drawn.push_back(stage.graph->find("number").tensor().item());
        if (std::exchange(ask, false)) ask_for_three();
        drawn.push_back(stage.graph->find("number").tensor().item());
        return 10;
    }
    void compute(float number) {
        auto graph = std::make_shared<Graph>();
        graph->input(Tensor(Shape{1}, {number}), "number");
        graph_ = std::move(graph);
    }
    void ask_at_once() {
        host().later([this] { order += "now "; });
        order += "then";
    }

    bool ask = false;
    std::vector<float> drawn;  // at the beginning and at the end of each frame
    std::string order;
    static inline AskingRoom* made = nullptr;

private:
    void ask_for_three() {
        host().later([this] {
            order += "first ";
            compute(2);
            host().later([this] { order += "within "; });
            order += "still-first ";
        });
        host().later([] { throw ValueError("the second command fails"); });
        host().later([this] { order += "third"; });
        order += "drawn ";
    }

    std::shared_ptr<const Graph> graph_;
};

constexpr RoomEntry asking_rooms[] = {{"asking", Text::room_cnn, [] { return std::unique_ptr<Room>(std::make_unique<AskingRoom>()); }}};

}  // namespace

TEST_CASE("what drawing asks for is carried out after the frame, in order, and a command that fails is told and stops no other") {
    TestScreen screen(1280, 720, 1, false, asking_rooms);
    AskingRoom& room = *AskingRoom::made;
    screen.app->take_events();
    room.drawn.clear();
    room.ask = true;
    screen.frame();
    CHECK(room.drawn == std::vector<float>{1, 1});
    CHECK(room.order == "drawn first within still-first third");
    std::string told;
    for (const Event& event : screen.app->take_events())
        if (event.name == "error") told = event.detail["message"];
    CHECK(told == "the second command fails");
    CHECK(screen.app->wants_frame());
    screen.frame();
    CHECK(room.drawn == std::vector<float>{1, 1, 2, 2});
}

TEST_CASE("what is asked for while nothing is drawn is carried out at once") {
    TestScreen screen(1280, 720, 1, false, asking_rooms);
    AskingRoom::made->ask_at_once();
    CHECK(AskingRoom::made->order == "now then");
}

}  // namespace trilens

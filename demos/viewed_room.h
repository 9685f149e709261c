// ViewedRoom: a room with one network that is looked at in several views, one at a time below a row of tabs, and trained by one run.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "demos/room.h"
#include "demos/room_view.h"
#include "demos/training/run.h"

namespace trilens {

class ViewedRoom : public Room {
public:
    std::shared_ptr<Job> job() override { return training_.running() ? training_.job() : view().job(); }
    void update() override;
    bool animating() const override { return view().animating(); }
    void leave() override { training_.end(); }
    // What the field's effect says: the views hear of it before anything is computed anew.
    void field_changed(const Field& field) override;

protected:
    explicit ViewedRoom(TrainingRun::Room training) : training_(std::move(training)) {}

    virtual void training_updated() {
    }  // before each frame: the run published, ended or did nothing; the view on screen has not heard of it
    virtual void take_settings() = 0;  // another network or other data: hands them on, and ends the run that was another network's
    virtual void recompute() = 0;   // a new graph, and all that follows from it
    virtual void start_anew() = 0;  // fresh weights

    // In the order of the tabs, all of them before any field is listed.
    void add_view(const char* id, Text label, Text help, std::unique_ptr<RoomView> view);
    void attached() override;

    RoomView& view() const { return *views_[static_cast<size_t>(at_)].view; }  // on screen
    bool on(std::string_view id) const { return views_[static_cast<size_t>(at_)].id == id; }
    void views_computed();

    void list_view_choice(Text help, Field::Effect effect);  // the field "ROOM.view"
    void list_view_fields();           // those of the views, each shown with its view
    nlohmann::json views_state() const;  // {view: its state}, those that have one
    void restore_views(const nlohmann::json& state);

    float draw_views(Stage& stage, Rect area);                           // the tabs, and the gap below
    float draw_choice(Stage& stage, std::string_view field, Rect area);  // a field's choices as tabs, and the gap below

    TrainingRun training_;

private:
    struct Shown {
        const char* id;
        Text label, help;
        std::unique_ptr<RoomView> view;
    };
    std::vector<Shown> views_;
    int at_ = 0;
};

}  // namespace trilens

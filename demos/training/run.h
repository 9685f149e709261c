// TrainingRun: the training of one room. It starts sessions, takes what they publish on the thread that draws, and tells the host: 'step',
// 'epoch', 'done' with the metrics. A room says what to train and what to do with new weights; all the rest is here, once for all rooms.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "demos/room.h"
#include "demos/training/session.h"

namespace trilens {

class TrainingRun {
public:
    struct Room {
        std::function<SessionSetup()> setup;                     // what to train, asked when a session begins; may throw for the learner
        std::function<void(const SessionSnapshot&)> take;        // the weights of all contenders after each snapshot
    };
    explicit TrainingRun(Room room) : room_(std::move(room)) {}
    void attach(Host& host) { host_ = &host; }

    void train(const Training& wanted);         // as the page API's train()
    void pause();
    void back_to(int64_t step);                  // to a kept step; pauses first
    void set_rate(float rate);
    void end();                                  // as pause(), but tells 'done' at once: nobody will call update()
    void forget();                               // the weights are others now: the next train() is another session

    void update();                               // before each frame
    std::shared_ptr<Job> job() const { return job_; }
    bool running() const { return job_ != nullptr; }
    bool begun() const { return session_ != nullptr; }
    const SessionSnapshot* progress() const { return progress_.get(); }   // of the session; null before it published
    uint64_t version() const { return version_; }   // another number after each new progress()
    int64_t step() const { return progress_ ? progress_->first().step : 0; }

private:
    void start();
    void tell(int64_t last_epoch) const;
    nlohmann::json metrics() const;

    Room room_;
    Host* host_ = nullptr;
    std::shared_ptr<Session> session_;
    std::shared_ptr<Job> job_;
    std::shared_ptr<const SessionSnapshot> progress_;
    uint64_t version_ = 0;
};

}  // namespace trilens

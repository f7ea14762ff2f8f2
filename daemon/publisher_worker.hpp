#pragma once

#include "daemon/publisher_state.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>

namespace gazetted {

/// One of the threads that render. Makes a Render of its own, and another with back-off after the database went away; renders
/// what the queue holds, and improves documents when it holds nothing.
class PublisherWorker {
public:
    explicit PublisherWorker(Publisher::State& state) : state_(state), back_off_(state.limits.back_off_min) {}
    void run();  ///< until `stopping`

private:
    enum class Outcome { stopping, idle, rendered, database_away };
    struct Task {
        RenderingQueue::Rendering rendering;
        std::shared_ptr<const Document> previous;
    };

    Outcome work_once();
    std::optional<Task> take_task();
    std::shared_ptr<const Document> take_to_improve();
    void want_improved(const std::shared_ptr<const Document>&, unsigned changes);
    void wait_for_work(std::unique_lock<std::mutex>&);

    Outcome render(Task);
    Outcome fail(const RenderingQueue::Rendering&, const std::exception&);
    Outcome go_without_database(const RenderingQueue::Rendering&, const std::exception&);
    std::string settle(const RenderingQueue::Rendering&, const std::optional<Publication>&);
    void keep(const RenderingQueue::Rendering&, const std::shared_ptr<const Document>&);
    void note_set_aside(const Document&) const;
    void note_dropped(const Document&) const;
    void note_shortened(const Document&) const;
    void note_unread(const Document&) const;
    Outcome improve(const std::shared_ptr<const Document>&);
    std::shared_ptr<const Document> with_articles_behind(const std::shared_ptr<const Document>&);

    bool connect();
    void note_away(const std::exception&);
    void put_back(const RenderingQueue::Rendering&);
    void wait_out_back_off();

    Publisher::State& state_;
    Publisher::Render render_;
    bool proven_ = false;  // render_ has rendered something: when it fails the connection was lost, and another may be had
    std::chrono::milliseconds back_off_;
};

}  // namespace gazetted

#include "tests/support/steady_writer.hpp"

#include "tests/support/test_database.hpp"

#include <stdexcept>

namespace gazetted {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

SteadyWriter::SteadyWriter(std::string database_url, std::chrono::milliseconds pause)
    : database_url_(std::move(database_url)), pause_(pause), thread_([this] {
          for (; !over_; std::this_thread::sleep_for(pause_)) {
              rests_ = paused_.load();
              if (!rests_) write();
          }
      }) {}

void SteadyWriter::write() {
    const std::uint64_t number = acknowledged_ + 1;
    const std::string id = "'urn:steady:" + std::to_string(number) + "'";
    try {
        run_sql(database_url_, "SET search_path = gazetted; BEGIN; INSERT INTO articles (id, title, content) VALUES (" + id +
                                   ", '" + title(number) +
                                   "', '<p>text</p>') ON CONFLICT (id) DO NOTHING; INSERT INTO article_categories (article_id, "
                                   "category_id) SELECT " +
                                   id + ", id FROM categories WHERE slug = 'news' ON CONFLICT DO NOTHING; COMMIT");
        acknowledged_ = number;
    } catch (const std::runtime_error& error) {
        const std::lock_guard lock(mutex_);
        trouble_ = error.what();
    }
}

void SteadyWriter::pause() {
    paused_ = true;
    while (!rests_) std::this_thread::sleep_for(1ms);
}

SteadyWriter::~SteadyWriter() { stop(); }

void SteadyWriter::stop() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
}

std::string SteadyWriter::title(std::uint64_t number) { return "Steady " + std::to_string(number) + "."; }

bool SteadyWriter::goes_on_within(std::chrono::milliseconds time_max) const {
    // The one that is under way may have begun before.
    const std::uint64_t wanted = acknowledged_ + 2;
    for (const auto end = Clock::now() + time_max; acknowledged_ < wanted; std::this_thread::sleep_for(5ms))
        if (Clock::now() > end) return false;
    return true;
}

std::string SteadyWriter::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

std::string SteadyWriter::lost_query() const {
    return "SELECT count(*) FROM generate_series(1, " + std::to_string(acknowledged_) +
           ") AS n WHERE 1 <> (SELECT count(*) FROM gazetted.articles a JOIN gazetted.article_categories c ON c.article_id = "
           "a.id WHERE a.id "
           "= 'urn:steady:' || n)";
}

}  // namespace gazetted

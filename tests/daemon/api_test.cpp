// How calls get to whoever performs them, and back.
#include "daemon/api.hpp"

#include "daemon/http.hpp"
#include "daemon/store.hpp"
#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// In place of the database: notes what it is asked, and says it back; can be away, slow or broken.
class FakeDesk {
public:
    Response perform(const ApiCall& call) {
        std::unique_lock lock(mutex_);
        ++begun_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return !held_; });
        if (is_away) throw StoreUnavailable("the fake database is away");
        if (is_broken) throw std::logic_error("the fake desk is broken");
        return plain_text(200, "text/plain", std::string(call.route->operation) + " " + call.name + ": " + call.body);
    }
    void hold() {
        const std::lock_guard lock(mutex_);
        held_ = true;
    }
    void release() {
        const std::lock_guard lock(mutex_);
        held_ = false;
        changed_.notify_all();
    }
    bool wait_until_begun(std::size_t calls) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 5s, [&] { return begun_ >= calls; });
    }
    std::size_t begun() {
        const std::lock_guard lock(mutex_);
        return begun_;
    }
    std::atomic<bool> is_away{false}, is_broken{false};

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool held_ = false;
    std::size_t begun_ = 0;
};

const std::string bearer = "Authorization: Bearer x." + std::string(64, '0') + "\r\n";

ApiCall some_call() {
    ApiCall call;
    call.route = &api_routes[1];
    return call;
}

struct ApiTest : testing::Test {
    void start(Api::Limits limits = {}, ServerConfig config = {}) {
        api = std::make_unique<Api>(limits, [this](const ApiCall& call) { return desk.perform(call); });
        running = std::make_unique<RunningServer>(config, Publisher::Limits{}, std::vector<PassedSocket>{}, api.get());
    }
    ~ApiTest() override {
        desk.release();
        running.reset();
    }
    static std::string head(const std::string& line, std::size_t bytes, const std::string& fields = {},
                            const std::string& type = "application/json") {
        return line + " HTTP/1.1\r\nHost: localhost\r\n" + bearer + "Content-Type: " + type +
               "\r\nContent-Length: " + std::to_string(bytes) + "\r\n" + fields + "\r\n";
    }
    static bool has_status(const std::string& response, unsigned status) {
        return response.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
    }
    FakeDesk desk;
    std::unique_ptr<Api> api;
    std::unique_ptr<RunningServer> running;
};

TEST_F(ApiTest, AnswersOneCallAfterTheOtherOnAConnection) {
    start();
    RawConnection connection(running->status_port());
    connection.send(head("PUT /api/articles/a%20b", 4) + "{\"a\"" + "GET /api/sources HTTP/1.1\r\nHost: x\r\n" + bearer +
                    "\r\n" + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto first = connection.receive();
    EXPECT_TRUE(has_status(first, 200)) << first;
    EXPECT_TRUE(first.ends_with("\r\n\r\nreplace_article a b: {\"a\"")) << first;
    EXPECT_TRUE(connection.receive().ends_with("\r\n\r\nlist_sources : "));
    EXPECT_TRUE(connection.receive().ends_with("\r\n\r\nok\n"));
}

TEST_F(ApiTest, TakesABodyInPiecesAndOneOfEightMegabytes) {
    start();
    RawConnection pieces(running->status_port());
    for (const char c : head("PUT /api/articles/x", 3)) pieces.send(std::string(1, c));
    for (const char* piece : {"a", "b", "c"}) pieces.send(piece);
    EXPECT_TRUE(pieces.receive().ends_with("x: abc"));
    const std::string body(HttpLimits::upload_bytes_max, 'z');
    RawConnection large(running->status_port());
    large.send(head("PUT /api/articles/x", body.size()));
    large.send(body);
    EXPECT_TRUE(large.receive().ends_with("x: " + body));
    large.send(head("PUT /api/articles/y", 1) + "1");
    EXPECT_TRUE(large.receive().ends_with("y: 1")) << "the connection goes on";
}

TEST_F(ApiTest, RefusesALongerBodyUnread) {
    start();
    RawConnection connection(running->status_port());
    connection.send(head("PUT /api/articles/x", HttpLimits::upload_bytes_max + 1));
    EXPECT_TRUE(has_status(connection.receive(), 413));
    EXPECT_TRUE(connection.is_closed());
    RawConnection stranger(running->status_port());
    stranger.send("PUT /api/articles/x HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n");
    EXPECT_TRUE(has_status(stranger.receive(), 401));
    EXPECT_TRUE(stranger.is_closed());
    RawConnection chunked(running->status_port());
    chunked.send("PUT /api/articles/x HTTP/1.1\r\nHost: x\r\n" + bearer + "Transfer-Encoding: chunked\r\n\r\n");
    EXPECT_TRUE(has_status(chunked.receive(), 411));
    EXPECT_TRUE(chunked.is_closed());
    EXPECT_EQ(desk.begun(), 0U);
}

TEST_F(ApiTest, InvitesABodyThatWaitsForIt) {
    start();
    RawConnection connection(running->status_port());
    connection.send(head("PUT /api/articles/x", 2, "Expect: 100-continue\r\n"));
    EXPECT_EQ(connection.receive(true), "HTTP/1.1 100 Continue\r\n\r\n");
    connection.send("ab");
    EXPECT_TRUE(connection.receive().ends_with("x: ab"));
    RawConnection refused(running->status_port());
    refused.send("PUT /api/articles/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_TRUE(has_status(refused.receive(), 401)) << "and no invitation";
}

TEST_F(ApiTest, EndsABodyThatComesAByteASecond) {
    ServerConfig config;
    config.request_timeout = 1s;
    start({}, config);
    RawConnection connection(running->status_port());
    connection.send(head("PUT /api/articles/x", 100));
    std::atomic<bool> over{false};
    std::thread dripping([&] {
        while (!over) {
            connection.send("a");
            std::this_thread::sleep_for(200ms);
        }
    });
    const auto response = connection.receive();
    over = true;
    dripping.join();
    EXPECT_TRUE(has_status(response, 408)) << response;
    EXPECT_EQ(desk.begun(), 0U);
    EXPECT_TRUE(has_status(fetch(running->status_port(), "/healthz"), 200));
}

TEST_F(ApiTest, HasRoomForSoManyBytesOfBodiesAtOnce) {
    start({.bodies_bytes_max = 100});
    RawConnection first(running->status_port());
    first.send(head("PUT /api/articles/x", 60));
    const auto second = [&] {
        RawConnection connection(running->status_port());
        connection.send(head("PUT /api/articles/y", 60) + std::string(60, 'y'));
        return connection.receive();
    };
    // Whether the first has its room already is not to be seen from here; once it does, the second is refused.
    std::string refused;
    for (const auto end = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < end;)
        if (refused = second(); has_status(refused, 429)) break;
    EXPECT_TRUE(has_status(refused, 429)) << refused;
    EXPECT_NE(refused.find("\r\nRetry-After: 1\r\n"), std::string::npos);
    first.send(std::string(60, 'x'));
    EXPECT_TRUE(has_status(first.receive(), 200));
    EXPECT_TRUE(has_status(second(), 200)) << "room is given back";
}

TEST_F(ApiTest, LetsSoManyCallsWaitAndNeverALoop) {
    start({.waiting_max = 1});
    desk.hold();
    RawConnection performed(running->status_port());
    performed.send("GET /api/sources HTTP/1.1\r\nHost: x\r\n" + bearer + "\r\n");
    ASSERT_TRUE(desk.wait_until_begun(1));
    std::promise<unsigned> waiting, refused;
    api->answer(some_call(), nullptr, [&](const Response& response) { waiting.set_value(response.status); });
    api->answer(some_call(), nullptr, [&](const Response& response) { refused.set_value(response.status); });
    EXPECT_EQ(refused.get_future().get(), 429U);
    EXPECT_TRUE(has_status(fetch(running->status_port(), "/healthz"), 200)) << "the loop goes on meanwhile";
    desk.release();
    EXPECT_TRUE(has_status(performed.receive(), 200));
    EXPECT_EQ(waiting.get_future().get(), 200U);
}

TEST_F(ApiTest, SaysSoAtOnceWhileTheDatabaseIsAway) {
    start({.back_off = 50ms});
    desk.is_away = true;
    const auto response = fetch(running->status_port(), "/api/sources", bearer);
    EXPECT_TRUE(has_status(response, 503)) << response;
    EXPECT_NE(response.find("\r\nRetry-After: 5\r\n"), std::string::npos);
    EXPECT_NE(response.find("\r\nCache-Control: no-store\r\n"), std::string::npos);
    EXPECT_TRUE(has_status(fetch(running->status_port(), "/api/openapi.json"), 200));
    desk.is_away = false;
    std::string later;
    for (const auto end = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < end;)
        if (later = fetch(running->status_port(), "/api/sources", bearer); has_status(later, 200)) break;
    EXPECT_TRUE(has_status(later, 200)) << later;
}

TEST_F(ApiTest, GivesUpOnAnAnswerThatDoesNotCome) {
    start({.answer_timeout = 1s});
    desk.hold();
    EXPECT_TRUE(has_status(fetch(running->status_port(), "/api/sources", bearer), 503));
}

TEST_F(ApiTest, SurvivesAFaultOfItsOwn) {
    start();
    desk.is_broken = true;
    EXPECT_TRUE(has_status(fetch(running->status_port(), "/api/sources", bearer), 500));
    desk.is_broken = false;
    EXPECT_TRUE(has_status(fetch(running->status_port(), "/api/sources", bearer), 200));
}

TEST_F(ApiTest, IsNotThereForThePublic) {
    start();
    for (const char* target : {"/api", "/api/openapi.json", "/api/articles"})
        EXPECT_TRUE(has_status(fetch(running->port(), target, bearer), 404)) << target;
    RawConnection connection(running->port());
    connection.send(head("POST /api/articles", 8'000'000));
    EXPECT_TRUE(has_status(connection.receive(), 413));
    EXPECT_EQ(desk.begun(), 0U);
}

TEST_F(ApiTest, AnswersHeadWithoutABody) {
    start();
    RawConnection connection(running->status_port());
    connection.send("HEAD /api/sources HTTP/1.1\r\nHost: x\r\n" + bearer + "\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(connection.receive(true).find("\r\nContent-Length: 15\r\n"), std::string::npos);
    EXPECT_TRUE(connection.receive().ends_with("ok\n"));
}

TEST_F(ApiTest, PerformsNothingThatNobodyWaitsForAnyMore) {
    unsigned status = 0;
    {
        Api late({.answer_timeout = 0s}, [this](const ApiCall& call) { return desk.perform(call); });
        std::promise<void> answered;
        late.answer(some_call(), nullptr, [&](const Response& response) {
            status = response.status;
            answered.set_value();
        });
        answered.get_future().wait();
    }
    EXPECT_EQ(status, 429U);
    EXPECT_EQ(desk.begun(), 0U);
}

TEST_F(ApiTest, TellsThoseWhoWaitThatItEnds) {
    desk.hold();
    std::vector<unsigned> statuses;
    std::mutex mutex;
    {
        Api ending({}, [this](const ApiCall& call) { return desk.perform(call); });
        for (int i = 0; i < 3; ++i)
            ending.answer(some_call(), nullptr, [&](const Response& response) {
                const std::lock_guard lock(mutex);
                statuses.push_back(response.status);
            });
        ASSERT_TRUE(desk.wait_until_begun(1));
        std::thread([&] { desk.release(); }).join();
    }
    EXPECT_EQ(statuses.size(), 3U) << "everybody is answered";
}

}  // namespace
}  // namespace gazetted

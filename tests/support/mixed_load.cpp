#include "tests/support/mixed_load.hpp"

#include "tests/support/fake_site.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <random>
#include <set>
#include <string_view>

namespace gazetted {
namespace {

int status_of(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") && answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}

std::string field_of(const std::string& answer, const std::string& name) {
    const auto at = answer.find("\r\n" + name + ": ");
    const auto head_end = answer.find("\r\n\r\n");
    if (at == std::string::npos || at > head_end) return {};
    const auto begin = at + name.size() + 4;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

constexpr std::array<std::string_view, 5> codings = {"gzip", "br", "zstd", "identity", "gzip;q=0.5, br;q=0"};
constexpr std::array<std::string_view, 7> ranges = {"bytes=0-99",  "bytes=-50",        "bytes=100-",       "bytes=999999999-",
                                                    "bytes=5-2-1", "bytes=0-9,50-120", "bytes=0-1,5-0,2-3"};
constexpr std::array<std::string_view, 6> pages = {
    "/", "/feeds.opml", "/all.html", "/category/medium-3.html", "/healthz", "/category/medium-5?utm=x"};
constexpr std::array<std::string_view, 4> missing = {"/category/none.atom", "/nothing", "/article/99999999", "/%ff%fe"};
/// Refused and closed upon, or closed upon without a word.
const std::array<std::string, 7> malformed = {
    "GET / HTTP/1.1\r\n\r\n",
    "GET /all.atom HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET /all.atom HTTP/1.1\r\nHost : a\r\n\r\n",
    "\x16\x03\x01\x02 hello\r\n\r\n",
    "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX-Much: " + std::string(40'000, 'x') + "\r\n\r\n",
    "GET / HTTP/3.7\r\nHost: a\r\n\r\n",
};

}  // namespace

/// One reader with a connection that it keeps, and the tags that it was given.
class MixedLoad::Reader {
public:
    Reader(MixedLoad& load, unsigned seed) : load_(load), random_(seed) {}

    void act() {
        const auto& target = pick(load_.targets_);
        const auto chance = random_() % 100;
        if (chance < 45)
            poll(target);
        else if (chance < 60)
            expect(ask("GET", target, "Accept-Encoding: " + std::string(pick(codings)) + "\r\n"), {200});
        else if (chance < 68)
            expect(ask("GET", target, "Range: " + std::string(pick(ranges)) + "\r\n"), {200, 206, 416});
        else if (chance < 74)
            expect(ask("GET", target, "A-IM: feed\r\nIf-None-Match: " + tag_of(target) + "\r\n"), {200, 226, 304});
        else if (chance < 79)
            expect(ask("HEAD", target, ""), {200});
        else if (chance < 84)
            expect(ask("GET", std::string(pick(pages)), "Accept: text/html\r\n"), {200});
        else if (chance < 87)
            expect(ask("GET", std::string(pick(missing)), ""), {400, 404});
        else if (chance < 89)
            expect(ask("DELETE", target, ""), {405});
        else if (chance < 93)
            misbehave();
        else if (chance < 97)
            leave_in_the_middle(target);
        else
            connection_.reset();
    }

private:
    template <class Choices>
    const typename Choices::value_type& pick(const Choices& choices) {
        return choices[random_() % choices.size()];
    }
    std::string tag_of(const std::string& target) { return tags_.contains(target) ? tags_[target] : "\"unknown\""; }

    RawConnection& connection() {
        if (!connection_) connection_ = std::make_unique<RawConnection>(load_.port_);
        return *connection_;
    }

    std::string ask(const std::string& method, const std::string& target, const std::string& fields) {
        asked_ = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + "\r\n";
        connection().send(asked_);
        auto answer = connection().receive(method == "HEAD");
        if (answer.empty()) {
            // Closed since the last request, which any client must expect: once more on a new connection.
            connection_.reset();
            connection().send(asked_);
            answer = connection().receive(method == "HEAD");
        }
        if (field_of(answer, "Connection") == "close") connection_.reset();
        return answer;
    }

    void poll(const std::string& target) {
        const auto answer = ask("GET", target, "Accept-Encoding: gzip\r\nIf-None-Match: " + tag_of(target) + "\r\n");
        expect(answer, {200, 304});
        if (status_of(answer) == 200) tags_[target] = field_of(answer, "ETag");
    }

    void misbehave() {
        RawConnection other(load_.port_);
        asked_ = pick(malformed);
        other.send(asked_);
        const auto answer = other.receive_rest();
        if (!answer.empty()) expect(answer, {400, 408, 413, 414, 431, 501, 505});
    }

    void leave_in_the_middle(const std::string& target) {
        RawConnection other(load_.port_);
        const std::string request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
        other.send(request.substr(0, random_() % (request.size() + 1)));
    }

    void expect(const std::string& answer, const std::set<int>& statuses) {
        const int status = status_of(answer);
        load_.note(status);
        const auto length = field_of(answer, "Content-Length");
        const auto body = answer.size() - std::min(answer.size(), answer.find("\r\n\r\n") + 4);
        const bool is_whole = length.empty() || status == 304 || asked_.starts_with("HEAD") || body == std::stoul(length);
        if (!statuses.contains(status) || !is_whole)
            load_.complain(asked_.substr(0, 200) + "-> " + answer.substr(0, 300) + (is_whole ? "" : "(cut off)"));
    }

    MixedLoad& load_;
    std::mt19937 random_;
    std::unique_ptr<RawConnection> connection_;
    std::map<std::string, std::string> tags_;
    std::string asked_;
};

MixedLoad::MixedLoad(unsigned short port, std::vector<std::string> targets, unsigned readers)
    : port_(port), targets_(std::move(targets)) {
    for (unsigned seed = 0; seed < readers; ++seed)
        threads_.emplace_back([this, seed] {
            Reader reader(*this, seed);
            while (!over_) {
                try {
                    reader.act();
                } catch (const std::exception& error) {
                    complain(error.what());
                }
            }
        });
}

MixedLoad::~MixedLoad() { stop(); }

void MixedLoad::stop() {
    over_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

std::string MixedLoad::first_wrong() const {
    const std::lock_guard lock(mutex_);
    return first_wrong_;
}

void MixedLoad::note(int status) {
    ++answers_;
    const std::lock_guard lock(mutex_);
    ++statuses_[status];
}

void MixedLoad::complain(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (first_wrong_.empty()) first_wrong_ = what;
}

}  // namespace gazetted

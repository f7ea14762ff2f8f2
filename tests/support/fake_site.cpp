#include "tests/support/fake_site.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace gazetted {

namespace {

constexpr std::chrono::seconds patience{5};
constexpr std::chrono::sys_seconds written{std::chrono::seconds{1'638'958'711}};  // Wed, 08 Dec 2021 10:18:31 GMT

std::string media_type_of(const Address& address) {
    if (const auto* feed = std::get_if<FeedAddress>(&address)) {
        if (feed->format == FeedFormat::atom) return "application/atom+xml; charset=utf-8";
        return feed->format == FeedFormat::rss ? "application/rss+xml; charset=utf-8" : "application/feed+json; charset=utf-8";
    }
    return std::holds_alternative<CatalogueAddress>(address) ? "text/x-opml; charset=utf-8" : "text/html; charset=utf-8";
}

std::string slug_of(const Address& address) {
    if (const auto* feed = std::get_if<FeedAddress>(&address)) return feed->selection.name;
    if (const auto* page = std::get_if<CategoryPageAddress>(&address)) return page->selection.name;
    return {};
}

MovedDocument moved_to(Address address, const std::string& slug) {
    if (auto* feed = std::get_if<FeedAddress>(&address)) feed->selection.name = slug;
    if (auto* page = std::get_if<CategoryPageAddress>(&address)) page->selection.name = slug;
    return {.address = std::move(address)};
}

}  // namespace

std::shared_ptr<const Document> make_document(const FakeDocument& fake) {
    std::string body = canonical_path(fake.address) + " ";
    for (std::size_t i = 0; i < fake.repeated; ++i) body += fake.text;
    Document document;
    document.address = fake.address;
    document.media_type = media_type_of(fake.address);
    document.representations = make_representations(std::move(body));
    document.last_modified = written;
    document.last_modified_is_ambiguous = fake.ambiguous;
    document.due = fake.due;
    document.shown = {.category_id = fake.category_id, .revision = fake.revision};
    document.links = links_of(fake.address, "https://feeds.example");
    return finish_document(std::move(document));
}

std::function<Publisher::Render()> FakeSite::make_render() {
    return [this]() -> Publisher::Render {
        const std::lock_guard lock(mutex_);
        if (away_) throw StoreUnavailable("the fake database is away");
        return [this](const Address& address, const std::shared_ptr<const Document>&) { return render(address); };
    };
}

Publication FakeSite::render(const Address& address) {
    std::unique_lock lock(mutex_);
    ++begun_;
    const auto shown_text = text;
    const auto shown_revision = site_revision;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    ++ended_;
    changed_.notify_all();
    if (away_) throw StoreUnavailable("the fake database is away");
    const auto slug = slug_of(address);
    if (faulty.contains(slug)) throw std::runtime_error("the fake rendering failed");
    if (refused.contains(slug)) throw StatementFailed("the fake database cannot read this");
    if (withdrawn.contains(canonical_path(address))) return WithdrawnArticle{};
    if (removed.contains(slug)) return RemovedSelection{};
    if (moved.contains(slug)) return moved_to(address, moved.at(slug));
    if (missing.contains(slug)) return NoSuchDocument{};
    const auto id = category_ids.find(slug);
    return make_document({.address = address,
                          .text = shown_text,
                          .repeated = repeated_,
                          .category_id = id == category_ids.end() ? 0 : id->second,
                          .revision = shown_revision,
                          .due = due});
}

void FakeSite::write(const std::string& new_text) {
    const std::lock_guard lock(mutex_);
    text = new_text;
    ++site_revision;
}

void FakeSite::set_away(bool away) {
    const std::lock_guard lock(mutex_);
    away_ = away;
}

void FakeSite::set_repeated(std::size_t times) {
    const std::lock_guard lock(mutex_);
    repeated_ = times;
}

void FakeSite::hold() {
    const std::lock_guard lock(mutex_);
    held_ = true;
}

void FakeSite::release() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
}

bool FakeSite::wait_until_begun(std::size_t renderings) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return begun_ >= renderings; });
}

bool FakeSite::wait_until_ended(std::size_t renderings) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return ended_ >= renderings; });
}

std::size_t FakeSite::begun() const {
    const std::lock_guard lock(mutex_);
    return begun_;
}

std::size_t FakeSite::ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

RunningServer::RunningServer(ServerConfig config, Publisher::Limits limits, std::vector<PassedSocket> passed, Api* api) {
    const auto let_the_kernel_choose = [](ListenAddress& address) {
        if (auto* tcp = std::get_if<TcpAddress>(&address.where)) tcp->port = 0;
    };
    for (auto& address : config.listen) let_the_kernel_choose(address);
    let_the_kernel_choose(config.status);
    publisher_ = std::make_unique<Publisher>(limits, site.make_render());
    server_ = std::make_unique<Server>(
        config, "public, max-age=60", *publisher_, [this] { return report; },
        Observers{.readers = &readers, .access_log = nullptr, .polling = nullptr, .board = &board}, std::move(passed),
        VariantLimits{}, api);
    thread_ = std::thread([this] { server_->run(); });
}

unsigned short RunningServer::port_of(Door door) const {
    for (const BoundListener& listener : server_->listeners()) {
        const auto* tcp = std::get_if<TcpAddress>(&listener.address.where);
        if (tcp && listener.door == door) return tcp->port;
    }
    return 0;
}

RunningServer::~RunningServer() {
    site.release();
    server_->drain();
    thread_.join();
}

RawConnection::RawConnection(unsigned short port, const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
    connect(reinterpret_cast<const sockaddr*>(&name), sizeof name);
}

RawConnection::RawConnection(const std::string& unix_path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    unix_path.copy(name.sun_path, sizeof name.sun_path - 1);
    connect(reinterpret_cast<const sockaddr*>(&name), sizeof name);
}

void RawConnection::connect(const sockaddr* name, unsigned bytes) {
    const timeval time_out{.tv_sec = patience.count(), .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &time_out, sizeof time_out);
    if (::connect(socket_, name, bytes) != 0) throw std::runtime_error("cannot connect to the server under test");
}

RawConnection::~RawConnection() { ::close(socket_); }

void RawConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool RawConnection::fill() {
    char bytes[65'536];
    const auto received = ::recv(socket_, bytes, sizeof bytes, 0);
    if (received > 0) unused_.append(bytes, static_cast<std::size_t>(received));
    return received > 0;
}

std::string RawConnection::receive(bool head_only) {
    std::size_t head_end;
    while ((head_end = unused_.find("\r\n\r\n")) == std::string::npos)
        if (!fill()) return std::exchange(unused_, {});
    head_end += 4;
    const auto head = unused_.substr(0, head_end);
    constexpr std::string_view length_name = "Content-Length: ";
    const auto length_at = head.find(length_name);
    const auto length =
        head_only || length_at == std::string::npos ? 0 : std::stoul(head.substr(length_at + length_name.size()));
    while (unused_.size() < head_end + length)
        if (!fill()) return std::exchange(unused_, {});
    auto response = unused_.substr(0, head_end + length);
    unused_.erase(0, head_end + length);
    return response;
}

std::string RawConnection::receive_rest() {
    while (fill()) {
    }
    return std::exchange(unused_, {});
}

bool RawConnection::is_closed() {
    char byte;
    const auto received = ::recv(socket_, &byte, 1, 0);
    return received == 0 || (received < 0 && errno == ECONNRESET);
}

std::string fetch(unsigned short port, const std::string& target, const std::string& fields, const std::string& method) {
    RawConnection connection(port);
    connection.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
    return connection.receive_rest();
}

}  // namespace gazetted

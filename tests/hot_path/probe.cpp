// Serves one feed from memory until its input ends: what tests and people measure the serving core with. Compiled with -O2 in
// every preset. usage: hot_path_probe [BODY_BYTES]; prints its port and the feed's tag.
#include "tests/support/fake_site.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <iostream>

namespace {

using namespace gazetted;

// Words that gzip makes a third of, as it does with Chinese text.
std::string body_of(std::size_t bytes) {
    std::string body;
    std::uint32_t state = 1;
    while (body.size() < bytes) {
        state = state * 1'664'525U + 1'013'904'223U;
        body += std::to_string(state >> 12U) + " news of the day ";
    }
    body.resize(bytes);
    return body;
}

Publication render(const Address& address, std::size_t bytes) {
    Document document;
    document.address = address;
    document.media_type = "application/atom+xml; charset=utf-8";
    document.representations = make_representations(body_of(bytes));
    document.last_modified = std::chrono::sys_seconds(std::chrono::seconds{1'638'958'711});
    return finish_document(std::move(document));
}

}  // namespace

int main(int count, char** arguments) {
    const std::size_t bytes = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 60'000;
    Publisher publisher({.workers = 1}, [bytes]() -> Publisher::Render {
        return [bytes](const Address& address, const std::shared_ptr<const Document>&) { return render(address, bytes); };
    });
    const FeedAddress news{{"renminyoudianbao"}, FeedFormat::atom};
    std::promise<void> rendered;
    publisher.get(news, [&](const Answer&) { rendered.set_value(); });
    rendered.get_future().wait();
    // Once the workers have made the smaller codings, as readers find it from then on.
    std::shared_ptr<const Document> document;
    while (!(document = publisher.find(news, Instant{})) || !document->representations.contains(ContentCoding::br))
        std::this_thread::sleep_for(std::chrono::milliseconds{5});

    ReadershipInbox readers;
    ServerConfig config;
    config.listen = {{.where = TcpAddress{.port = 0}}};
    config.status_enabled = false;
    config.loops = 1;
    Server server(config, "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400", publisher,
                  [] { return StatusReport{}; }, {.readers = &readers});
    const auto port = std::get<TcpAddress>(server.listeners().front().address.where).port;
    std::printf("%u %s\n", port, document->representations.at(ContentCoding::gzip).etag.c_str());
    std::fflush(stdout);
    std::thread serving([&] { server.run(); });
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
    server.drain();
    serving.join();
    return 0;
}

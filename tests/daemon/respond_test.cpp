#include "daemon/respond.hpp"

#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace gazetted {
namespace {

constexpr std::string_view cache_line = "Cache-Control: public, max-age=60\r\n";

struct Case {
    std::string name, method, target;
    std::map<std::string, std::string> fields;
    std::vector<std::string> claims;
};

void add_line(std::vector<Case>& cases, const std::string& line) {
    if (line.empty() || line.starts_with('#')) return;
    if (line.starts_with("== ")) {
        cases.push_back({.name = line.substr(3), .method = {}, .target = {}, .fields = {}, .claims = {}});
        return;
    }
    auto& one = cases.back();
    if (line.starts_with("-> ")) {
        one.claims.push_back(line.substr(3));
    } else if (one.method.empty()) {
        one.method = line.substr(0, line.find(' '));
        one.target = line.substr(line.find(' ') + 1);
    } else {
        const auto colon = line.find(':');
        one.fields[line.substr(0, colon)] = line.size() > colon + 2 ? line.substr(colon + 2) : "";
    }
}

std::vector<Case> read_cases(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<Case> cases;
    for (std::string line; std::getline(stream, line);) add_line(cases, line);
    return cases;
}

// Whatever is asked for exists; what it is like follows from its name.
std::shared_ptr<const Document> document_at(const Address& address) {
    const auto path = canonical_path(address);
    auto document = make_document({.address = address,
                                   .text = path.starts_with("/category/tiny") ? "" : "an article ",
                                   .ambiguous = path.starts_with("/category/ambiguous"),
                                   .due = {}});
    return path.starts_with("/category/improved") ? with_slow_codings(*document) : document;
}

std::shared_ptr<const Document> news() { return document_at(FeedAddress{Selection{.name = "news"}}); }

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

std::string filled(std::string text) {
    const auto document = news();
    const auto& identity = document->representations.identity();
    const auto& gzip = document->representations.at(ContentCoding::gzip);
    const auto improved = document_at(FeedAddress{Selection{.name = "improved"}});
    for (const auto& [coding, representation] : improved->representations)
        replace_all(text, "{improved-" + std::string(name_of(coding)) + "}", representation.etag);
    replace_all(text, "{improved-other-gzip}", improved->other_gzip.value().etag);
    replace_all(text, "{other-gzip}", document->other_gzip.value().etag);
    replace_all(text, "{etag}", identity.etag);
    replace_all(text, "{gzip}", gzip.etag);
    replace_all(text, "{length}", std::to_string(identity.body.size()));
    replace_all(text, "{length-1}", std::to_string(identity.body.size() - 1));
    replace_all(text, "{length-5}", std::to_string(identity.body.size() - 5));
    replace_all(text, "{gzip-length}", std::to_string(gzip.body.size()));
    replace_all(text, "{opaque}", identity.etag.substr(1, identity.etag.size() - 2));
    replace_all(text, "{date}", to_http_date(document->last_modified));
    return text;
}

Response answer(const RequestView& view) {
    auto asked = ask(view);
    if (asked.answer) return for_method(view.method, std::move(*asked.answer));
    if (asked.respelled) return for_method(view.method, moved(view, asked, *asked.address, {}));
    return for_method(view.method, respond(view, document_at(*asked.address), cache_line, asked.negotiated));
}

void check_claim(const std::string& claim, const Response& response) {
    const auto head = head_text(response);
    const bool is_gzip = response.body.starts_with("\x1f\x8b");
    const bool is_identity = response.body.starts_with("/category/") || response.body.starts_with("/all");
    if (claim == "body empty") {
        EXPECT_TRUE(response.body.empty());
    } else if (claim == "body gzip") {
        EXPECT_TRUE(is_gzip);
    } else if (claim == "body identity") {
        EXPECT_TRUE(is_identity);
    } else if (claim.starts_with("body \"")) {
        EXPECT_EQ("body \"" + std::string(response.body) + "\"", claim);
    } else if (claim.starts_with('!')) {
        EXPECT_EQ(head.find("\r\n" + claim.substr(1) + ": "), std::string::npos) << claim << "\n" << head;
    } else if (claim.find(": ") != std::string::npos) {
        EXPECT_NE(head.find("\r\n" + claim), std::string::npos) << claim << "\n" << head;
    } else {
        EXPECT_EQ(std::to_string(response.status), claim) << head;
    }
}

bool has_field(const std::string& head, const std::string& name) {
    return head.find("\r\n" + name + ": ") != std::string::npos;
}

bool is_multipart(const std::string& head) { return head.find("\r\nContent-Type: multipart/byteranges") != std::string::npos; }

/// What holds of every answer, whatever its case claims.
void check_laws(const Response& response, const std::string& method) {
    const auto head = head_text(response);
    EXPECT_TRUE(head.starts_with("HTTP/1.1 " + std::to_string(response.status) + " "));
    EXPECT_TRUE(head.ends_with("\r\n"));
    EXPECT_TRUE(has_field(head, "Cache-Control")) << head;
    EXPECT_TRUE(has_field(head, "X-Content-Type-Options")) << head;
    if (response.status == 304) {
        EXPECT_TRUE(response.body.empty());
        // RFC 9110 section 15.4.5: what a cache needs to renew what it has.
        for (const char* name : {"ETag", "Vary"}) EXPECT_TRUE(has_field(head, name)) << name << "\n" << head;
        EXPECT_FALSE(has_field(head, "Content-Type")) << head;
        return;
    }
    const bool has_body = method != "HEAD" && response.status != 204;
    const auto length = "\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n";
    EXPECT_TRUE(has_body || response.body.empty());
    EXPECT_TRUE(!has_body || head.find(length) != std::string::npos) << head;
    EXPECT_TRUE(response.status < 400 || head.find("\r\nCache-Control: no-store\r\n") != std::string::npos) << head;
    EXPECT_EQ(has_field(head, "Content-Range"), response.status == 416 || (response.status == 206 && !is_multipart(head)))
        << head;
}

void check(const Case& one) {
    ASSERT_FALSE(one.claims.empty()) << "a case without a claim";
    std::map<std::string, std::string> fields;
    for (const auto& [name, value] : one.fields) fields[name] = filled(value);
    const RequestView view{.method = one.method,
                           .target = one.target,
                           .if_match = fields["If-Match"],
                           .if_none_match = fields["If-None-Match"],
                           .if_modified_since = fields["If-Modified-Since"],
                           .if_unmodified_since = fields["If-Unmodified-Since"],
                           .if_range = fields["If-Range"],
                           .range = fields["Range"],
                           .accept = fields["Accept"],
                           .accept_encoding = fields["Accept-Encoding"],
                           .fetch_mode = fields["Sec-Fetch-Mode"]};
    const auto response = answer(view);
    check_laws(response, one.method);
    for (const auto& claim : one.claims) check_claim(filled(claim), response);
}

TEST(Respond, AnswersEveryCaseOfTheTables) {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(GAZETTED_SOURCE_DIR "/tests/cases/respond")) {
        const auto cases = read_cases(file.path());
        ASSERT_FALSE(cases.empty()) << file.path();
        for (const auto& one : cases) {
            SCOPED_TRACE(file.path().filename().string() + ": " + one.name);
            check(one);
        }
        count += cases.size();
    }
    EXPECT_GE(count, 120U);
}

TEST(Respond, SaysWhatIsWrongInAShortProblem) {
    const auto response = problem(503, "this cannot be made just now", 5);
    const auto head = head_text(response);
    EXPECT_EQ(response.body,
              "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
              "\"detail\":\"this cannot be made just now\"}\n");
    EXPECT_NE(head.find("\r\nRetry-After: 5\r\n"), std::string::npos);
    EXPECT_NE(head.find("\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n"), std::string::npos);
    EXPECT_EQ(head_text(problem(404, "x")).find("Retry-After"), std::string::npos);
}

TEST(Respond, SendsTheDocumentsOwnBytes) {
    const auto document = news();
    const auto response = respond({.method = "GET", .target = "/category/news.atom"}, document, cache_line, false);
    EXPECT_EQ(response.body.data(), document->representations.identity().body.data());
    EXPECT_EQ(response.owner, document);
}

TEST(Respond, WritesTheConfiguredTimesIntoCacheControl) {
    EXPECT_EQ(cache_control(CacheConfig{}), "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400");
}

}  // namespace
}  // namespace gazetted

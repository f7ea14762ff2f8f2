#include "daemon/image.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <memory>

namespace gazetted {
namespace {

struct Answer200 {
    explicit Answer200(std::size_t body_bytes) {
        document->representations.put(ContentCoding::identity,
                                      {.body = std::string(body_bytes, 'x'), .etag = {}, .head = {}, .not_modified_head = {}});
        const auto& representation = document->representations.identity();
        response = {.head = {head}, .body = representation.body, .owner = document, .whole = &representation};
        parts = {head, tail, response.body};
    }
    std::string head = "HTTP/1.1 200 OK\r\n", tail = "Date: now\r\n\r\n";
    std::shared_ptr<Document> document = std::make_shared<Document>();
    Response response;
    std::array<std::string_view, 3> parts;
};

const Image* ask(Images& images, const Answer200& answer, unsigned times) {
    const Image* image = nullptr;
    while (times-- > 0) image = images.find(answer.response, answer.parts);
    return image;
}

std::string content_of(const Image& image) {
    std::string bytes(image.bytes() + 1, '\0');
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::pread(image.descriptor(), bytes.data(), bytes.size(), 0))));
    return bytes;
}

TEST(Images, HoldTheWholeAnswerOnceItHasBeenAskedForOften) {
    Images images;
    const Answer200 answer(20'000);
    EXPECT_FALSE(ask(images, answer, Images::requests_min - 1));
    EXPECT_EQ(images.bytes(), 0U);
    const auto* image = ask(images, answer, 1);
    ASSERT_TRUE(image);
    EXPECT_EQ(content_of(*image), answer.head + answer.tail + std::string(20'000, 'x'));
    EXPECT_EQ(images.bytes(), image->bytes());
    EXPECT_EQ(ask(images, answer, 1), image);
}

TEST(Images, AreNotMadeOfWhatIsQuickerCopied) {
    Images images;
    EXPECT_FALSE(ask(images, Answer200(Images::body_bytes_min - 1), 100));
    EXPECT_TRUE(ask(images, Answer200(Images::body_bytes_min), 100));
}

TEST(Images, AreNotMadeOfWhatIsForOneRequest) {
    Images images;
    Answer200 answer(20'000);
    answer.response.whole = nullptr;
    EXPECT_FALSE(ask(images, answer, 100));
}

TEST(Images, KeepTheirDocumentUntilTheSecondIsOver) {
    Images images;
    auto answer = std::make_unique<Answer200>(20'000);
    const std::weak_ptr<Document> document = answer->document;
    ASSERT_TRUE(ask(images, *answer, 100));
    answer.reset();
    EXPECT_FALSE(document.expired());  // else another could be taken for it
    images.clear();
    EXPECT_TRUE(document.expired());
    EXPECT_EQ(images.bytes(), 0U);
}

TEST(Images, StayWithinTheirBytes) {
    Images images;
    const Answer200 fits(Images::bytes_max - 1'000), is_too_much(Images::bytes_max);
    EXPECT_FALSE(ask(images, is_too_much, 100));
    ASSERT_TRUE(ask(images, fits, 100));
    std::vector<std::unique_ptr<Answer200>> more;
    for (int i = 0; i < 20; ++i) {
        more.push_back(std::make_unique<Answer200>(20'000));
        EXPECT_FALSE(ask(images, *more.back(), 100));
    }
    EXPECT_LE(images.bytes(), Images::bytes_max);
}

TEST(Images, StayWithinTheirDescriptors) {
    Images images;
    std::vector<std::unique_ptr<Answer200>> answers;
    std::size_t made = 0;
    for (std::size_t i = 0; i < 4 * Images::count_max; ++i) {
        answers.push_back(std::make_unique<Answer200>(Images::body_bytes_min));
        made += ask(images, *answers.back(), 100) ? 1 : 0;
    }
    EXPECT_GE(made, Images::count_max / 2);
    EXPECT_LE(made, Images::count_max);
}

}  // namespace
}  // namespace gazetted

#include "daemon/mailbox.hpp"

#include <gtest/gtest.h>

#include <poll.h>

#include <memory>
#include <thread>
#include <vector>

namespace gazetted {
namespace {

bool has_letters(const Mailbox& mailbox) {
    pollfd poll{.fd = mailbox.descriptor(), .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, 0) == 1;
}

TEST(Mailbox, RunsWhatCameInItsOrderOnce) {
    Mailbox mailbox;
    EXPECT_FALSE(has_letters(mailbox));
    std::vector<int> run;
    for (int i = 0; i < 3; ++i) mailbox.post([&run, i] { run.push_back(i); });
    EXPECT_TRUE(has_letters(mailbox));
    EXPECT_TRUE(run.empty());
    mailbox.open();
    EXPECT_EQ(run, (std::vector{0, 1, 2}));
    EXPECT_FALSE(has_letters(mailbox));
    mailbox.open();
    EXPECT_EQ(run.size(), 3U);
}

TEST(Mailbox, KeepsWhatALetterPostsForNextTime) {
    Mailbox mailbox;
    int run = 0;
    mailbox.post([&] { mailbox.post([&run] { ++run; }); });
    mailbox.open();
    EXPECT_EQ(run, 0);
    EXPECT_TRUE(has_letters(mailbox));
    mailbox.open();
    EXPECT_EQ(run, 1);
}

TEST(Mailbox, LosesNothingOfManyThreads) {
    Mailbox mailbox;
    int run = 0;
    constexpr int letters = 1'000;
    std::vector<std::thread> writers;
    for (int i = 0; i < 2; ++i)
        writers.emplace_back([&] {
            for (int letter = 0; letter < letters; ++letter) mailbox.post([&run] { ++run; });
        });
    while (run < letters) mailbox.open();
    for (auto& writer : writers) writer.join();
    mailbox.open();
    EXPECT_EQ(run, 2 * letters);
    EXPECT_FALSE(has_letters(mailbox));
}

TEST(Mailbox, DropsWhatComesTooLate) {
    Mailbox mailbox;
    const auto kept = std::make_shared<int>(0);
    mailbox.post([kept] { ++*kept; });
    mailbox.close();
    mailbox.post([kept] { ++*kept; });
    mailbox.open();
    EXPECT_EQ(*kept, 0);
    EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace gazetted

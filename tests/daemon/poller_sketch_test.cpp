#include "daemon/poller_sketch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace gazetted {
namespace {

PollerSketch sketch_of(std::uint64_t first, std::uint64_t count) {
    PollerSketch sketch;
    std::mt19937_64 random(first);
    for (std::uint64_t i = 0; i < count; ++i) sketch.add(random());
    return sketch;
}

TEST(PollerSketch, CountsNobodyAsNone) { EXPECT_EQ(PollerSketch{}.estimate(), 0U); }

TEST(PollerSketch, CountsAFewExactlyAndManyWithinThreeErrors) {
    EXPECT_EQ(sketch_of(1, 1).estimate(), 1U);
    EXPECT_EQ(sketch_of(2, 3).estimate(), 3U);
    for (const std::uint64_t count : {50U, 500U, 1'000U, 20'000U, 300'000U}) {
        const auto estimate = static_cast<double>(sketch_of(count, count).estimate());
        EXPECT_NEAR(estimate, static_cast<double>(count), 3 * 0.065 * static_cast<double>(count)) << count;
    }
}

TEST(PollerSketch, CountsWhoComesAgainOnce) {
    auto sketch = sketch_of(7, 100);
    const auto before = sketch;
    std::mt19937_64 random(7);
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(sketch.add(random()));
    EXPECT_EQ(sketch, before);
}

TEST(PollerSketch, OfTwoNodesIsTheSketchOfBoth) {
    auto both = sketch_of(1, 400);
    both.merge(sketch_of(2, 300));
    std::mt19937_64 first(1), second(2);
    PollerSketch expected;
    for (int i = 0; i < 400; ++i) expected.add(first());
    for (int i = 0; i < 300; ++i) expected.add(second());
    EXPECT_EQ(both, expected);
    both.merge(sketch_of(2, 300));
    EXPECT_EQ(both, expected);
}

TEST(PollerSketch, ComesBackFromItsBytes) {
    const auto sketch = sketch_of(3, 1'000);
    EXPECT_EQ(PollerSketch::from_bytes(sketch.bytes()), sketch);
    EXPECT_FALSE(PollerSketch::from_bytes(""));
    EXPECT_FALSE(PollerSketch::from_bytes(std::string(PollerSketch::registers + 1, '\0')));
    EXPECT_FALSE(PollerSketch::from_bytes(std::string(PollerSketch::registers, '\xff')));
}

TEST(PollerSketch, TakesHashesAtTheEdges) {
    PollerSketch sketch;
    EXPECT_TRUE(sketch.add(0));
    EXPECT_TRUE(sketch.add(~std::uint64_t{0}));
    EXPECT_EQ(PollerSketch::from_bytes(sketch.bytes()), sketch);
}

}  // namespace
}  // namespace gazetted

#pragma once

#include <cstddef>

namespace gazetted {

// This program's malloc() and free() count what they do (count_allocations.cpp), unless a sanitiser has its own.

/// What the calling thread allocates and frees is not counted from now on.
void leave_this_thread_uncounted();
/// By all other threads, so far.
std::size_t counted_allocations();
/// What they have not freed, with what the allocator adds to each.
std::ptrdiff_t counted_bytes();

}  // namespace gazetted

#include "tests/hot_path/count_allocations.hpp"

#include <atomic>

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::ptrdiff_t> bytes = 0;
thread_local bool is_uncounted = false;

}  // namespace

namespace gazetted {

void leave_this_thread_uncounted() { is_uncounted = true; }
std::size_t counted_allocations() { return allocations; }
std::ptrdiff_t counted_bytes() { return bytes; }

}  // namespace gazetted

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <malloc.h>

// The allocator of glibc under its other names: whatever libraries use, operator new included, comes through here.
extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

constexpr std::ptrdiff_t added_bytes = 8;  // of each chunk

void* counted(void* block) {
    if (!block || is_uncounted) return block;
    ++allocations;
    bytes += static_cast<std::ptrdiff_t>(::malloc_usable_size(block)) + added_bytes;
    return block;
}

void uncount(void* block) {
    if (block && !is_uncounted) bytes -= static_cast<std::ptrdiff_t>(::malloc_usable_size(block)) + added_bytes;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return counted(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return counted(__libc_calloc(count, size)); }
void* realloc(void* block, std::size_t size) {
    uncount(block);
    return counted(__libc_realloc(block, size));
}
void* memalign(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size)); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return counted(__libc_memalign(alignment, size)); }
void free(void* block) {
    uncount(block);
    __libc_free(block);
}
}

#endif

#include "daemon/access_queue.hpp"

#include "daemon/request_id.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

namespace gazetted {

namespace {

/// What stands in the ring before the bytes of method, target and request id.
struct Record {
    std::int64_t time_s;
    std::uint64_t body_bytes;
    std::uint32_t method_bytes, target_bytes;  // of the ring
    std::uint32_t status;
    std::uint32_t request_id_bytes;
    bool has_client, http_1_0, is_cut;
    IpAddress client;
};
static_assert(std::is_trivially_copyable_v<Record>);

}  // namespace

void AccessQueue::put(std::uint64_t at, const void* bytes, std::size_t count) noexcept {
    if (count == 0) return;  // the views of what was no request are null
    const auto place = static_cast<std::size_t>(at % bytes_max);
    const auto first = std::min(count, bytes_max - place);
    std::memcpy(ring_.get() + place, bytes, first);
    std::memcpy(ring_.get(), static_cast<const char*>(bytes) + first, count - first);
}

void AccessQueue::get(std::uint64_t at, void* bytes, std::size_t count) const noexcept {
    const auto place = static_cast<std::size_t>(at % bytes_max);
    const auto first = std::min(count, bytes_max - place);
    std::memcpy(bytes, ring_.get() + place, first);
    std::memcpy(static_cast<char*>(bytes) + first, ring_.get(), count - first);
}

bool AccessQueue::push(const AccessLine& line) noexcept {
    const auto method = line.method.substr(0, AccessLine::method_bytes_max);
    const auto target = line.target.substr(0, AccessLine::target_bytes_max);
    const auto request_id = line.request_id.substr(0, RequestId::bytes_max);
    const Record record{.time_s = line.time.time_since_epoch().count(),
                        .body_bytes = line.body_bytes,
                        .method_bytes = static_cast<std::uint32_t>(method.size()),
                        .target_bytes = static_cast<std::uint32_t>(target.size()),
                        .status = line.status,
                        .request_id_bytes = static_cast<std::uint32_t>(request_id.size()),
                        .has_client = line.client.has_value(),
                        .http_1_0 = line.http_1_0,
                        .is_cut = target.size() < line.target.size(),
                        .client = line.client.value_or(IpAddress{})};
    const auto at = written_.load(std::memory_order_relaxed);
    const auto end = at + sizeof record + method.size() + target.size() + request_id.size();
    if (end - read_.load(std::memory_order_acquire) > bytes_max) return false;
    put(at, &record, sizeof record);
    put(at + sizeof record, method.data(), method.size());
    put(at + sizeof record + method.size(), target.data(), target.size());
    put(at + sizeof record + method.size() + target.size(), request_id.data(), request_id.size());
    written_.store(end, std::memory_order_release);
    return true;
}

std::size_t AccessQueue::pop(std::string& text, std::size_t text_bytes_max, LogFormat format) {
    const auto end = written_.load(std::memory_order_acquire);
    auto at = read_.load(std::memory_order_relaxed);
    std::size_t lines = 0;
    // One byte more where the target was cut: the format then cuts it again, and says so.
    std::array<char, AccessLine::method_bytes_max + AccessLine::target_bytes_max + 1> bytes;
    std::array<char, RequestId::bytes_max> request_id;
    for (; at < end && text.size() < text_bytes_max; ++lines) {
        Record record;
        get(at, &record, sizeof record);
        const std::size_t count = record.method_bytes + record.target_bytes;
        get(at + sizeof record, bytes.data(), count);
        bytes[count] = ' ';
        get(at + sizeof record + count, request_id.data(), record.request_id_bytes);
        AccessLine line{.client = std::nullopt,
                        .time = std::chrono::sys_seconds(std::chrono::seconds(record.time_s)),
                        .method = {bytes.data(), record.method_bytes},
                        .target = {bytes.data() + record.method_bytes, record.target_bytes + (record.is_cut ? 1U : 0U)},
                        .http_1_0 = record.http_1_0,
                        .status = record.status,
                        .body_bytes = record.body_bytes,
                        .request_id = {request_id.data(), record.request_id_bytes}};
        if (record.has_client) line.client = record.client;
        text += format == LogFormat::json ? to_json(line) : to_string(line);
        at += sizeof record + count + record.request_id_bytes;
        read_.store(at, std::memory_order_release);
    }
    return lines;
}

}  // namespace gazetted

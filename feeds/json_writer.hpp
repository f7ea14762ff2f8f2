#pragma once

#include "feeds/date_time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// Writes objects and lists in the order of its calls; what is empty is not there.
class JsonWriter {
public:
    void open(char bracket) {
        comma();
        out_.push_back(bracket);
        is_first_ = true;
    }
    void close(char bracket) {
        out_.push_back(bracket);
        is_first_ = false;
    }
    void name(std::string_view name) {
        comma();
        append_text(name);
        out_.push_back(':');
        is_first_ = true;
    }
    void text(std::string_view value) {
        comma();
        append_text(value);
    }
    void raw(std::string_view value) {
        comma();
        out_.append(value);
    }
    void member(std::string_view key, std::string_view value) {
        if (value.empty()) return;
        name(key);
        text(value);
    }
    void member(std::string_view key, const std::optional<Instant>& value) {
        if (value) member(key, to_rfc3339(*value));
    }
    template <class Values, class Write>
    void list(std::string_view key, const Values& values, Write write) {
        if (values.empty()) return;
        name(key);
        open('[');
        for (const auto& value : values) write(value);
        close(']');
    }
    std::string take() && { return std::move(out_); }

private:
    void comma() {
        if (!is_first_) out_.push_back(',');
        is_first_ = false;
    }
    void append_text(std::string_view text);

    std::string out_;
    bool is_first_ = true;
};

}  // namespace gazetted

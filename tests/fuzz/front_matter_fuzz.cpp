// No front matter costs more than its limits, and what is read lies inside the file.

#include "daemon/jekyll/front_matter.hpp"

#include <cassert>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    const auto post = gazetted::jekyll::split_front_matter(file);
    if (!post) return 0;
    assert(post->yaml.size() + post->body.size() <= file.size());
    const auto parsed = gazetted::jekyll::parse_yaml(post->yaml, post->yaml_line);
    if (parsed) assert(parsed->value.kind == gazetted::jekyll::YamlValue::Kind::map);
    return 0;
}

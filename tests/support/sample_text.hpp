#pragma once

#include "feeds/article.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace gazetted {

/// Made-up articles in the shape of a Chinese financial news crawler's: deterministic, `number` decides everything.
std::string sample_title(std::uint64_t number);
/// HTML with paragraphs, links, an image and presentational left-overs; about `bytes` long.
std::string sample_html(std::uint64_t number, std::size_t bytes);
Article sample_article(std::uint64_t number, std::size_t bytes = 3'000);

/// Writes a Jekyll site of `posts` posts in `categories` categories under `folder`.
void write_sample_site(const std::filesystem::path& folder, std::uint64_t posts, std::uint64_t categories);

}  // namespace gazetted

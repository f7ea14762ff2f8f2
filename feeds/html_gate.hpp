#pragma once

#include <string>
#include <string_view>

namespace gazetted {

/// What the HTML parser may see of `html`: text, and start and end tags of allow-listed elements with their allow-listed
/// attributes, quoted. Everything else is gone (comments, raw text, what is dropped whole), escaped (old elements for code) or
/// unwrapped. All but formatting elements is nested properly, by the rules of HTML section 13.2.6, so the parser's stack never
/// grows beyond `HtmlLimits::depth_max` and some; formatting elements overlap as they did. Hidden elements carry `hidden=""`.
/// Linear in the input's size. `html` is well-formed UTF-8 of at most `HtmlLimits::bytes_max`.
std::string through_html_gate(std::string_view html);

}  // namespace gazetted

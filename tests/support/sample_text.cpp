#include "tests/support/sample_text.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <string_view>

namespace gazetted {

namespace {

constexpr std::array<std::string_view, 24> phrases = {
    "钢铁行业需求平稳", "北向资金净流入",   "新能源汽车销量增长", "央行开展逆回购操作",   "半导体设备国产化提速",
    "港股科技板块走强", "原油期货小幅回落", "光伏组件出口创新高", "银行间市场利率下行",   "制造业采购经理指数回升",
    "消费电子迎来旺季", "铜价维持高位震荡", "公司预计全年营收",   "同比增长约百分之十二", "分析人士认为",
    "政策支持力度加大", "市场情绪逐步回暖", "供应链保持稳定",     "quarterly revenue",    "guidance raised",
    "5G基站建设",       "数据中心扩容",     "绿色债券发行",       "海外订单饱满"};

std::string_view phrase(std::mt19937_64& random) { return phrases[random() % phrases.size()]; }

std::string sentence(std::mt19937_64& random) {
    std::string text;
    for (int i = 0; i < 4; ++i) text.append(phrase(random)).append(i < 3 ? "，" : "。");
    return text;
}

}  // namespace

std::string sample_title(std::uint64_t number) {
    std::mt19937_64 random(number);
    std::string title(phrase(random));
    title.append("：").append(phrase(random)).append(" No. ").append(std::to_string(number));
    return title;
}

std::string sample_html(std::uint64_t number, std::size_t bytes) {
    std::mt19937_64 random(number);
    std::string html = "<p style=\"display:none\"><br /></p>";
    for (int paragraph = 0; html.size() < bytes; ++paragraph) {
        html += "<p class=\"em_media\">" + sentence(random) + "<span id=\"stock_" + std::to_string(random() % 900) +
                "\"><a href=\"//quote.example/unify/" + std::to_string(random() % 90'000) + "\" class=\"keytip\">" +
                std::string(phrase(random)) + "</a></span>" + sentence(random) + "</p>\n";
        if (paragraph == 1)
            html += "<center><img data-src=\"../images/" + std::to_string(number) +
                    ".jpg\" src=\"/blank.gif\" width=\"552\"></center>";
    }
    return html;
}

Article sample_article(std::uint64_t number, std::size_t bytes) {
    Article article;
    article.id = "https://site.example/post/" + std::to_string(number);
    article.number = static_cast<std::int64_t>(number);
    article.url = article.id + ".html";
    article.title = sample_title(number);
    article.authors = {{.name = "ZNing", .email = "", .uri = ""}};
    article.content = sample_html(number, bytes);
    article.language = "zh-CN";
    article.published = Instant(std::chrono::seconds(1'700'000'000 + number * 61));
    article.revision = static_cast<std::int64_t>(number);
    article.categories = {{.slug = "medium-" + std::to_string(number % 2'000), .title = ""}};
    article.tags = {{"滚动新闻"}};
    return article;
}

void write_sample_site(const std::filesystem::path& folder, std::uint64_t posts, std::uint64_t categories) {
    std::filesystem::create_directories(folder / "_posts");
    std::filesystem::create_directories(folder / "category");
    std::ofstream(folder / "_config.yml")
        << "title: 样本站\nurl: https://site.example\nlang: zh-CN\ntimezone: Asia/Shanghai\nauthor: ZNing\n";
    for (std::uint64_t category = 0; category < categories; ++category) {
        const std::string slug = "medium-" + std::to_string(category);
        std::ofstream(folder / "category" / (slug + ".html"))
            << "---\nlayout: category\ntitle: 媒体" << category << "新闻\ncategory: " << slug << "\n---\n";
    }
    for (std::uint64_t number = 0; number < posts; ++number) {
        char day[16];
        std::snprintf(day, sizeof day, "20%02u-%02u-%02u", static_cast<unsigned>(20 + number % 6),
                      static_cast<unsigned>(1 + number % 12), static_cast<unsigned>(1 + number % 28));
        std::ofstream(folder / "_posts" / (std::string(day) + "-" + std::to_string(number) + ".md"))
            << "---\nlayout: post\ntitle: \"" << sample_title(number) << "\"\ndate: " << day
            << " 10:18:31 +0800\ncategories: medium-" << number % categories << "\ntags: 滚动新闻\n---\n"
            << sample_html(number, 3'000) << "\n\n[返回](../)\n";
    }
}

}  // namespace gazetted

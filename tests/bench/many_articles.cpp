#include "tests/bench/many_articles.hpp"

#include "tests/support/sample_text.hpp"

#include <string>

namespace gazetted {

void write_many_articles(const TestDatabase& database, std::uint64_t articles) {
    std::string texts = "CREATE TEMPORARY TABLE texts (n int PRIMARY KEY, content text);";
    for (std::uint64_t n = 0; n < 100; ++n)
        texts += "INSERT INTO texts VALUES (" + std::to_string(n) + ", '" + sample_html(n, 3'000) + "');";
    // Category n holds about n^-0.75 of the first one's share.
    database.run(texts + R"(
        SET session_replication_role = replica;
        INSERT INTO categories (slug, title) SELECT 'medium-' || n, 'Medium ' || n FROM generate_series(1, )" +
                 std::to_string(categories_of_many) + R"() AS n;
        INSERT INTO articles (id, url, title, authors, content, language, published, revision, changed)
        SELECT 'https://site.example/post/' || k, 'https://site.example/post/' || k || '.html', 'Title ' || k,
               '[{"name":"ZNing"}]', content, 'zh-CN', timestamptz '2020-01-01 UTC' + k * interval '61 seconds', nextval('article_revisions'), now()
          FROM generate_series(1, )" +
                 std::to_string(articles) + R"() AS k JOIN texts ON texts.n = k % 100 ORDER BY k;
        INSERT INTO article_words SELECT id, words_of(title, summary, content) FROM articles;
        INSERT INTO article_categories
        SELECT id, 1 + (2000 * power(hashint8(number)::float8 / 4294967296 + 0.5, 4))::int % 2000, published, true FROM articles;
        INSERT INTO article_tags SELECT id, 'tag' FROM articles;
        INSERT INTO article_tags SELECT id, '标签 ' || number % 5000 FROM articles;
        INSERT INTO selections (id, kind, name)
        SELECT nextval('categories_id_seq'), 'tag', name FROM (SELECT 'tag' AS name UNION ALL SELECT '标签 ' || n FROM generate_series(0, 4999) AS n) AS tags
         UNION ALL SELECT nextval('categories_id_seq'), 'author', 'ZNing';
        INSERT INTO article_selections
        SELECT a.id, s.id, a.published, true FROM named_selections n JOIN selections s USING (kind, name) JOIN articles a ON a.id = n.article_id)");
    for (const char* table :
         {"articles", "article_words", "article_categories", "article_tags", "categories", "selections", "article_selections"})
        database.run("VACUUM ANALYZE " + std::string(table));
}

}  // namespace gazetted

-- The newest articles of one category with its head, as one snapshot; no row where there is no such category, one row without
-- an article where it shows nothing. The description stands in the first row only. Times are microseconds since 1970.
-- $1 slug  $2 articles at most  $3, $4 ids and revisions of articles whose content and summary the caller has
SELECT head.category_id, head.title,
       CASE WHEN article.place > 1 THEN '' ELSE head.description END,
       head.language, head.author, head.site_title, head.revision, head.changed, head.changed_before, head.created, head.due,
       article.id, article.number, article.url, article.title, article.authors,
       CASE WHEN article.is_known THEN '' ELSE article.summary END,
       CASE WHEN article.is_known THEN '' ELSE article.content END,
       article.language, microseconds(article.published), microseconds(article.updated), microseconds(article.withdrawn),
       article.revision, article.categories, article.tags, article.enclosures, head.feed_id
  FROM (SELECT c.id AS category_id, c.title, c.description,
               coalesce(nullif(c.language, ''), s.language) AS language, s.author, s.title AS site_title, c.revision,
               microseconds(c.changed) AS changed, microseconds(c.changed_before) AS changed_before, microseconds(c.created) AS created, c.feed_id,
               microseconds((SELECT min(h.published) FROM article_categories h
                              WHERE h.category_id = c.id AND h.shown AND h.published > now())) AS due
          FROM categories c CROSS JOIN site s
         WHERE c.slug = $1 OFFSET 0) AS head
  LEFT JOIN LATERAL (
       SELECT shown.*
         FROM (SELECT article_id, row_number() OVER (ORDER BY published DESC, article_id DESC) AS place FROM article_categories
                WHERE category_id = head.category_id AND shown AND published <= now()
                ORDER BY published DESC, article_id DESC LIMIT $2) AS newest
        -- OFFSET 0 keeps this an index look-up an article, whatever the planner thinks of $2.
        CROSS JOIN LATERAL (SELECT newest.place, a.*, (a.id, a.revision) IN (SELECT * FROM unnest($3::text[], $4::bigint[])) AS is_known
                              FROM complete_articles a WHERE a.id = newest.article_id OFFSET 0) AS shown
       ) AS article ON true
 ORDER BY article.place

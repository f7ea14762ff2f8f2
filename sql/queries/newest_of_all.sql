-- The newest articles of the site with its head, as one snapshot; one row without an article where it shows nothing. The
-- description stands in the first row only. Times are microseconds since 1970.
-- $1 articles at most  $2, $3 ids and revisions of articles whose content and summary the caller has
SELECT head.category_id, head.title,
       CASE WHEN article.place > 1 THEN '' ELSE head.description END,
       head.language, head.author, head.site_title, head.revision, head.changed, head.changed_before, head.created, head.due,
       article.id, article.number, article.url, article.title, article.authors,
       CASE WHEN article.is_known THEN '' ELSE article.summary END,
       CASE WHEN article.is_known THEN '' ELSE article.content END,
       article.language, microseconds(article.published), microseconds(article.updated), microseconds(article.withdrawn),
       article.revision, article.categories, article.tags, article.enclosures, head.feed_id
  FROM (SELECT 0 AS category_id, s.title, s.description, s.language, s.author, s.title AS site_title, s.revision,
               microseconds(s.changed) AS changed, microseconds(s.changed_before) AS changed_before, microseconds(s.created) AS created, s.feed_id,
               microseconds((SELECT min(h.published) FROM articles h WHERE h.withdrawn IS NULL AND h.published > now())) AS due
          FROM site s OFFSET 0) AS head
  LEFT JOIN LATERAL (
       SELECT shown.*
         FROM (SELECT id, row_number() OVER (ORDER BY published DESC, id DESC) AS place FROM articles WHERE withdrawn IS NULL AND published <= now()
                ORDER BY published DESC, id DESC LIMIT $1) AS newest
        -- OFFSET 0 keeps this an index look-up an article, whatever the planner thinks of $1.
        CROSS JOIN LATERAL (SELECT newest.place, a.*, (a.id, a.revision) IN (SELECT * FROM unnest($2::text[], $3::bigint[])) AS is_known
                              FROM complete_articles a WHERE a.id = newest.id OFFSET 0) AS shown
       ) AS article ON true
 ORDER BY article.place

-- The newest articles in which all terms stand, with a head made of the site's, as one snapshot; no row where $3 is the number of
-- no article. Columns as in newest_of_all, and the number that the page before this one begins after: 0 where that is the first one,
-- null on the first one itself. What is found often is found among the 2,000 articles that come next; only where these are not enough
-- the index is asked, and no search reads all that it could find. OFFSET 0 keeps that an index look-up an article.
-- $1 terms  $2 articles at most, one more than the page shows  $3 null, or the number of an article: what is older  $4 what the search
-- is called
WITH asked AS MATERIALIZED (
       SELECT array_agg(pattern) AS patterns, string_agg(keys, ' & ')::tsquery AS keys
         FROM unnest($1::text[]) AS term CROSS JOIN search_pattern(term) AS pattern CROSS JOIN LATERAL
              (SELECT string_agg('''' || key || '''', ' & ') AS keys FROM unnest(tsvector_to_array(search_keys(pattern))) AS key) AS keyed
        WHERE pattern IS NOT NULL),
     start AS MATERIALIZED (
       SELECT rises, published, id FROM articles WHERE number = $3
        UNION ALL SELECT true, 'infinity', '' WHERE $3::bigint IS NULL),
     next AS MATERIALIZED (
       SELECT a.id, a.rises, a.published
         FROM (SELECT id, rises, published FROM articles
                WHERE withdrawn IS NULL AND NOT retold AND published <= now()
                  AND (rises, published, id) < ((SELECT rises FROM start), (SELECT published FROM start), (SELECT id FROM start))
                ORDER BY rises DESC, published DESC, id DESC LIMIT 2000) AS a
        CROSS JOIN LATERAL (SELECT FROM article_words w
                             WHERE w.article_id = a.id
                               AND NOT EXISTS (SELECT FROM unnest((SELECT patterns FROM asked)) AS pattern WHERE strpos(w.words, pattern) = 0)
                            OFFSET 0) AS found
        WHERE (SELECT keys FROM asked) IS NOT NULL
        ORDER BY a.rises DESC, a.published DESC, a.id DESC LIMIT $2),
     older AS MATERIALIZED (
       SELECT a.id, a.rises, a.published
         FROM article_words w CROSS JOIN LATERAL
              (SELECT a.id, a.rises, a.published, a.withdrawn, a.retold FROM articles a WHERE a.id = w.article_id OFFSET 0) AS a
        WHERE (SELECT count(*) FROM next) < $2 AND search_keys(w.words) @@ (SELECT keys FROM asked)
          AND NOT EXISTS (SELECT FROM unnest((SELECT patterns FROM asked)) AS pattern WHERE strpos(w.words, pattern) = 0)
          AND a.withdrawn IS NULL AND NOT a.retold AND a.published <= now()
          AND (a.rises, a.published, a.id) < ((SELECT rises FROM start), (SELECT published FROM start), (SELECT id FROM start))
        ORDER BY a.rises DESC, a.published DESC, a.id DESC LIMIT $2),
     next_newer AS MATERIALIZED (
       SELECT a.id, a.rises, a.published
         FROM (SELECT id, rises, published FROM articles
                WHERE withdrawn IS NULL AND NOT retold AND published <= now()
                  AND (rises, published, id) >= ((SELECT rises FROM start), (SELECT published FROM start), (SELECT id FROM start))
                ORDER BY rises, published, id LIMIT 2000) AS a
        CROSS JOIN LATERAL (SELECT FROM article_words w
                             WHERE w.article_id = a.id
                               AND NOT EXISTS (SELECT FROM unnest((SELECT patterns FROM asked)) AS pattern WHERE strpos(w.words, pattern) = 0)
                            OFFSET 0) AS found
        WHERE $3 IS NOT NULL AND (SELECT keys FROM asked) IS NOT NULL
        ORDER BY a.rises, a.published, a.id LIMIT $2),
     newer AS MATERIALIZED (
       SELECT a.id, a.rises, a.published
         FROM article_words w CROSS JOIN LATERAL
              (SELECT a.id, a.rises, a.published, a.withdrawn, a.retold FROM articles a WHERE a.id = w.article_id OFFSET 0) AS a
        WHERE $3 IS NOT NULL AND (SELECT count(*) FROM next_newer) < $2 AND search_keys(w.words) @@ (SELECT keys FROM asked)
          AND NOT EXISTS (SELECT FROM unnest((SELECT patterns FROM asked)) AS pattern WHERE strpos(w.words, pattern) = 0)
          AND a.withdrawn IS NULL AND NOT a.retold AND a.published <= now()
          AND (a.rises, a.published, a.id) >= ((SELECT rises FROM start), (SELECT published FROM start), (SELECT id FROM start))
        ORDER BY a.rises, a.published, a.id LIMIT $2),
     newest AS MATERIALIZED (
       SELECT id, row_number() OVER (ORDER BY rises DESC, published DESC, id DESC) AS place
         FROM (SELECT * FROM next UNION SELECT * FROM older) AS both_found ORDER BY rises DESC, published DESC, id DESC LIMIT $2)
SELECT 0 AS category_id, $4::text AS title, '' AS description, s.language, s.author, s.title AS site_title, s.revision,
       microseconds(s.changed) AS changed, microseconds(s.changed_before) AS changed_before, microseconds(s.created) AS created,
       microseconds(least((SELECT min(h.published) FROM articles h WHERE h.withdrawn IS NULL AND NOT h.retold AND h.rises AND h.published > now()),
                          (SELECT min(h.published) FROM articles h WHERE h.withdrawn IS NULL AND NOT h.retold AND NOT h.rises AND h.published > now()))) AS due,
       article.id, article.number, article.url, article.title, article.authors, article.summary, article.content, article.language,
       microseconds(article.published), microseconds(article.updated), microseconds(article.withdrawn),
       article.revision, article.categories, article.tags, article.enclosures,
       'urn:uuid:' || overlay(overlay(md5(s.feed_id || ' ' || array_to_string($1::text[], ' + ')) PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid AS feed_id,
       CASE WHEN article.nth > 1 THEN NULL ELSE (SELECT json_agg(id ORDER BY place) FROM newest) END AS ids,
       article.details, article.retellings, (SELECT count(*) FROM newest) AS rising, jsonb_build_array(s.icon_url, s.logo_url, s.rights, s.entry_link, '', false) AS profile,
       CASE WHEN EXISTS (SELECT FROM next_newer UNION ALL SELECT FROM newer) THEN
            coalesce((SELECT a.number FROM (SELECT id, rises, published FROM (SELECT * FROM next_newer UNION SELECT * FROM newer) AS both_found
                                             ORDER BY rises, published, id OFFSET $2 - 1 LIMIT 1) AS last JOIN articles a ON a.id = last.id), 0) END AS previous_number
  FROM site s
  LEFT JOIN (SELECT row_number() OVER () AS nth, a.*
               FROM newest CROSS JOIN LATERAL (SELECT * FROM complete_articles a WHERE a.id = newest.id OFFSET 0) AS a) AS article ON true
 WHERE EXISTS (SELECT FROM start)

-- One archive document of a selection: the article with a number, or what is older, down to the next article that begins an
-- archive; without an article that begins one the document goes on through the first archive. No row where the number is nobody's
-- or nothing is left. Columns 0 to 10 are empty, so that articles stand where newest_* has them; the last three columns are the
-- numbers of the next older article and of the article that begins the next newer archive, and whether the document begins with an
-- article that begins an archive. Times are microseconds since 1970.
-- $1 id of the selection; 0: all  $2 number  $3 articles at most
WITH start AS MATERIALIZED (
       SELECT a.rises, a.published, a.id FROM articles a WHERE a.number = $2
        UNION ALL
       SELECT r.rises, r.published, r.id FROM removed_articles r WHERE r.number = $2),
     older AS MATERIALIZED (
       SELECT listed.*, begins AND place > 1 AS is_bound,
              count(*) FILTER (WHERE begins) OVER (ORDER BY place) AS bounds, first_value(begins) OVER (ORDER BY place) AS is_aligned
         FROM (SELECT m.article_id, row_number() OVER (ORDER BY m.rises DESC, m.published DESC, m.article_id DESC) AS place, begins_archive(m.article_id) AS begins
                 FROM members m
                WHERE m.selection_id = $1 AND m.shown AND m.published <= now()
                  AND (m.rises, m.published, m.article_id) <= ((SELECT rises FROM start), (SELECT published FROM start), (SELECT id FROM start))
                ORDER BY m.rises DESC, m.published DESC, m.article_id DESC LIMIT $3 + 1) AS listed),
     cut AS MATERIALIZED (
       -- The place of the first article that is no longer in this document.
       SELECT coalesce(min(place) FILTER (WHERE is_bound AND bounds = 2), $3 + 1) AS place FROM older),
     newer AS MATERIALIZED (
       SELECT m.article_id
         FROM (SELECT m.article_id, m.rises, m.published FROM members m
                WHERE m.selection_id = $1 AND m.shown AND m.published <= now()
                  AND (m.rises, m.published, m.article_id) > ((SELECT rises FROM start), (SELECT published FROM start), (SELECT id FROM start))
                ORDER BY m.rises, m.published, m.article_id LIMIT 4 * $3) AS m
        WHERE begins_archive(m.article_id) ORDER BY m.rises, m.published, m.article_id LIMIT 1)
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       a.id, a.number, a.url, a.title, a.authors, a.summary, a.content, a.language,
       microseconds(a.published), microseconds(a.updated), microseconds(a.withdrawn),
       a.revision, a.categories, a.tags, a.enclosures, a.details, a.retellings,
       (SELECT o.number FROM older JOIN articles o ON o.id = older.article_id WHERE older.place = (SELECT place FROM cut)) AS older_number,
       CASE WHEN is_aligned THEN (SELECT n.number FROM newer JOIN articles n ON n.id = newer.article_id) END AS newer_number,
       is_aligned
  FROM older CROSS JOIN LATERAL (SELECT * FROM complete_articles a WHERE a.id = older.article_id OFFSET 0) AS a
 WHERE older.place < (SELECT place FROM cut)
 ORDER BY older.place

-- One archive document of a combination, as archive.sql has it for a selection; columns as there. A document begins wherever one
-- before it ended and never tells which is newer.
-- $1, $2 categories and tags  $3, $4 categories and tags whose articles are left out  $5 number  $6 articles at most
-- $7 articles looked through, as combined_articles() has it
WITH start AS MATERIALIZED (
       SELECT a.rises, a.published, a.id FROM articles a WHERE a.number = $5
        UNION ALL
       SELECT r.rises, r.published, r.id FROM removed_articles r WHERE r.number = $5),
     sides AS MATERIALIZED (
       SELECT array(SELECT id FROM categories WHERE slug = ANY ($1::text[])
                     UNION ALL SELECT id FROM selections WHERE kind = 'tag' AND name = ANY ($2::text[])) AS wanted,
              array(SELECT id FROM categories WHERE slug = ANY ($3::text[])
                     UNION ALL SELECT id FROM selections WHERE kind = 'tag' AND name = ANY ($4::text[])) AS unwanted),
     older AS MATERIALIZED (
       SELECT m.article_id, begins_archive(m.article_id) AS begins,
              row_number() OVER (ORDER BY m.rises DESC, m.published DESC, m.article_id DESC) AS place
         FROM start CROSS JOIN sides CROSS JOIN LATERAL
              combined_articles(sides.wanted, sides.unwanted, now(), start.rises, start.published, start.id, $6::bigint + 1, $7::bigint) AS m
        ORDER BY m.rises DESC, m.published DESC, m.article_id DESC LIMIT $6::bigint + 1),
     cut AS MATERIALIZED (
       -- The place of the first article that is no longer in this document.
       SELECT coalesce(min(place) FILTER (WHERE begins AND place > 1), $6::bigint + 1) AS place FROM older)
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       a.id, a.number, a.url, a.title, a.authors, a.summary, a.content, a.language,
       microseconds(a.published), microseconds(a.updated), microseconds(a.withdrawn),
       a.revision, a.categories, a.tags, a.enclosures, a.details, a.retellings,
       (SELECT o.number FROM older JOIN articles o ON o.id = older.article_id WHERE older.place = (SELECT place FROM cut)) AS older_number,
       NULL::bigint AS newer_number, false AS is_aligned
  FROM older CROSS JOIN LATERAL (SELECT * FROM complete_articles a WHERE a.id = older.article_id OFFSET 0) AS a
 WHERE older.place < (SELECT place FROM cut)
 ORDER BY older.place

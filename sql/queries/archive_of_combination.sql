-- One archive document of a combination, as archive.sql has it for a selection; columns as there. A document begins wherever one
-- before it ended and never tells which is newer. Where looking ended before the document was full, the first article that nobody
-- looked at is the next older one, and a document without articles is one row that has none.
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
     read AS MATERIALIZED (
       SELECT m.*
         FROM start CROSS JOIN sides CROSS JOIN LATERAL
              combined_articles(sides.wanted, sides.unwanted, now(), start.rises, start.published, start.id, $6::bigint + 1, $7::bigint) AS m
        ORDER BY m.rises DESC, m.published DESC, m.article_id DESC LIMIT $6::bigint + 1),
     older AS MATERIALIZED (
       SELECT r.article_id, begins_archive(r.article_id) AS begins,
              row_number() OVER (ORDER BY r.rises DESC, r.published DESC, r.article_id DESC) AS place
         FROM read AS r WHERE NOT r.is_unread),
     unread AS MATERIALIZED (
       SELECT a.number FROM read AS r CROSS JOIN LATERAL (SELECT number FROM articles WHERE id = r.article_id OFFSET 0) AS a
        WHERE r.is_unread),
     cut AS MATERIALIZED (
       -- The place of the first article that is no longer in this document.
       SELECT coalesce(min(place) FILTER (WHERE begins AND place > 1), $6::bigint + 1) AS place FROM older)
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       a.id, a.number, a.url, a.title, a.authors, a.summary, a.content, a.language,
       microseconds(a.published), microseconds(a.updated), microseconds(a.withdrawn),
       a.revision, a.categories, a.tags, a.enclosures, a.details, a.retellings,
       coalesce((SELECT o.number FROM older JOIN articles o ON o.id = older.article_id WHERE older.place = (SELECT place FROM cut)),
                (SELECT number FROM unread)) AS older_number,
       NULL::bigint AS newer_number, false AS is_aligned
  FROM (SELECT article_id, place FROM older WHERE place < (SELECT place FROM cut)
         UNION ALL SELECT NULL, 0 FROM unread WHERE NOT EXISTS (SELECT FROM older)) AS listed
  LEFT JOIN LATERAL (SELECT * FROM complete_articles a WHERE a.id = listed.article_id OFFSET 0) AS a ON true
 ORDER BY listed.place

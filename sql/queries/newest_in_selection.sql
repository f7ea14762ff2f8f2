-- The newest articles of a tag, an author or a source with its head, as one snapshot; no row where nothing has it. The first row
-- lists the ids of all, newest first (null where there is none), and has the description; each row has an article that the
-- caller has not, in no order. One that the caller has costs one index look-up, another one five. Times are microseconds since
-- 1970.
-- $1 kind  $2 name  $3 articles at most  $4 articles that the caller has, revisions by id
-- $5 null, or a time to come whose held articles are shown
WITH head AS MATERIALIZED (
       SELECT c.id AS category_id, coalesce(nullif(o.title, ''), c.name) AS title, '' AS description, s.language, s.author,
              s.title AS site_title, c.revision, microseconds(c.changed) AS changed,
              microseconds(c.changed_before) AS changed_before, microseconds(c.created) AS created, c.feed_id,
              jsonb_build_array(s.icon_url, s.logo_url, s.rights, coalesce(nullif(o.entry_link, ''), s.entry_link), '', false) AS profile,
              EXISTS (SELECT FROM article_selections h WHERE h.selection_id = c.id AND NOT h.shown AND h.rises) AS has_withdrawn,
              microseconds(least((SELECT min(h.published) FROM article_selections h
                                   WHERE h.selection_id = c.id AND h.shown AND h.rises AND h.published > greatest(now(), $5::timestamptz)),
                                 (SELECT min(h.published) FROM article_selections h
                                   WHERE h.selection_id = c.id AND h.shown AND NOT h.rises AND h.published > greatest(now(), $5::timestamptz)))) AS due
         FROM selections c CROSS JOIN site s LEFT JOIN sources o ON o.id = c.source_id
        WHERE c.kind = $1 AND c.name = $2
          -- A source exists for itself. A withdrawn article still has its tags and authors, one that is held back has none yet.
          AND (c.kind = 'source' OR EXISTS (SELECT FROM article_selections m
                                             WHERE m.selection_id = c.id AND m.published <= greatest(now(), $5::timestamptz)))),
     newest AS MATERIALIZED (
       SELECT listed.place, listed.article_id AS id, listed.rises,
              CASE WHEN $4::jsonb ? listed.article_id
                   THEN ($4::jsonb -> listed.article_id)::bigint = (SELECT a.revision FROM articles a WHERE a.id = listed.article_id)
                   ELSE false END AS is_known
         FROM (SELECT article_id, rises, row_number() OVER (ORDER BY rises DESC, published DESC, article_id DESC) AS place FROM article_selections
                WHERE selection_id = (SELECT category_id FROM head) AND shown AND published <= greatest(now(), $5::timestamptz)
                ORDER BY rises DESC, published DESC, article_id DESC LIMIT $3) AS listed)
SELECT head.category_id, head.title,
       CASE WHEN article.nth > 1 THEN '' ELSE head.description END,
       head.language, head.author, head.site_title, head.revision, head.changed, head.changed_before, head.created, head.due,
       article.id, article.number, article.url, article.title, article.authors, article.summary, article.content, article.language,
       microseconds(article.published), microseconds(article.updated), microseconds(article.withdrawn),
       article.revision, article.categories, article.tags, article.enclosures, head.feed_id,
       CASE WHEN article.nth > 1 THEN NULL ELSE (SELECT json_agg(id ORDER BY place) FROM newest) END AS ids,
       article.details, head.profile, article.retellings, (SELECT count(*) FROM newest WHERE rises) AS rising, head.has_withdrawn
  FROM head
  LEFT JOIN (SELECT row_number() OVER () AS nth, a.*
               FROM newest CROSS JOIN LATERAL (SELECT * FROM complete_articles a WHERE a.id = newest.id OFFSET 0) AS a
              WHERE NOT newest.is_known) AS article ON true

-- The newest articles of the site with its head, as one snapshot. The first row lists the ids of all, newest first (null where
-- there is none), and has the description; each row has an article that the caller has not, in no order. One that the caller
-- has costs one index look-up, another one five. Times are microseconds since 1970.
-- $1 articles at most  $2 articles that the caller has, revisions by id
-- $3 null, or a time to come whose held articles are shown
WITH head AS MATERIALIZED (
       SELECT 0 AS category_id, s.title, s.description, s.language, s.author, s.title AS site_title, s.revision,
              microseconds(s.changed) AS changed, microseconds(s.changed_before) AS changed_before,
              microseconds(s.created) AS created, s.feed_id,
              jsonb_build_array(s.icon_url, s.logo_url, s.rights, s.entry_link, '', false) AS profile,
              EXISTS (SELECT FROM articles h WHERE h.withdrawn IS NOT NULL AND h.rises) AS has_withdrawn,
              microseconds(least((SELECT min(h.published) FROM articles h
                                   WHERE h.withdrawn IS NULL AND NOT h.retold AND h.rises AND h.published > greatest(now(), $3::timestamptz)),
                                 (SELECT min(h.published) FROM articles h
                                   WHERE h.withdrawn IS NULL AND NOT h.retold AND NOT h.rises AND h.published > greatest(now(), $3::timestamptz)))) AS due
         FROM site s),
     newest AS MATERIALIZED (
       SELECT listed.place, listed.article_id AS id, listed.rises,
              CASE WHEN $2::jsonb ? listed.article_id
                   THEN ($2::jsonb -> listed.article_id)::bigint = (SELECT a.revision FROM articles a WHERE a.id = listed.article_id)
                   ELSE false END AS is_known
         FROM (SELECT id AS article_id, rises, row_number() OVER (ORDER BY rises DESC, published DESC, id DESC) AS place FROM articles
                WHERE withdrawn IS NULL AND NOT retold AND published <= greatest(now(), $3::timestamptz)
                ORDER BY rises DESC, published DESC, id DESC LIMIT $1) AS listed)
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

-- A source by any of its names; no row where there is none.
-- $1 slug
SELECT o.slug, o.title, o.url, s.feed_id, shown.articles, shown.withdrawn, shown.newest, o.created,
       coalesce((SELECT jsonb_agg(f.name ORDER BY f.name) FROM former_names f WHERE f.selection_id = s.id), '[]') AS former_slugs
  FROM selections s JOIN sources o ON o.id = s.source_id
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE m.shown AND m.published <= now()) AS articles, count(*) FILTER (WHERE NOT m.shown) AS withdrawn,
                            max(m.published) FILTER (WHERE m.shown AND m.published <= now()) AS newest
                       FROM article_selections m WHERE m.selection_id = s.id) AS shown
 WHERE s.kind = 'source'
   AND s.id = coalesce((SELECT id FROM selections WHERE kind = 'source' AND name = $1),
                       (SELECT selection_id FROM former_names WHERE kind = 'source' AND name = $1))

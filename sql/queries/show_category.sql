-- A category by any of its names; no row where there is none.
-- $1 slug
SELECT c.slug, c.title, c.description, c.language, c.icon_url, c.logo_url, c.entry_link, c.podcast_category, c.feed_id, shown.articles,
       shown.newest, c.created, c.removed, c.sunset_url, c.keep_days, c.keep_articles,
       coalesce((SELECT jsonb_agg(f.name ORDER BY f.name) FROM former_names f WHERE f.selection_id = c.id), '[]') AS former_slugs
  FROM category_names n JOIN categories c ON c.id = n.category_id
 CROSS JOIN LATERAL (SELECT count(*) AS articles, max(published) AS newest FROM article_categories m
                      WHERE m.category_id = c.id AND m.shown AND m.published <= now()) AS shown
 WHERE n.name = $1

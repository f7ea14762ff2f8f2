-- A source by any of its names, with its subscription where it has one; no row where there is none.
-- $1 slug
SELECT o.slug, o.title, o.url, o.entry_link, s.feed_id, shown.articles, shown.withdrawn, shown.newest, o.created,
       coalesce((SELECT jsonb_agg(f.name ORDER BY f.name) FROM former_names f WHERE f.selection_id = s.id), '[]') AS former_slugs,
       p.feed_url, p.state,
       (SELECT jsonb_agg(c.slug ORDER BY c.slug) FROM subscription_categories m JOIN categories c ON c.id = m.category_id
         WHERE m.source_id = p.source_id) AS categories,
       p.language, p.content, p.user_agent, p.credentials <> '' AS has_credentials, p.allow_private,
       p.conditional_min::text AS conditional_min, p.whole_min::text AS whole_min, p.interval_max::text AS interval_max,
       p.last_poll, p.last_success, p.next_poll, p.status, p.error, p.error_since, p.failures, p.etag, p.last_modified, p.moved_to,
       p.silent_after,
       round(daily.articles / 30.0, 1) AS articles_a_day, p.polls, p.unchanged, p.bytes_received, p.bytes_saved
  FROM selections s JOIN sources o ON o.id = s.source_id LEFT JOIN subscriptions p ON p.source_id = o.id
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE m.shown AND m.published <= now()) AS articles, count(*) FILTER (WHERE NOT m.shown) AS withdrawn,
                            max(m.published) FILTER (WHERE m.shown AND m.published <= now()) AS newest
                       FROM article_selections m WHERE m.selection_id = s.id) AS shown
 CROSS JOIN LATERAL (SELECT count(*) AS articles FROM article_selections m
                      WHERE m.selection_id = s.id AND m.shown AND m.published BETWEEN now() - interval '30 days' AND now()) AS daily
 WHERE s.kind = 'source'
   AND s.id = coalesce((SELECT id FROM selections WHERE kind = 'source' AND name = $1),
                       (SELECT selection_id FROM former_names WHERE kind = 'source' AND name = $1))

-- Sources by slug, with how many articles they show and how their polls go. Counts them: for people, not for serving.
-- $1 after this slug  $2 at most  $3 all, failing: those whose last poll failed, or silent: beyond their usual
SELECT o.slug, o.title, o.feed_url, o.state, shown.articles, shown.newest, o.last_success, o.next_poll, o.error
  FROM (SELECT s.id, s.slug, s.title, f.feed_url, f.state, f.last_success, f.next_poll, f.error
          FROM sources s LEFT JOIN subscriptions f ON f.source_id = s.id
         WHERE s.slug > $1 AND CASE $3 WHEN 'failing' THEN f.error <> ''
                                       WHEN 'silent' THEN f.state = 'active' AND f.silent_after < now() ELSE true END
         ORDER BY s.slug LIMIT $2) AS o
 CROSS JOIN LATERAL (SELECT count(*) AS articles, max(m.published) AS newest
                       FROM article_selections m JOIN selections s ON s.id = m.selection_id
                      WHERE s.source_id = o.id AND m.shown AND m.published <= now()) AS shown
 ORDER BY o.slug

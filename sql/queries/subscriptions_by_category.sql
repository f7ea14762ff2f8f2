-- What is polled, as another reader is told: a row for each category that a subscription is filed under, by the category's title, and
-- behind them one for each subscription without any. No credentials.
SELECT o.slug, o.title, o.url, f.feed_url, c.slug AS category, c.title AS category_title
  FROM subscriptions f JOIN sources o ON o.id = f.source_id
  LEFT JOIN (subscription_categories m JOIN categories c ON c.id = m.category_id) ON m.source_id = f.source_id
 ORDER BY c.title COLLATE "C" NULLS LAST, c.slug, o.title COLLATE "C", o.slug

-- The articles that polling a source brought, those dropped included, in the order of their keys: as they are judged.
-- $1 source  $2 after this key  $3 at most  $4 whether somebody looks at their text
SELECT e.key, a.id IS NOT NULL, a.withdrawn IS NOT NULL, r.withdrew IS NOT NULL,
       coalesce(d.article, jsonb_build_object(
           'id', a.id, 'url', a.url, 'title', a.title, 'authors', a.authors, 'language', a.language,
           -- As much as the sanitiser reads.
           'summary', CASE WHEN $4 THEN left(a.summary, 1048576) ELSE '' END, 'content', CASE WHEN $4 THEN left(a.content, 1048576) ELSE '' END,
           'categories', (SELECT coalesce(jsonb_agg(c.slug ORDER BY c.slug), '[]')
                            FROM article_categories m JOIN categories c ON c.id = m.category_id WHERE m.article_id = a.id),
           'tags', (SELECT coalesce(jsonb_agg(jsonb_build_array(t.tag, t.scheme, t.label) ORDER BY t.tag), '[]')
                      FROM article_tags t WHERE t.article_id = a.id))),
       r.undo || CASE WHEN r.undo ?| '{categories_added,categories_left}'
                      THEN jsonb_build_object('categories_added', slugs_now(r.undo -> 'categories_added'),
                                              'categories_left', slugs_now(r.undo -> 'categories_left')) ELSE '{}' END,
       coalesce(r.reasons, jsonb_build_array(d.reason))
  FROM (SELECT source_id, key, article_id FROM upstream_entries u
         WHERE source_id = $1 AND key > $2
           AND (article_id IS NOT NULL OR EXISTS (SELECT FROM dropped_articles o WHERE o.source_id = u.source_id AND o.key = u.key))
         ORDER BY key LIMIT $3) AS e
  LEFT JOIN articles a ON a.id = e.article_id
  LEFT JOIN rulings r ON r.article_id = a.id
  LEFT JOIN dropped_articles d ON d.source_id = e.source_id AND d.key = e.key AND a.id IS NULL
 ORDER BY e.key

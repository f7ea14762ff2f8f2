-- $1 number
SELECT a.number, a.id, a.url, a.title,
       CASE WHEN a.withdrawn = r.withdrew THEN 'dropped' WHEN a.withdrawn IS NOT NULL THEN 'withdrawn' WHEN a.published > now() THEN 'held' ELSE 'shown' END AS state,
       a.published, a.updated, a.withdrawn, a.first_seen, a.changed, a.language, a.rises, a.apart,
       (SELECT s.slug FROM sources s WHERE s.id = a.source_id) AS source,
       jsonb_path_query_array(a.authors, '$[*].name') AS authors,
       (SELECT coalesce(jsonb_agg(k.slug ORDER BY k.slug), '[]') FROM article_categories c JOIN categories k ON k.id = c.category_id
         WHERE c.article_id = a.id) AS categories,
       (SELECT coalesce(jsonb_agg(t.tag ORDER BY t.tag), '[]') FROM article_tags t WHERE t.article_id = a.id) AS tags,
       (SELECT coalesce(jsonb_agg(o.article_id ORDER BY o.published, o.article_id), '[]') FROM stories s JOIN stories o ON o.lead_id = s.lead_id
         WHERE s.article_id = a.id AND o.article_id <> a.id) AS told_too_by,
       octet_length(a.summary) AS summary_bytes, octet_length(a.content) AS content_bytes,
       (SELECT coalesce(jsonb_agg(s.path || ': ' || s.reason ORDER BY s.path), '[]') FROM set_aside s
         WHERE s.article_id = a.id AND s.revision = a.revision) AS set_aside,
       coalesce(r.reasons, '[]') AS rules
  FROM articles a LEFT JOIN rulings r ON r.article_id = a.id WHERE a.number = $1

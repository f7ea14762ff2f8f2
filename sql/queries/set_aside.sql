-- Articles that feeds go on without, as they are now: what changed since was not tried yet. A thousand rows at most.
SELECT s.article_id, s.path, s.reason
  FROM set_aside s JOIN articles a ON a.id = s.article_id AND a.revision = s.revision
 WHERE a.withdrawn IS NULL
 ORDER BY s.article_id, s.path LIMIT 1000

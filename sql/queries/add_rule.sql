-- A rule of a source or of a category, behind those that it has; no row where these are as many as there may be.
-- $1 source, or null  $2 category, or null  $3 action  $4 value  $5 field  $6 pattern
INSERT INTO rules (source_id, category_id, position, action, value, field, pattern)
SELECT $1, $2, places.next, $3, $4, $5, $6
  FROM (SELECT coalesce(max(position), 0) + 1 AS next FROM rules WHERE source_id = $1 OR category_id = $2) AS places
 WHERE places.next <= 100
RETURNING id

-- Whether an article belongs to selections, a row for each in their order.
-- $1 number  $2, $3 kinds and names
SELECT EXISTS (SELECT FROM articles a JOIN members m ON m.article_id = a.id
                WHERE a.number = $1
                  AND m.selection_id = coalesce((SELECT id FROM categories WHERE given.kind = 'category' AND slug = given.name COLLATE "C"),
                                                (SELECT id FROM selections s WHERE s.kind = given.kind COLLATE "C" AND s.name = given.name COLLATE "C")))
  FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS given (kind, name, place)
 ORDER BY place

-- Which earlier article tells the story of an article where both belong, and what it is that both have, or that both have with the
-- article that leads them: url or text. No row where none does.
-- $1 number  $2, $3 kinds and names of what both may belong to; none: all  $4, $5 of what the other one may not belong to
WITH given AS (
       SELECT is_wanted, coalesce((SELECT id FROM categories WHERE kind = 'category' AND slug = name COLLATE "C"),
                                  (SELECT s.id FROM selections s WHERE s.kind = g.kind COLLATE "C" AND s.name = g.name COLLATE "C")) AS id
         FROM (SELECT true AS is_wanted, kind, name FROM unnest($2::text[], $3::text[]) AS w (kind, name)
                UNION ALL
               SELECT false, kind, name FROM unnest($4::text[], $5::text[]) AS u (kind, name)) AS g)
SELECT o.id, o.number,
       (SELECT min(p.reason) FROM story_pairs p WHERE p.article_id = a.id AND p.other_id = s.lead_id) AS reason
  FROM articles a JOIN stories s ON s.article_id = a.id JOIN stories mate ON mate.lead_id = s.lead_id JOIN articles o ON o.id = mate.article_id
 WHERE a.number = $1 AND (mate.published, mate.article_id) < (s.published, s.article_id)
   AND (cardinality($2::text[]) = 0 OR EXISTS (SELECT FROM members m JOIN given g ON g.id = m.selection_id WHERE m.article_id = o.id AND g.is_wanted))
   AND NOT EXISTS (SELECT FROM members m JOIN given g ON g.id = m.selection_id WHERE m.article_id = o.id AND NOT g.is_wanted)
 ORDER BY mate.published, mate.article_id LIMIT 1

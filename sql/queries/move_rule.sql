-- Puts a rule at this place among those of its source or category, which are numbered from 1 without a gap then.
-- $1 rule  $2 place
UPDATE rules r SET position = places.position
  FROM (SELECT id, row_number() OVER (ORDER BY CASE WHEN id = $1 THEN $2::int - 0.5 ELSE place END) AS position
          FROM (SELECT o.id, row_number() OVER (ORDER BY o.id = $1, o.position) AS place
                  FROM rules o JOIN rules this ON this.id = $1 AND (o.source_id = this.source_id OR o.category_id = this.category_id)) AS others) AS places
 WHERE r.id = places.id
RETURNING r.id

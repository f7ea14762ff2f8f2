-- Those behind it move up; no row where there is none.
-- $1 rule
WITH gone AS (DELETE FROM rules WHERE id = $1 RETURNING id, source_id, category_id, position),
     closed AS (UPDATE rules r SET position = r.position - 1 FROM gone
                 WHERE (r.source_id = gone.source_id OR r.category_id = gone.category_id) AND r.position > gone.position)
SELECT id FROM gone

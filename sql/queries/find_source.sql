-- The id of a source by any of its names; no row where there is none.
-- $1 slug
SELECT source_id FROM selections
 WHERE kind = 'source' AND id = coalesce((SELECT id FROM selections WHERE kind = 'source' AND name = $1),
                                         (SELECT selection_id FROM former_names WHERE kind = 'source' AND name = $1))

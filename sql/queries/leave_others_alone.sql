-- Takes out of the batch what belongs to another source.
-- $1 source
DELETE FROM incoming USING articles a WHERE a.id = incoming.id AND a.source_id IS DISTINCT FROM $1::bigint

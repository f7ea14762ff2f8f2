-- What a source's own feed says; null leaves it as it is.
-- $1 source  $2 where its entries point
UPDATE sources SET entry_link = coalesce($2, entry_link) WHERE id = $1 RETURNING id

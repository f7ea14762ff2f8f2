-- Gives a source its feed's title and page, where it has none.
-- $1 source  $2 title  $3 page
UPDATE sources SET title = CASE WHEN title = '' THEN $2 ELSE title END, url = CASE WHEN url = '' THEN $3 ELSE url END
 WHERE id = $1 AND ((title = '' AND $2 <> '') OR (url = '' AND $3 <> ''))

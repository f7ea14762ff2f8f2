-- Shows an article that is held back; no row where it is not.
-- $1 number
UPDATE articles SET published = now() WHERE number = $1 AND published > now() RETURNING number

-- No row where it is revoked already.
-- $1 name
UPDATE users SET revoked = now() WHERE name = $1 AND revoked IS NULL RETURNING name

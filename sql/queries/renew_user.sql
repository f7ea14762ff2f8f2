-- Another token in place of the one that there is, or was before it was revoked.
-- $1 name  $2 hash of the token, hexadecimal
UPDATE users SET token_hash = decode($2, 'hex'), revoked = NULL WHERE name = $1 RETURNING name

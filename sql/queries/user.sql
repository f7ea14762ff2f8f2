-- What a token of that name is compared with, hexadecimal, and what it is for; no row where nobody has it or it is revoked.
-- $1 name
SELECT encode(token_hash, 'hex') AS token_hash, to_jsonb(scopes) AS scopes FROM users WHERE name = $1 AND revoked IS NULL

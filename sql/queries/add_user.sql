-- A new user; no row where the name is taken, by a revoked one too.
-- $1 name  $2 hash of the token, hexadecimal  $3 scopes
INSERT INTO users (name, token_hash, scopes) VALUES ($1, decode($2, 'hex'), $3) ON CONFLICT DO NOTHING RETURNING name

-- $1 name
SELECT name, to_jsonb(scopes) AS scopes, created, last_used, revoked FROM users WHERE name = $1

-- Users by name; their tokens are nowhere.
-- $1 after this name  $2 at most
SELECT name, to_jsonb(scopes) AS scopes, created, last_used, revoked FROM users WHERE name > $1 ORDER BY name LIMIT $2

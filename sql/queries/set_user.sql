-- $1 name  $2 scopes
UPDATE users SET scopes = $2 WHERE name = $1 RETURNING name

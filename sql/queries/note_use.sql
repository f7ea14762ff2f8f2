-- A busy user costs one row version a minute.
-- $1 name
UPDATE users SET last_used = now() WHERE name = $1 AND (last_used IS NULL OR last_used < now() - interval '1 minute') RETURNING name

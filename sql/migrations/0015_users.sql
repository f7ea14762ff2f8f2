-- Who may administer over HTTP (docs/api.md). A token is random and known to its user alone; a table that is read or copied
-- gives nobody any.

CREATE TABLE users (
    name       text        COLLATE "C" PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
    token_hash bytea       NOT NULL CHECK (octet_length(token_hash) = 32),
    scopes     text[]      COLLATE "C" NOT NULL CHECK (scopes <@ '{read,publish,admin}' AND cardinality(scopes) BETWEEN 1 AND 3),
    created    timestamptz NOT NULL DEFAULT now(),
    last_used  timestamptz,
    revoked    timestamptz
);
COMMENT ON TABLE users IS 'Programs and people who administer over HTTP, each with one token.';
COMMENT ON COLUMN users.token_hash IS 'SHA-256 of the whole token, its name included.';
COMMENT ON COLUMN users.scopes IS 'What the token is for: read, publish, admin; none of them includes another.';
COMMENT ON COLUMN users.last_used IS 'To the minute.';

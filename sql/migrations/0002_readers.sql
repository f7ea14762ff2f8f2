-- Who reads: what nodes counted, added up. Nothing here names a person; see docs/readers.md.

-- Random for each day, the same for all nodes, and deleted when the day is over: without it nobody can tell whose poll raised
-- a register of that day.
CREATE TABLE poller_keys (
    day date   PRIMARY KEY,
    key bigint NOT NULL
);

CREATE TABLE feed_pollers (
    day       date        NOT NULL,
    path      text        COLLATE "C" NOT NULL CHECK (path ~ '^/' AND octet_length(path) <= 2048),
    registers bytea       NOT NULL CHECK (octet_length(registers) = 256),
    seen      timestamptz NOT NULL,
    PRIMARY KEY (day, path)
);
COMMENT ON TABLE feed_pollers IS 'Distinct pollers of a feed that read for themselves, a UTC day: a HyperLogLog sketch.';

CREATE TABLE feed_subscribers (
    path        text        COLLATE "C" NOT NULL CHECK (path ~ '^/' AND octet_length(path) <= 2048),
    service     text        COLLATE "C" NOT NULL CHECK (octet_length(service) BETWEEN 1 AND 64),
    feed        text        COLLATE "C" NOT NULL CHECK (octet_length(feed) <= 64),
    subscribers bigint      NOT NULL CHECK (subscribers >= 0),
    seen        timestamptz NOT NULL,
    PRIMARY KEY (path, service, feed)
);
COMMENT ON TABLE feed_subscribers IS 'For how many a service last said it reads a feed; feed is its own number of it, or empty.';

CREATE TABLE reader_habits (
    day            date   NOT NULL,
    reader         text   COLLATE "C" NOT NULL CHECK (octet_length(reader) BETWEEN 1 AND 64),
    requests       bigint NOT NULL,
    conditional    bigint NOT NULL,
    not_modified   bigint NOT NULL,
    body_bytes     bigint NOT NULL,
    repeated       bigint NOT NULL,
    repeated_bytes bigint NOT NULL,
    PRIMARY KEY (day, reader)
);
COMMENT ON COLUMN reader_habits.conditional IS 'Requests with If-None-Match or If-Modified-Since.';
COMMENT ON COLUMN reader_habits.repeated IS 'Requests without either for the very bytes that the same poller had been sent before.';

-- Two sketches under one key are one: the larger of each register.
CREATE FUNCTION merge_registers(one bytea, other bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT decode(string_agg(lpad(to_hex(greatest(get_byte(one, place), get_byte(other, place))), 2, '0'), '' ORDER BY place), 'hex')
          FROM generate_series(0, 255) AS place);

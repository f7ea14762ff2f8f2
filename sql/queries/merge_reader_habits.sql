-- Adds a node's counts to those of all. In the order of the key, so that two nodes cannot deadlock.
-- $1 days  $2 readers  $3 requests  $4 conditional  $5 not_modified  $6 body_bytes  $7 repeated  $8 repeated_bytes
INSERT INTO reader_habits AS known (day, reader, requests, conditional, not_modified, body_bytes, repeated, repeated_bytes)
SELECT * FROM unnest($1::date[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
              AS row (day, reader, requests, conditional, not_modified, body_bytes, repeated, repeated_bytes) ORDER BY day, reader
    ON CONFLICT (day, reader) DO UPDATE
   SET requests = known.requests + excluded.requests,
       conditional = known.conditional + excluded.conditional,
       not_modified = known.not_modified + excluded.not_modified,
       body_bytes = known.body_bytes + excluded.body_bytes,
       repeated = known.repeated + excluded.repeated,
       repeated_bytes = known.repeated_bytes + excluded.repeated_bytes

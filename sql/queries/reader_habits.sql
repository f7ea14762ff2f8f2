-- How readers asked, by day.
-- $1 the first day
SELECT day - date '1970-01-01', reader, requests, conditional, not_modified, body_bytes, repeated, repeated_bytes FROM reader_habits
 WHERE day >= $1::date

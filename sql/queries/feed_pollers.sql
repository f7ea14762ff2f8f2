-- Pollers of feeds by day and path.
-- $1 the first day  $2 paths; none: all
SELECT day - date '1970-01-01', path, encode(registers, 'hex'), microseconds(seen) FROM feed_pollers
 WHERE day >= $1::date AND (cardinality($2::text[]) = 0 OR path = ANY ($2::text[]))

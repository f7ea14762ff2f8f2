-- Adds what a node saw to what is known. In the order of the key, so that two nodes cannot deadlock.
-- $1 days  $2 paths  $3 registers  $4 when last seen
INSERT INTO feed_pollers AS known (day, path, registers, seen)
SELECT * FROM unnest($1::date[], $2::text[], $3::bytea[], $4::timestamptz[]) AS row (day, path, registers, seen) ORDER BY day, path
    ON CONFLICT (day, path) DO UPDATE
   SET registers = CASE WHEN known.registers = excluded.registers THEN known.registers
                        ELSE merge_registers(known.registers, excluded.registers) END,
       seen = greatest(known.seen, excluded.seen)

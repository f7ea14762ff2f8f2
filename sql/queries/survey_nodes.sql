-- The nodes that listen to this database's notifications, by the names that they have given themselves, and since when they do; of
-- those of other roles PostgreSQL says no more than the name.
-- $1 at most
SELECT application_name AS name, backend_start AS since
  FROM pg_stat_activity
 WHERE datname = current_database() AND application_name LIKE 'gazetted % on %'
 ORDER BY application_name, pid LIMIT $1

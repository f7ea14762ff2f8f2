-- Locks subscriptions that are due, the longest due first, and names one of each host: the others of a host wait for its turn, and keep
-- nobody from theirs. Those that another node is just claiming are its own, and a host that one is asking waits, but no longer than the
-- longest request of a node that may be dead. Looks through a few times as many as are wanted; where these
-- are of few hosts, asking again with those hosts finds the next ones.
-- $1 how many  $2 hosts whose turn has not come
WITH due AS MATERIALIZED (
       SELECT source_id, host, next_poll FROM subscriptions s
        WHERE state = 'active' AND next_poll <= now() AND host <> ALL ($2::text[])
          AND NOT EXISTS (SELECT FROM subscriptions o
                           WHERE o.host = s.host AND o.source_id <> s.source_id AND o.claim IS NOT NULL AND o.last_poll > now() - interval '2 minutes')
        ORDER BY next_poll, source_id LIMIT $1::bigint * 4 FOR UPDATE SKIP LOCKED),
     first_of_hosts AS (SELECT DISTINCT ON (host) source_id, next_poll FROM due ORDER BY host, next_poll, source_id)
SELECT source_id FROM first_of_hosts ORDER BY next_poll, source_id LIMIT $1

-- How many subscriptions there are by state, how many of them fail and how many are silent beyond their usual; for how many seconds
-- the longest silent one has been so, and the longest due one has waited.
SELECT count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE state = 'paused'), count(*) FILTER (WHERE state = 'gone'),
       count(*) FILTER (WHERE error <> '' AND state <> 'paused'), count(*) FILTER (WHERE state = 'active' AND silent_after < now()),
       coalesce(greatest(0, extract(epoch FROM now() - min(silent_after) FILTER (WHERE state = 'active'))), 0)::bigint,
       coalesce(greatest(0, extract(epoch FROM now() - min(next_poll) FILTER (WHERE state = 'active'))), 0)::bigint
  FROM subscriptions

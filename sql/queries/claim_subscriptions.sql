-- Takes locked subscriptions for one poll each: whoever dies with one has still asked, in full where it had no validator, and nobody
-- asks again within the manners (daemon/poll_schedule.hpp).
-- $1 sources  $2 the claim  $3 seconds between two polls, $4 between two in full, where the subscription says nothing
UPDATE subscriptions
   SET claim = $2::uuid, last_poll = now(),
       next_poll = now() + greatest(coalesce(conditional_min, make_interval(secs => $3)),
                                    CASE WHEN etag = '' AND last_modified = '' AND last_whole IS NOT NULL
                                         THEN coalesce(whole_min, make_interval(secs => $4)) END)
 WHERE source_id = ANY ($1::bigint[])

-- Whether this transaction alone removes articles until it ends.
SELECT pg_try_advisory_xact_lock(hashtext('gazetted.retention'), 0)

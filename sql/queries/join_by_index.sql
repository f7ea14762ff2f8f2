-- For the rest of the transaction: a batch is small beside the tables, but the planner, which does not know how small, would read
-- them whole once a batch.
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)

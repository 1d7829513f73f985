-- A verification reads everything and may take its time; it is planned for that, not for keys.
SELECT set_config('statement_timeout', '30min', false), set_config('enable_seqscan', 'on', false),
       set_config('work_mem', '64MB', false)

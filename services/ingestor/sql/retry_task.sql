-- $1 task, $2 fence, $3 milliseconds, $4 failures, $5 why
UPDATE ingest.task
   SET not_before = clock_timestamp() + $3 * interval '1 millisecond', leased_until = '-infinity',
       tries = tries + $4, why = left($5, 500)
 WHERE id = $1 AND fence = $2 AND ended_at IS NULL

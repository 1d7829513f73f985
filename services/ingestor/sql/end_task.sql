-- $1 task, $2 fence, $3 outcome, $4 why
UPDATE ingest.task
   SET ended_at = clock_timestamp(), outcome = $3, why = left($4, 500), leased_until = '-infinity'
 WHERE id = $1 AND fence = $2 AND ended_at IS NULL

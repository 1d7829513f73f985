-- $1 task, $2 fence, $3 milliseconds, $4 page, $5 sha256, $6 bytes, $7 rows, $8 currency,
-- $9 why it can't be read
-- No row: the task is another's by now. The account's row stays locked until the commit, and its
-- time only goes on: a vintage is newer than all that stand.
WITH held AS (
    UPDATE ingest.task t
       SET leased_until = clock_timestamp() + $3 * interval '1 millisecond',
           pages = t.pages + 1, read_rows = t.read_rows + $7
      FROM ingest.run r
     WHERE t.id = $1 AND t.fence = $2 AND t.ended_at IS NULL AND r.id = t.run_id
    RETURNING t.run_id, t.level, t.from_date, t.to_date, r.account
), seen AS (
    UPDATE ingest.source_state s
       SET last_observed_at = greatest(ops.now(s.world),
                                       s.last_observed_at + interval '1 microsecond'),
           currency = coalesce(s.currency, nullif($8, ''))
      FROM held h WHERE s.account = h.account
    RETURNING s.last_observed_at
), raw AS (
    INSERT INTO ingest.raw_reply
           (run_id, account, level, from_date, to_date, page, sha256, bytes, fetched_at, why)
    SELECT h.run_id, h.account, h.level, h.from_date, h.to_date, $4, $5, $6, s.last_observed_at,
           left($9, 500)
      FROM held h CROSS JOIN seen s
    RETURNING id
)
SELECT raw.id, seen.last_observed_at FROM raw CROSS JOIN seen

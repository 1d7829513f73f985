-- $1 message ids, $2 accounts, $3 from, $4 to, $5 probes;
-- $6 a task's message id, $7 its account, $8 level, $9 from, $10 to
-- A message that comes again makes no second run, also when its window would be another by now.
WITH made AS (
    INSERT INTO ingest.run (message_id, account, from_date, to_date, probe)
    SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::boolean[])
     ORDER BY 1, 2
        ON CONFLICT (message_id, account) DO NOTHING
    RETURNING id, message_id, account
)
INSERT INTO ingest.task (run_id, level, from_date, to_date)
SELECT m.id, t.level, t.from_date, t.to_date
  FROM unnest($6::text[], $7::text[], $8::text[], $9::date[], $10::date[])
       AS t (message_id, account, level, from_date, to_date)
  JOIN made m ON m.message_id = t.message_id AND m.account = t.account

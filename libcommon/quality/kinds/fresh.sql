-- The last day with rows ended so many hours ago at most, by the account's clock and zone. An
-- account without a row for 28 days is at rest.
WITH last AS (
    SELECT a.account, a.now, s.zone,
           (SELECT max(t.{day}) FROM {table} t
             WHERE t.{account} = a.account AND t.{day} > (a.now AT TIME ZONE s.zone)::date - 28) AS day
      FROM unnest({accounts}, {now}) AS a (account, now)
      JOIN ingest.source_state s ON s.account = a.account
), bad AS (
    SELECT account, day, (extract(epoch FROM now - (day + 1)::timestamp AT TIME ZONE zone) / 3600)::integer AS hours
      FROM last
     WHERE now - (day + 1)::timestamp AT TIME ZONE zone > {hours} * interval '1 hour'
)
{answer}

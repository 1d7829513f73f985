-- $1 message ids
SELECT p.account, coalesce(p.outcome, 'running') AS outcome, p.days::text, p.days_done::text,
       p.pages::text, p.read_rows::text AS rows, p.vintages::text AS "new",
       coalesce(p.why, '') AS why
  FROM ingest.progress p WHERE p.message_id = ANY ($1::text[]) ORDER BY p.account
